"""Fill a scratch portal so that every page shows something, by playing the main job."""

import re
from typing import Any

from tests.browser import stage_alerts, stage_platform, stage_rights, stage_terminals, stage_work
from tests.browser.places import Stage
from tests.photos import photo
from tests.rehearsal import play, rights
from tests.rehearsal.play import SLUG, Play
from tests.rehearsal.terminals import sign_photo
from tests.rehearsal.visitors import Browser, expect

BORN = "2019-06-01"  # a child under 14 for years to come

STEPS = (
    play.open_property,
    play.sign_in,
    play.set_up,
    play.refuse_private_place,
    play.refuse_face_only,
    play.publish,
    play.register_terminals,
    play.assess,
    play.activate,
    play.refuse_without_consent,
    play.consent,
    play.enroll,
    rights.request_access,
)


def set_up(url: str, password: str, **rest: Any) -> Stage:
    """Return the stage; `rest` is what it knows of the stack besides."""
    cast = Play(url=url, password=password)
    try:
        for step in STEPS:
            step(cast)
        cast.things["identify"].ask(photo(play.ENROLLED))
        stage = Stage(url=url, password=password, **rest)
        other = stage_rights.colleague(cast)
        cast.things.setdefault("visitors", []).append(other)
        _staff_pages(stage, cast, other)
        _public_pages(stage, cast)
        stage_rights.set_up(stage, cast, other)
        stage_terminals.set_up(stage, cast)
        stage_alerts.set_up(stage, cast)
        stage_platform.set_up(stage)
        return stage
    finally:
        cast.close()


def _first(cast: Play, path: str) -> dict:
    return cast.site("GET", path)["results"][0]


def _passes(cast: Play) -> str:
    """Give the person a card, a PIN and a QR pass; return the card's id."""
    path = f"people/{cast.things['person']}/passes/"
    for kind in ("pin", "qr"):
        cast.site("POST", path, 201, kind=kind)
    return cast.site("POST", path, 201, kind="card", number="0004567890AB")["id"]


def _method(cast: Play) -> str:
    """The card of the play's door; pages alone know the id of a method."""
    page = cast.staff.page(f"/t/{SLUG}/doors/{cast.things['door']}/").text
    found = re.search(r"methods/([0-9a-f-]{36})/since/", page)
    assert found, "The door's page names no method"
    return found.group(1)


def _batch(cast: Play) -> str:
    """Hand in a photo that names nobody; return the path of its batch."""
    page = cast.staff.page(f"/t/{SLUG}/people/photos/")
    begun = expect(cast.staff.submit(page, action="btn-primary"), 200)
    photo_file = {"files": ("IMG_0001.jpg", sign_photo())}
    return expect(cast.staff.submit(begun, action="data-batch", files=photo_file), 200).url.path.removeprefix(
        f"/t/{SLUG}/"
    )


def _ticket(cast: Play) -> str:
    """Let somebody register; return the id of the code. Its address is on this one page and on no other."""
    page = cast.staff.page(f"/t/{SLUG}/people/register/")
    made = expect(cast.staff.submit(page, action='class="card measure"'), 200).text
    public = re.search(rf"/p/{SLUG}/register/[\w-]+/", made)
    own = re.search(r"people/register/([0-9a-f-]{36})/", made)
    assert public and own, "The page of the code names no address"
    cast.things["register"] = public.group()
    return own.group(1)


