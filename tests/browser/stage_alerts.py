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
        "alert_webhook_secret": "alerts/settings/secret/",
        "alert_deliveries": "alerts/sent/",
    }
    stage.staff |= {name: f"/t/{SLUG}/{path}" for name, path in pages.items()}
