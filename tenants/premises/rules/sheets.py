"""A table of devices: its columns, and what the cells of each say. Pure."""

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.organizations.sheets import Sheet, Unreadable, choice, day
from tenants.premises.kinds import DeviceMode, DevicePurpose, Passersby

_MODES = {"1:1": "verify", "验证": "verify", "1:n": "identify", "辨识": "identify"}
_PURPOSES = {"通行": "access", "入住": "check_in", "访客": "visitor"}
_PASSERSBY = {"按键": "button", "走近": "approach", "持续": "presence"}


def _percent(text: str) -> Decimal | None:
    number = text.removesuffix("%").removesuffix("％").strip()
    if not number:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", number, re.ASCII):
        raise Unreadable(_("Write a number from 0 to 100 with at most four decimals."))
    return Decimal(number)


DEVICES = Sheet(
    columns={
        "name": ("设备名称", gettext_noop("Device")),
        "door": ("通行点", gettext_noop("Door"), "门"),
        "mode": ("模式", gettext_noop("Mode")),
        "purpose": ("目的", gettext_noop("Purpose")),
        "vendor": ("厂商", gettext_noop("Vendor")),
        "model": ("型号", gettext_noop("Model")),
        "serial": ("序列号", gettext_noop("Serial number")),
        "algorithm": ("算法", gettext_noop("Algorithm")),
        "algorithm_version": ("算法版本", gettext_noop("Algorithm version")),
        "tested_on": ("检测日期", gettext_noop("Tested on")),
        "false_accept_percent": ("误识率（%）", gettext_noop("False accept rate (%)")),
        "false_reject_percent": ("拒识率（%）", gettext_noop("False reject rate (%)")),
        "attack_success_percent": ("攻击成功率（%）", gettext_noop("Attack success rate (%)")),
        "capture_area": ("采集区域", gettext_noop("Capture area")),
        "security_need": ("公共安全必要性", gettext_noop("Public security need")),
        "passersby": ("触发方式", gettext_noop("Capture starts by")),
    },
    needed=("name", "door"),
    max_rows=5_000,
    readers={
        "mode": choice(DeviceMode, usual=DeviceMode.VERIFY.value, words=_MODES),
        "purpose": choice(DevicePurpose, usual=DevicePurpose.ACCESS.value, words=_PURPOSES),
        "passersby": choice(Passersby, words=_PASSERSBY),
        "tested_on": day,
        "false_accept_percent": _percent,
        "false_reject_percent": _percent,
        "attack_success_percent": _percent,
    },
    only_exported={
        "zone": ("区域", gettext_noop("Zone")),
        "state": ("状态", gettext_noop("State")),
        "sign_photo_on": ("标识照片日期", gettext_noop("Photo of the sign")),
        "number": ("设备编号", gettext_noop("Device number")),
        "last_seen_at": ("最近联系", gettext_noop("Last heard")),
    },
)
