"""Fill a scratch portal so that every page shows something, by playing the main job."""

from dataclasses import dataclass, field

from tests.photos import photo
from tests.rehearsal import play
from tests.rehearsal.play import SLUG, Play
from tests.rehearsal.visitors import Browser


@dataclass
class Stage:
    """Addresses by page name, for who may open them: staff, platform, public (no sign-in)."""

    url: str
    password: str
    staff: dict[str, str] = field(default_factory=dict)
    platform: dict[str, str] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)


STEPS = (
    play.open_property,
    play.sign_in,
    play.set_up,
    play.refuse_private_place,
    play.refuse_face_only,
    play.publish,
    play.register_terminals,
    play.refuse_without_consent,
    play.consent,
    play.enroll,
    play.request_access,
)


def set_up(url: str, password: str) -> Stage:
    cast = Play(url=url, password=password)
    try:
        for step in STEPS:
            step(cast)
        cast.things["identify"].ask(photo(play.ENROLLED))
        stage = Stage(url=url, password=password)
        _staff_pages(stage, cast)
        _public_pages(stage, cast)
        _platform_pages(stage)
        return stage
    finally:
        cast.close()


def _first(cast: Play, path: str) -> dict:
    return cast.site("GET", path)["results"][0]


def _staff_pages(stage: Stage, cast: Play) -> None:
    leaver, leaver_page = cast.person("陈离")
    play.agree(cast, leaver_page)
    cast.resident.submit(cast.resident.page(leaver_page), action="stop")
    play.wait_for_face(cast, leaver, "erased")
    published = _first(cast, "notices/")
    draft = cast.site("POST", "notices/")
    door_only_face = next(d for d in cast.site("GET", "devices/")["results"] if d["state"] == "registered")
    active = next(d for d in cast.site("GET", "devices/")["results"] if d["state"] == "active")
    request = _first(cast, "requests/")
    pages = {
        "today": "",
        "premises": "premises/",
        "zone_add": "zones/add/",
        "zone_edit": f"zones/{cast.things['zone']}/",
        "door_add": "doors/add/",
        "door_edit": f"doors/{cast.things['door']}/",
        "devices": "devices/",
        "devices_empty": "devices/?q=nothing-of-that-name",
        "device_add": "devices/add/",
        "device_blocked": f"devices/{door_only_face['id']}/",
        "device_active": f"devices/{active['id']}/",
        "device_retire": f"devices/{active['id']}/retire/",
        "notices": "notices/",
        "notice": f"notices/{published['id']}/",
        "notice_edit": f"notices/{draft['id']}/edit/",
        "notice_preview": f"notices/{draft['id']}/preview/",
        "notice_publish": f"notices/{draft['id']}/publish/",
        "notice_poster": f"notices/{published['id']}/poster/",
        "people": "people/",
        "person_add": "people/add/",
        "person": f"people/{cast.things['person']}/",
        "person_erased": f"people/{leaver}/",
        "person_edit": f"people/{cast.things['person']}/edit/",
        "person_photo": f"people/{cast.things['person']}/photo/",
        "enrollment": f"enrollments/{_first(cast, 'enrollments/')['id']}/",
        "requests": "requests/",
        "request": f"requests/{request['id']}/",
        "request_confirm": f"requests/{request['id']}/confirm/",
        "request_refuse": f"requests/{request['id']}/refuse/",
        "erasures": "erasures/",
        "erasure": f"erasures/{_first(cast, 'erasures/')['id']}/",
        "events": "events/",
        "retention": "retention/",
        "members": "members/",
        "member_add": "members/add/",
        "settings": "settings/",
    }
    stage.staff = {name: f"/t/{SLUG}/{path}" for name, path in pages.items()}
    stage.staff |= {
        "password_change": "/accounts/password/change/",
        "mfa": "/accounts/2fa/",
        "sessions": "/accounts/sessions/",
    }


def _public_pages(stage: Stage, cast: Play) -> None:
    me, fresh, half = cast.things["me"], cast.person("吴新")[1], cast.person("郑半")[1]
    first = cast.resident.page(f"{half}consent/recognition/")
    cast.resident.submit(first, action='value="agree"', decision="agree")
    stage.public = {
        "sign_in": "/accounts/login/",
        "password_reset": "/accounts/password/reset/",
        "public": f"/p/{SLUG}/",
        "public_notice": f"/p/{SLUG}/notice/",
        "public_notice_version": f"/p/{SLUG}/notice/1/",
        "request_form": f"/p/{SLUG}/request/",
        "request_find": f"/p/{SLUG}/requests/",
        "request_track": f"/p/{SLUG}/requests/{cast.things['code']}/",
        "me": me,
        "me_unanswered": fresh,
        "me_consent": f"{fresh}consent/recognition/",
        "me_consent_storage": f"{half}consent/transmission/",
        "me_photo": f"{me}photo/",
        "hotel": "/p/yunqi-hotel/",
    }


def _platform_pages(stage: Stage) -> None:
    browser = Browser(stage.url)
    try:
        browser.sign_in("admin@demo.example", stage.password)
        browser.page("/admin/")
    finally:
        browser.close()
    models = ("handler", "property", "membership", "user")
    stage.platform = {"admin": "/admin/", "admin_health": "/admin/health/"}
    stage.platform |= {f"admin_{name}": f"/admin/organizations/{name}/" for name in models}
    stage.platform["admin_property_add"] = "/admin/organizations/property/add/"
