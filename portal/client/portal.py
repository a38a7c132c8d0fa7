"""One property as a member's program sees it, by the program's token."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, cast

import httpx

from .calls import Calls
from .shapes import (
    Alert,
    Device,
    Door,
    Erasure,
    Invitation,
    Person,
    PropertyRow,
    RightsRequest,
    Webhook,
    Zone,
)

MOST_A_PAGE = 200


class Portal:
    """Close it, or use it as a context manager.

    Each method raises Problem for a refusal and Unreachable when nobody answers. What is tried again, and when, is
    written at `Calls`. `more` are the other fields and filters that the OpenAPI document names.
    """

    def __init__(self, portal: str, property_: str, token: str, *, language: str = "en", **calls: Any) -> None:
        """`portal` is the address, `property_` the slug. `calls` are fields of `Calls`, as `timeout` (seconds)."""
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language, "Accept": "application/json"}
        base = f"{portal.rstrip('/')}/api/v1/properties/{property_}/"
        self.calls = Calls(base=base, headers=headers, **calls)

    def __enter__(self) -> "Portal":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self.calls.http.close()

    # Any address below the property.

    def get(self, path: str, **query: Any) -> Any:
        return self.calls.send("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """`key`: give the same one to repeat a call of an earlier run of your program without doing it twice."""
        return self.calls.send("POST", path, body=body, key=key)

    def put(self, path: str, body: Any) -> Any:
        return self.calls.send("PUT", path, body=body)

    def patch(self, path: str, body: Any) -> Any:
        return self.calls.send("PATCH", path, body=body)

    def delete(self, path: str) -> Any:
        return self.calls.send("DELETE", path)

    def rows(self, path: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page, fetched as it is used."""
        page: dict[str, Any] = self.get(path, **({"page_size": MOST_A_PAGE} | filters))
        while True:
            yield from page["results"]
            if page["next"] is None:
                return
            page = self.get(path, **dict(httpx.URL(page["next"]).params))

    # What programs do most.

    def property(self) -> PropertyRow:
        return cast(PropertyRow, self.get(""))

    def zones(self, **filters: Any) -> Iterator[Zone]:
        return cast(Iterator[Zone], self.rows("zones/", **filters))

    def add_zone(self, name: str, kind: str, **more: Any) -> Zone:
        return cast(Zone, self.post("zones/", {"name": name, "kind": kind, **more}))

    def doors(self, **filters: Any) -> Iterator[Door]:
        return cast(Iterator[Door], self.rows("doors/", **filters))

    def add_door(self, name: str, zone: str, methods: Sequence[str]) -> Door:
        return cast(Door, self.post("doors/", {"name": name, "zone": zone, "methods": list(methods)}))

    def devices(self, **filters: Any) -> Iterator[Device]:
        return cast(Iterator[Device], self.rows("devices/", **filters))

    def device(self, device: str) -> Device:
        """With every rule of the gate, in `checks`."""
        return cast(Device, self.get(f"devices/{_id(device)}/"))

    def add_device(self, name: str, door: str, **facts: Any) -> Device:
        """The answer carries `pairing_code`, shown once."""
        return cast(Device, self.post("devices/", {"name": name, "access_point": door, **facts}))

    def activate_device(self, device: str) -> Device:
        return cast(Device, self.post(f"devices/{_id(device)}/activate/"))

    def suspend_device(self, device: str) -> Device:
        return cast(Device, self.post(f"devices/{_id(device)}/suspend/"))

    def people(self, **filters: Any) -> Iterator[Person]:
        return cast(Iterator[Person], self.rows("people/", **filters))

    def person(self, person: str) -> Person:
        return cast(Person, self.get(f"people/{_id(person)}/"))

    def add_person(self, name: str, kind: str, age_band: str, **more: Any) -> Person:
        return cast(Person, self.post("people/", {"name": name, "kind": kind, "age_band": age_band, **more}))

    def invite(self, person: str, channel: str) -> Invitation:
        return cast(Invitation, self.post(f"people/{_id(person)}/invitations/", {"channel": channel}))

    def link(self, person: str, why: str = "asked") -> str:
        """The address of a person's own page, shown once; earlier ones stop."""
        return cast(str, self.post(f"people/{_id(person)}/link/", {"why": why})["url"])

    def requests(self, **filters: Any) -> Iterator[RightsRequest]:
        return cast(Iterator[RightsRequest], self.rows("requests/", **filters))

    def alerts(self, **filters: Any) -> Iterator[Alert]:
        return cast(Iterator[Alert], self.rows("alerts/", **filters))

    def alert(self, alert: str) -> Alert:
        """With what to do and what was done. To close one is a member's, who says what they did."""
        return cast(Alert, self.get(f"alerts/{_id(alert)}/"))

    def erasures(self, **filters: Any) -> Iterator[Erasure]:
        return cast(Iterator[Erasure], self.rows("erasures/", **filters))

    def webhooks(self) -> Iterator[Webhook]:
        return cast(Iterator[Webhook], self.rows("webhooks/"))

    def add_webhook(self, url: str, events: Sequence[str]) -> Webhook:
        """The answer carries `secret`, shown once."""
        return cast(Webhook, self.post("webhooks/", {"url": url, "events": list(events)}))


def _id(text: str) -> uuid.UUID:
    """An id as it stands in an address. Raises ValueError: nothing else of a caller's ever becomes part of one."""
    return uuid.UUID(text)