def _staff_pages(stage: Stage, cast: Play, other: Browser) -> None:
    leaver, leaver_page = cast.person("陈离")
    play.agree(cast, leaver_page)
    cast.resident.submit(cast.resident.page(leaver_page), action="stop")
    play.wait_for_face(cast, leaver, "erased")
    cast.things["leaver_me"] = leaver_page
    family = _family(cast, other)
    upload = cast.staff.page(f"/t/{SLUG}/zones/{cast.things['zone']}/plan/upload/")
    expect(cast.staff.submit(upload, action="multipart", files={"picture": ("plan.jpg", sign_photo())}), 200)
    published = _first(cast, "notices/")
    draft = cast.site("POST", "notices/")
    assessed, assessing = _first(cast, "assessments/"), cast.site("POST", "assessments/")
    door_only_face = next(d for d in cast.site("GET", "devices/")["results"] if d["state"] == "registered")
    active = next(d for d in cast.site("GET", "devices/")["results"] if d["state"] == "active")
    pages = {
        "today": "",
        "find": "find/?q=e",
        "find_nothing": "find/?q=99999999",
        "readiness": "readiness/",
        "notifications": "notifications/",
        "notifications_empty": "notifications/?kind=job_done",
        "history": f"history/device/{active['id']}/",
        "setup": "setup/",
        "faces_stop": "settings/stop/",
        "premises": "premises/",
        "zone_add": "zones/add/",
        "zone_edit": f"zones/{cast.things['zone']}/",
        "zone_plan": f"zones/{cast.things['zone']}/plan/",
        "zone_plan_edit": f"zones/{cast.things['zone']}/plan/edit/",
        "zone_plan_upload": f"zones/{cast.things['zone']}/plan/upload/",
        "door_add": "doors/add/",
        "door_edit": f"doors/{cast.things['door']}/",
        "method_since": f"methods/{_method(cast)}/since/",
        "devices": "devices/",
        "devices_empty": "devices/?q=nothing-of-that-name",
        "device_add": "devices/add/",
        "device_import": "devices/import/",
        "device_blocked": f"devices/{door_only_face['id']}/",
        "device_active": f"devices/{active['id']}/",
        "device_edit": f"devices/{active['id']}/edit/",
        "device_sign": f"devices/{active['id']}/sign/",
        "device_retire": f"devices/{active['id']}/retire/",
        "device_past": f"devices/{active['id']}/past/",
        "person_past": f"people/{cast.things['person']}/past/",
        "notices": "notices/",
        "notice": f"notices/{published['id']}/",
        "notice_edit": f"notices/{draft['id']}/edit/",
        "notice_preview": f"notices/{draft['id']}/preview/",
        "notice_publish": f"notices/{draft['id']}/publish/",
        "notice_poster": f"notices/{published['id']}/poster/",
        "notice_papers": f"notices/{published['id']}/papers/",
        "notice_flyer": f"notices/{published['id']}/flyer/",
        "notice_desk": f"notices/{published['id']}/desk/",
        "assessments": "assessments/",
        "assessment_incident": "assessments/incident/",
        "assessment": f"assessments/{assessed['id']}/",
        "assessment_edit": f"assessments/{assessing['id']}/edit/",
        "assessment_sign": f"assessments/{assessing['id']}/sign/",
        "assessment_discard": f"assessments/{assessing['id']}/discard/",
        "notice_sign": f"notices/{published['id']}/sign/",
        "notice_difference": f"notices/{draft['id']}/difference/{published['version']}/",
        "people": "people/",
        "people_import": "people/import/",
        "people_export": "people/export/",
        "work": "work/",
        "job": stage_work.file_of_devices(cast),
        "job_papers": stage_work.papers_of(cast, str(published["id"])),
        "batches": "people/photos/",
        "batch": (batch := _batch(cast)),
        "batch_stop": f"{batch}stop/",
        "person_add": "people/add/",
        "person": f"people/{cast.things['person']}/",
        "person_erased": f"people/{leaver}/",
        "registrations": "people/register/",
        "registration": f"people/register/{_ticket(cast)}/",
        "person_edit": f"people/{cast.things['person']}/edit/",
        "person_card": f"people/{cast.things['person']}/card/",
        "person_pin": f"people/{cast.things['person']}/pin/",
        "person_qr": f"people/{cast.things['person']}/qr/",
        "person_code": f"people/{cast.things['person']}/code/",
        "pass_stop": f"passes/{_passes(cast)}/stop/",
        "person_link": f"people/{cast.things['person']}/link/",
        "person_paper": f"people/{cast.things['person']}/paper/",
        "person_sheet": f"people/{cast.things['person']}/paper/recognition/",
        "person_restriction": f"people/{cast.things['person']}/restriction/",
        "person_death": f"people/{cast.things['person']}/death/",
        "minors": "people/minors/",
        "person_access": f"people/{family['closed']}/access/",
        "person_child": f"people/{family['child']}/",
        "person_guardian": f"people/{family['child']}/guardian/",
        "guardian_end": f"people/guardians/{family['guardian']}/end/",
        "person_child_add": f"people/{cast.things['person']}/child/",
        "person_photo": f"people/{cast.things['person']}/photo/",
        "enrollment": f"enrollments/{_first(cast, 'enrollments/')['id']}/",
        "erasure": f"erasures/{_first(cast, 'erasures/')['id']}/",
        "events": "events/",
        "audit": "audit/",
        "audit_reads": "audit/reads/",
        "members": "members/",
        "member_add": "members/add/",
        "tokens": "tokens/",
        "token_add": "tokens/add/",
        "token_revoke": _token(cast),
        "decoys": "alerts/decoys/",
        "decoy_person": "alerts/decoys/person/",
        "decoy_key": "alerts/decoys/key/",
        "decoy_end": _decoy(cast),
        "settings": "settings/",
    }
    stage.staff = {name: f"/t/{SLUG}/{path}" for name, path in pages.items()}
    stage.staff |= {
        "password_change": "/accounts/password/change/",
        "mfa": "/accounts/2fa/",
        "account_email": "/accounts/email/",
        "notification_settings": "/accounts/notifications/",
        "portfolio": "/portfolio/",
        "portfolio_nothing": "/portfolio/?q=nothing-of-that-name",
        "sessions": "/accounts/sessions/",
    }


