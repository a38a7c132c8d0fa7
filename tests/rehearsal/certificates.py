"""Orders to erase and their certificates, as members and everybody else get them over HTTP."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from tests.rehearsal.visitors import Surprise, expect

if TYPE_CHECKING:
    from tests.rehearsal.play import Play

PATIENCE = 60.0


def order_of(play: Play, person: str) -> dict[str, Any]:
    """The latest order to erase this person, with its receipts. Raises Surprise when there is none."""
    orders = play.site("GET", f"erasures/?person={person}")["results"]
    if not orders:
        raise Surprise(f"Nobody ordered the erasure of {person}.")
    return dict(orders[0])


def certificate_of(play: Play, person: str) -> bytes:
    """Wait for the order and its certificate, and download it: the file that can be checked."""
    until = time.monotonic() + PATIENCE
    while True:
        orders = play.site("GET", f"erasures/?person={person}")["results"]
        if orders and orders[0]["is_certified"]:
            break
        if time.monotonic() > until:
            raise Surprise(f"no certificate after {PATIENCE:.0f} s: {orders or 'nobody ordered the erasure'}")
        time.sleep(0.2)
    return play.staff.page(f"/api/v1/properties/{play.slug}/erasures/{orders[0]['id']}/certificate/").content


def has_no_certificate(play: Play, person: str) -> None:
    """The order is not certified, and neither the page nor the API gives out a certificate."""
    order = order_of(play, person)
    assert (order["completed_at"], order["is_certified"]) == (None, False), order
    for path in (f"/api/v1/properties/{play.slug}", f"/t/{play.slug}"):
        expect(play.staff.get(f"{path}/erasures/{order['id']}/certificate/"), 404)


def check(play: Play, file: bytes) -> str:
    """Hand a certificate in at the public page, as somebody without an account; return what the page says."""
    page = play.resident.page(f"/p/{play.slug}/certificate/")
    return expect(play.resident.submit(page, action="multipart", text=file.decode()), 200).text


def genuine(play: Play, file: bytes) -> dict[str, Any]:
    """Have the public page check a certificate; return what it says."""
    said = check(play, file)
    assert "This certificate is genuine and unchanged." in said, said[:2000]
    return dict(json.loads(file)["certificate"])
