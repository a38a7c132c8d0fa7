"""Files that a worker made, of a list and of a notice, on the stage of all pages."""

import time

from tests.rehearsal.play import PATIENCE, SLUG, Play
from tests.rehearsal.visitors import Surprise, expect


def file_of_devices(cast: Play) -> str:
    """Have a file made, wait for it and fetch it; return the path of its page."""
    return _made(cast, "devices/export/", "text/csv", format="csv", columns="name")


def papers_of(cast: Play, notice: str) -> str:
    """Have the desk script of a notice drawn and fetch it; return the path of its page."""
    return _made(cast, f"notices/{notice}/papers/", "application/zip", papers="desk", languages="zh-hans")


def _made(cast: Play, asks_at: str, media_type: str, **asked: str) -> str:
    asks = cast.staff.page(f"/t/{SLUG}/{asks_at}")
    page = expect(cast.staff.submit(asks, action="measure-form", **asked), 200)
    address, until = page.url.path, time.monotonic() + PATIENCE
    while f"{address}file/" not in page.text:
        if time.monotonic() > until:
            raise Surprise(f"the file was not made within {PATIENCE:.0f} s")
        time.sleep(0.2)
        page = cast.staff.page(address)
    assert expect(cast.staff.page(f"{address}file/"), 200).headers["content-type"].startswith(media_type)
    return address.removeprefix(f"/t/{SLUG}/")
