"""What the portal answers, as far as a program asks. An answer may carry more: fields come without a new version."""

from typing import NotRequired, TypedDict


class Row(TypedDict):
    id: str


class PropertyRow(Row):
    slug: str
    name: str
    kind: str
    storage_mode: str
    permissions: list[str]


class Zone(Row):
    name: str
    kind: str
    parent: str | None


class Method(TypedDict):
    kind: str
    is_live: bool


class Door(Row):
    name: str
    zone: str
    methods: list[Method]


class Check(TypedDict):
    """One rule of the gate: `code` and `article`, whether it holds, and what mends it."""

    code: str
    article: str


class Device(Row):
    name: str
    access_point: str
    state: str
    mode: str
    suspended_for: str
    checks: NotRequired[list[Check]]
    pairing_code: NotRequired[str]


class Person(Row):
    """`name`, `phone`, `email`, `room` are None once erased, and where a minor's record is closed (`is_hidden`)."""

    code: str
    is_hidden: bool
    name: str | None
    phone: str | None
    email: str | None
    room: str | None
    kind: str
    age_band: str
    face_state: str


class Invitation(Row):
    person: str
    channel: str
    state: str
    reason: str
    sentence: str


class RightsRequest(Row):
    number: str
    kind: str
    state: str
    due_on: str
    is_due_final: bool


class Alert(Row):
    rule: str
    title: str
    severity: str
    subject: str
    facts: dict[str, str | int]
    count: int
    state: str


class Webhook(Row):
    """`secret` is there in the answer that makes it, and never again."""

    url: str
    events: list[str]
    secret: NotRequired[str]


class Erasure(Row):
    person: str
    reason: str
    completed_at: str | None
