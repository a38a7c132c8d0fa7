"""A file that a worker made of a list, on the stage of all pages."""

import time

from tests.rehearsal.play import PATIENCE, SLUG, Play
from tests.rehearsal.visitors import Surprise, expect


def file_of_devices(cast: Play) -> str:
    """Have a file made, wait for it and fetch it; return the path of its page."""
    asks = cast.staff.page(f"/t/{SLUG}/devices/export/")
    page = expect(cast.staff.submit(asks, action="measure-form", format="csv", columns="name"), 200)
    address, until = page.url.path, time.monotonic() + PATIENCE
    while f"{address}file/" not in page.text:
        if time.monotonic() > until:
            raise Surprise(f"the file was not made within {PATIENCE:.0f} s")
        time.sleep(0.2)
        page = cast.staff.page(address)
    assert expect(cast.staff.page(f"{address}file/"), 200).headers["content-type"].startswith("text/csv")
    return address.removeprefix(f"/t/{SLUG}/")
