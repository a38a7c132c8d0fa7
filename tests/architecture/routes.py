"""Every address of the portal, from the resolver: what it takes, which methods it answers, and how to call it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.architecture.rows import Rows

MEMBERS = ("t/<slug:slug>/", "api/v1/properties/<slug:slug>/")
EVERYBODY = ("p/<slug:slug>/", "api/v1/public/<slug:slug>/")
METHODS = ("get", "post", "put", "patch", "delete")

# What a key in an address means when the first noun of the address's name does not say it.
NOUNS = {
    "history": "device",
    "api:method": "door",
    "token_revoke": "api_token",
    "me_enrollment": "enrollment",
    "alert_delivery_again": "delivery",
    "me_receipt": "erasure",
    "child_receipt": "erasure",
    "me_certificate": "erasure",
    "child_certificate": "erasure",
    "child_enrollment": "enrollment",
}
# Keys other than `slug` and `pk`: a value that exists.
VALUES: dict[str, Any] = {
    "listing": "people", "what": "device", "kind": "card", "version": 1, "earlier": 1,
    "purpose": "recognition", "number": 1,
}  # fmt: skip
FROM_ROWS = {"token", "ticket", "code", "child", "fingerprint"}


@dataclass(frozen=True)
class Route:
    address: str
    name: str
    keys: tuple[str, ...]
    callback: Any

    @property
    def view(self) -> Any:
        return getattr(self.callback, "cls", None) or getattr(self.callback, "view_class", None)

    @property
    def is_for_members(self) -> bool:
        return self.address.startswith(MEMBERS)

    @property
    def methods(self) -> list[str]:
        """The methods that have a handler; a viewset says so by its actions."""
        actions = getattr(self.callback, "actions", None)
        if actions is not None:
            return [method for method in METHODS if method in actions]
        return [
            m for m in METHODS if self.view is not None and hasattr(self.view, m) and m in self.view.http_method_names
        ]

    def url(self, rows: Rows, **instead: Any) -> str:
        """The address with the keys of real rows. Fails when nobody said what a key means."""
        return reverse(self.name, kwargs={key: instead.get(key, self._value(key, rows)) for key in self.keys})

    def _value(self, key: str, rows: Rows) -> Any:
        if key == "slug":
            return rows.tenant.slug
        if key == "code" and "complaint" in self.name:
            return rows.ids["complaint_code"]
        if key in FROM_ROWS:
            return rows.ids[key]
        if key in VALUES:
            return VALUES[key]
        noun = NOUNS.get(self.name) or self.name.split(":")[-1].split("_")[0]
        assert key == "pk" and noun in rows.ids, (
            f"What is “{key}” in {self.address} ({self.name})? Add a row to tests/architecture/rows.py "
            "and its noun to tests/architecture/routes.py."
        )
        return rows.ids[noun]


def routes(resolver: URLResolver | None = None, prefix: str = "", namespace: str = "") -> Iterator[Route]:
    """Walk the whole resolver."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern).lstrip("^")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, address, inner)
        elif isinstance(entry, URLPattern):
            keys = tuple(_keys_of(address, entry))
            yield Route(address, f"{namespace}{entry.name}" if entry.name else "", keys, entry.callback)


def member_routes() -> list[Route]:
    return [route for route in routes() if route.is_for_members]


def _keys_of(address: str, entry: URLPattern) -> Iterator[str]:
    """The named keys of the whole address, those of the resolvers above included."""
    for part in address.split("<")[1:]:
        yield part.split(">")[0].split(":")[-1]
