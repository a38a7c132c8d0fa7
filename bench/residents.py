"""What a phone loads to show a resident's page for the first time, beside the staff's sign-in page of the same portal.

Counted are bytes as they came over the wire, from the server that `make run` starts: a number that no load changes.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx

from bench.rows import Row, below, within
from portal.stack.run import Stack
from portal.web.demo.seed import COMPOUND_SLUG

PASSWORD = "only-for-the-bench-7a3e"  # noqa: S105 - of a stack that is thrown away
MOST_KB, MOST_REQUESTS = 100.0, 3.0
# What a browser fetches by itself. A `data:` address is no request.
FETCHED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script src)="(/[^"]+)"')


def rows(faces: Path | None) -> Iterator[Row]:
    with Stack(outer={"DEMO_PASSWORD": PASSWORD}, processes=("web",), seed=True) as stack:
        requests, kilobytes = _first_view(stack.url, f"/p/{COMPOUND_SLUG}/")
        _others, rival = _first_view(stack.url, "/accounts/login/")
    yield below("requests of the first view of a resident's page", ours=requests, limit=MOST_REQUESTS, unit="")
    yield below("first view of a resident's page", ours=kilobytes, limit=MOST_KB, unit="kB")
    yield within(
        "first view of a resident's page, beside the staff's sign-in",
        ours=kilobytes,
        rival=rival,
        rival_name="the sign-in page",
        times=0.5,
        unit="kB",
    )


def _first_view(home: str, path: str) -> tuple[float, float]:
    """Return how many requests a page takes with nothing kept, and their kilobytes."""
    with httpx.Client(base_url=home, headers={"Accept-Encoding": "gzip"}) as phone:
        page = phone.get(path).raise_for_status()
        answers = [page, *(phone.get(address).raise_for_status() for address in FETCHED.findall(page.text))]
    return float(len(answers)), sum(answer.num_bytes_downloaded for answer in answers) / 1000
