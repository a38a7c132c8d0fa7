"""What the play tells of its terminals."""

import io

from PIL import Image

# What the law wants to know of a device before it is switched on; the photo of its sign comes by its page.
DEVICE_FACTS = {
    "vendor": "示例厂商",
    "algorithm": "ArcFace",
    "algorithm_version": "3.2",
    "tested_on": "2026-06-01",
    "false_accept_percent": "0.01",
    "false_reject_percent": "1.5",
    "attack_success_percent": "2",
    "capture_area": "门前一米，不含住户门窗。",
    "security_need": "防止外人尾随进入楼栋。",
    "passersby": "button",
}


def sign_photo() -> bytes:
    """A picture of a sign, as a phone would send it."""
    written = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(written, "JPEG")
    return written.getvalue()
