"""Platform pages, and who has access: an emergency at the second property, the review of members."""

import re

from bs4 import BeautifulSoup, Tag

from tests.browser.places import Stage
from tests.rehearsal.on_device import SLUG
from tests.rehearsal.visitors import Browser, expect

REASON = "南门终端反复报警，物业请求平台一起查原因和影响。"


def set_up(stage: Stage) -> None:
    """Call it last: from then on every page of the second property says that platform staff look in."""
    add, members = "/admin/organizations/emergencyaccess/add/", f"/t/{SLUG}/members/"
    admin = Browser(stage.url)
    try:
        admin.sign_in("admin@demo.example", stage.password)
        form = admin.page(add)
        choice = BeautifulSoup(form.text, "html.parser").find("option", string=lambda text: text and "玉兰" in text)
        assert isinstance(choice, Tag), "the second property cannot be chosen"
        about = {
            "property": str(choice["value"]),
            "hours": "4",
            "scope": "auditor",
            "reason": REASON,
            "understood": "on",
        }
        expect(admin.submit(form, action="understood", **about), 200)
        listed = admin.page("/admin/organizations/emergencyaccess/").text
    finally:
        admin.close()
    found = re.search(r"emergencyaccess/([0-9a-f-]{36})/change/", listed)
    assert found, listed[:4000]
    stage.staff |= {
        "emergencies": f"{members}emergencies/",
        "emergency_end": f"{members}emergencies/{found.group(1)}/end/",
        "access_reviews": f"{members}reviews/",
        "access_review": f"{members}review/",
    }
    models = ("handler", "property", "membership", "user")
    stage.platform = {f"admin_{name}": f"/admin/organizations/{name}/" for name in models} | {
        "admin": "/admin/",
        "admin_health": "/admin/health/",
        "admin_property_add": "/admin/organizations/property/add/",
        "admin_handler_add": "/admin/organizations/handler/add/",
        "admin_start": "/admin/start/",
        "admin_versions": "/admin/versions/",
        "admin_failed_tasks": "/admin/operations/failedtask/",
        "admin_announcements": "/admin/operations/announcement/",
        "admin_announcement_add": "/admin/operations/announcement/add/",
        "admin_directories": "/admin/socialaccount/socialapp/",
        "admin_log": "/admin/auditlog/logentry/",
        "admin_emergencies": "/admin/organizations/emergencyaccess/",
        "admin_emergency": f"/admin/organizations/emergencyaccess/{found.group(1)}/change/",
        "admin_emergency_add": add,
        "admin_events": "/admin/security/accessevent/",
        "admin_alerts": "/admin/security/alert/",
    }
