"""What a terminal really sends and is told, for the OpenAPI document. No id, key or code in it is anybody's."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework.serializers import Serializer

S = TypeVar("S", bound=type[Serializer])

_DEVICE, _PERSON, _EVENT = (f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}" for digit in "135")
_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_SIGNATURE = "A" * 86 + "=="
_REPORT = {
    "firmware": "1.4.2",
    "algorithm": "dlib-resnet",
    "algorithm_version": "19.24",
    "model": "dlib-resnet-1",
    "faces": 41,
    "last_order": 17,
}
_NAMED = {"device": _DEVICE, "name": "东门 1 号", "access_point": "东门", "storage_mode": "portal"}
_TIME = "2026-01-05T08:00:00+08:00"
_KEYS = {"signing_key": _KEY, "sealing_key": _KEY}
_RECEIPT = (
    f'{{"v": 1, "device": "{_DEVICE}", "order": 17, "kind": "delete", "person": "{_PERSON}", "outcome": "done", '
    f'"reason": "", "handle": "", "model": "", "at": "{_TIME}"}}'
)
_EVENT_FACE = {"id": _EVENT, "at": _TIME, "method": "face", "mode": "verify", "person": _PERSON}

SENT: dict[str, dict[str, Any]] = {
    "PairPayload": {"code": f"cpc_{'1' * 32}_{'3' * 32}_{'5' * 64}", **_KEYS, "report": _REPORT},
    "RotatePayload": {**_KEYS, "proof": _SIGNATURE},
    "HeartbeatPayload": {"report": _REPORT},
    "PassPayload": {"kind": "card", "card": "0004567890AB"},
    "ReceiptPayload": {"receipt": _RECEIPT, "signature": _SIGNATURE},
    "EventsPayload": {"events": [{**_EVENT_FACE, "allowed": True, "rule": "matched"}]},
    "DecidePayload": {"person": _PERSON, "mode": "verify"},
}
TOLD: dict[str, dict[str, Any]] = {
    "PairedShape": {**_NAMED, "keyid": f"{'1' * 32}.{'3' * 32}.{'7' * 32}", "server_time": _TIME},
    "KeyShape": {"keyid": f"{'1' * 32}.{'3' * 32}.{'9' * 32}"},
    "HeartbeatShape": {
        **_NAMED,
        "state": "active",
        "suspended_for": "",
        "mode": "verify",
        "orders": 2,
        "faces_until": "2026-01-06T08:00:00+08:00",
        "hours": [["06:00", "23:00"]],
        "server_time": _TIME,
    },
    "OrdersShape": {"orders": [{"number": 17, "kind": "delete", "person": _PERSON}], "more": False},
    "ConfirmedShape": {"order": 17, "state": "done"},
    "TakenShape": {"stored": 1, "known": 0, "refused": []},
    "AnswerShape": {
        "allowed": True,
        "rule": "matched",
        "sentence": "The face belongs to the person.",
        "event": _EVENT,
    },
}


def with_example(shape: S) -> S:
    """Show in the OpenAPI document what this shape looks like."""
    is_sent = shape.__name__ in SENT
    value = SENT[shape.__name__] if is_sent else TOLD[shape.__name__]
    example = OpenApiExample(shape.__name__, value=value, request_only=is_sent, response_only=not is_sent)
    show: Callable[[S], S] = extend_schema_serializer(examples=[example])
    return show(shape)
