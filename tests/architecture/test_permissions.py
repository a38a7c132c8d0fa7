"""A right to look is no right to change: what an address asks for must be worth what it does."""

import pytest

from tenants.organizations.roles import Permission
from tests.architecture.routes import Route, member_routes
from tests.architecture.test_routes import permission_of

# What a member may do who may only look, each with its reason.
LOOKING_IS_ENOUGH = {
    "person_access": "whoever sees a minor's closed record may ask a second member to open it",
    "request_enter": "anybody at all may send a request by the public form",
    "request_note": "the desk knows who came by",
    "token_add": "a member's own key, which may do no more than they",
    "token_revoke": "to stop one's own key; whose key it is, the service asks",
    "notification_open": "to mark as read what one was told oneself",
    "notifications_read": "to mark as read what one was told oneself",
    "setup_shown": "a wish of one's own about the page of today",
    "announcement_away": "a wish of one's own: what the platform announced is not shown to them again",
    "undo": "each act that is taken back asks for its own right (portal/web/undo.py)",
    "evidence_bundle": "changes nothing: a file to take away, which is written down",
    **{
        f"{name}_export": "changes nothing: a file of what the list shows, which is written down"
        for name in ("complaints", "devices", "erasures", "events", "people", "requests")
    },
    "job_cancel": "one's own work; whose it is, the view asks",
    "notice_papers": "changes nothing: a file of the sheets that the pages show",
    "list_choice": "how a member looks at a list of their own",
}


def loose(found: list[Route]) -> set[str]:
    """The names of addresses that change something for the right to look at it."""
    asked = ((route, permission_of(route, method)) for route in found for method in route.methods if method != "get")
    return {route.name for route, right in asked if right is not None and right.name.startswith("VIEW_")}


def test_no_address_changes_anything_for_the_right_to_look() -> None:
    assert loose(member_routes()) == set(LOOKING_IS_ENOUGH)


@pytest.mark.parametrize("name", ["zone_edit", "api:zone"])
def test_the_sweep_can_fail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    [route] = [route for route in member_routes() if route.name == name]
    monkeypatch.setattr(route.view, "permission", Permission.VIEW_PREMISES)
    monkeypatch.setattr(route.view, "permission_write", None)
    assert name in loose([route])
