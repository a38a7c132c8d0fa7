"""The pages of alerts: an owner asks for properties that are not theirs, so that one rule has rung."""

import re

from portal.security.detection.rules import RULES
from tests.browser.places import Stage
from tests.rehearsal.play import SLUG, Play
from tests.rehearsal.visitors import expect


def set_up(stage: Stage, cast: Play) -> None:
    for number in range(RULES["tenant_probing"].threshold):
        expect(cast.staff.get(f"/t/no-such-house-{number}/"), 404)
    listed = cast.staff.page(f"/t/{SLUG}/alerts/").text
    found = re.search(r"alerts/[0-9a-f-]{36}/", listed)
    assert found, "The page lists no alert"
    pages = {
        "alerts": "alerts/",
        "alerts_empty": "alerts/?q=nothing-of-that-name",
        "alert": found.group(),
        "alert_options": "alerts/settings/",
        "alert_deliveries": "alerts/sent/",
        **webhooks(cast),
    }
    stage.staff |= {name: f"/t/{SLUG}/{path}" for name, path in pages.items()}


def webhooks(cast: Play) -> dict[str, str]:
    """One webhook at an address where nobody listens, and a test that was sent to it."""
    site = f"properties/{SLUG}/"
    hook = {"name": "值班室大屏", "url": "https://hook.example/consentry", "events": ["alert.rang", "request.received"]}
    one = cast.staff.api("POST", f"{site}webhooks/", 201, **hook)["id"]
    sent = cast.staff.api("POST", f"{site}webhooks/{one}/test/", 202)["id"]
    return {
        "webhooks": "webhooks/",
        "webhook_add": "webhooks/add/",
        "webhook": f"webhooks/{one}/",
        "webhook_secret": f"webhooks/{one}/secret/",
        "webhook_end": f"webhooks/{one}/end/",
        "delivery": f"alerts/sent/{sent}/",
    }