def _token(cast: Play) -> str:
    """Make an API token; return where it is stopped. Its text is on one page and on no other."""
    page = cast.staff.page(f"/t/{SLUG}/tokens/add/")
    about = {"name": "物业报表", "scopes": "view_premises", "days": "90"}
    shown = expect(cast.staff.submit(page, action="measure-form", **about), 200).text
    text = re.search(r"cst_[\w-]{64}", shown)
    assert text, "The page shows no token"
    listed = cast.staff.page(f"/t/{SLUG}/tokens/").text
    found = re.search(r"tokens/[0-9a-f-]{36}/revoke/", listed)
    assert found, "The page lists no token"
    assert text.group() not in listed
    return found.group()


def _decoy(cast: Play) -> str:
    """Invent a person; return where the decoy is ended."""
    page = cast.staff.page(f"/t/{SLUG}/alerts/decoys/person/")
    expect(cast.staff.submit(page, action="measure-form", name="周建国", room="9-1801"), 200)
    found = re.search(r"decoys/[0-9a-f-]{36}/end/", cast.staff.page(f"/t/{SLUG}/alerts/decoys/").text)
    assert found, "The page lists no decoy"
    return f"alerts/{found.group()}"


def _family(cast: Play, other: Browser) -> dict[str, str]:
    """A mother with a child whose record a second member opened, and a child whose record stays closed."""
    mother, cast.things["mother"] = cast.person("王妈妈")
    child, closed = (
        cast.site("POST", "people/", 201, name=name, kind="family", age_band="under_14", birth_date=BORN)["id"]
        for name in ("李小宝", "张小美")
    )
    access = cast.site("POST", f"people/{child}/access/", 201, reason="补办门卡")
    other.api("POST", f"properties/{SLUG}/minor-accesses/{access['id']}/decide/", is_approved=True)
    kinship = {"relationship": "parent", "evidence": "household_register"}
    guardian = cast.site("POST", f"people/{child}/guardian/", 201, guardian=mother, **kinship)
    cast.things["child"] = child
    return {"child": child, "closed": closed, "guardian": guardian["id"]}


def _receipt(cast: Play, me: str) -> str:
    """The page of one answer; the person's own page alone names it."""
    found = re.search(rf"{me}receipts/[0-9a-f-]{{36}}/", cast.resident.page(me).text)
    assert found, "The page names no receipt"
    return found.group()


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
        "public_notice_changes": f"/p/{SLUG}/notice/1/since/1/",
        "register": cast.things["register"],
        "me": me,
        "me_unanswered": fresh,
        "me_consent": f"{fresh}consent/recognition/",
        "me_consent_storage": f"{half}consent/transmission/",
        "me_pass": f"{me}pass/",
        "me_no_pass": f"{fresh}pass/",
        "me_photo": f"{me}photo/",
        "me_erased": (gone := cast.things["leaver_me"]),
        "me_receipt": _receipt(cast, gone),
        "me_mother": cast.things["mother"],
        "child": f"{cast.things['mother']}children/{cast.things['child']}/",
        "hotel": "/p/yunqi-hotel/",
    }
