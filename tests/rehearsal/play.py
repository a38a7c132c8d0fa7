"""The steps of the main job, in order. Each docstring is the line that is printed."""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from bs4 import BeautifulSoup, Tag

from tests.photos import photo
from tests.rehearsal.certificates import certificate_of, check, genuine, order_of
from tests.rehearsal.terminals import DEVICE_FACTS, sign_photo
from tests.rehearsal.texts import ASSESSMENT, NOTICE
from tests.rehearsal.visitors import Browser, Surprise, Terminal, expect

SLUG = "jasmine-court"
HANDLER = {
    "name": "宁波茉莉物业有限公司",
    "credit_code": "91330200MA2REH0001",
    "contact_name": "周主任",
    "contact_phone": "0574-0000 0000",
    "contract_signed_on": "2025-06-01",
    "contract_ends_on": "",
}
PATIENCE = 60.0
COLLEAGUE = "desk@demo.example"
ENROLLED, SAME, OTHER = "obama.jpg", "obama2.jpg", "biden.jpg"


@dataclass
class Play:
    """Who and what the steps share."""

    url: str
    password: str
    slug: str = SLUG
    staff: Browser = field(init=False)
    resident: Browser = field(init=False)
    things: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.staff, self.resident = Browser(self.url), Browser(self.url)

    def close(self) -> None:
        for visitor in (self.staff, self.resident, *self.things.get("visitors", ())):
            visitor.close()

    def site(self, method: str, path: str, *statuses: int, **data: Any) -> Any:
        return self.staff.api(method, f"properties/{self.slug}/{path}", *statuses, **data)

    def device(self, name: str, mode: str) -> dict[str, Any]:
        """Register a device with its facts and its sign; return it with its pairing code."""
        device = self.site("POST", "devices/", 201, access_point=self.things["door"], name=name, mode=mode)
        self.site("PATCH", f"devices/{device['id']}/", **DEVICE_FACTS)
        page = self.staff.page(f"/t/{self.slug}/devices/{device['id']}/sign/")
        sign = {"picture": ("sign.jpg", sign_photo())}
        expect(self.staff.submit(page, action="multipart", files=sign, taken_on=time.strftime("%Y-%m-%d")), 200)
        self.things.setdefault("devices", []).append(device["id"])
        return dict(device)

    def terminal(self, name: str, mode: str) -> Terminal:
        terminal = Terminal(self.url, self.device(name, mode)["pairing_code"])
        self.things.setdefault("visitors", []).append(terminal)
        return terminal

    def person(self, name: str) -> tuple[str, str]:
        """Add a person; return their id and the path of their personal page."""
        row = self.site("POST", "people/", 201, name=name, kind="owner", age_band="adult")
        link = self.site("POST", f"people/{row['id']}/link/", why="asked")["url"]
        return row["id"], link[link.index("/p/") :]


def codes(problem: Any) -> str:
    return str(problem)


def open_property(play: Play) -> None:
    """the platform admin opens a handler and a property with its first owner"""
    admin = Browser(play.url)
    play.things["admin"] = admin
    play.things.setdefault("visitors", []).append(admin)
    admin.sign_in("admin@demo.example", play.password)
    handler = admin.page("/admin/organizations/handler/add/")
    expect(admin.submit(handler, action="credit_code", **HANDLER), 200)
    add_property(admin, slug=SLUG, name="茉莉苑", name_en="Jasmine Court")


def add_property(admin: Browser, *, handler: str = HANDLER["name"], **about: str) -> None:
    """Add a property of the play's handler, or of another, with its owner, that keeps faces on the devices."""
    form = admin.page("/admin/organizations/property/add/")
    choice = BeautifulSoup(form.text, "html.parser").find("option", string=lambda text: text and handler in text)
    assert isinstance(choice, Tag), "the new handler cannot be chosen"
    rest = {"kind": "compound", "storage_mode": "on_device", "owner_email": "owner@demo.example"}
    added = admin.submit(form, action="owner_email", handler=str(choice["value"]), **about, **rest)
    assert about["name"] in expect(added, 200).text, "the property was not added"


def sign_in(play: Play) -> None:
    """the first owner signs in, and finds the property empty and on the device only"""
    play.staff.sign_in("owner@demo.example", play.password)
    assert play.staff.page("/").url.path.startswith("/t/"), "the owner does not land on today's work"
    play.staff.page(f"/t/{SLUG}/")
    assert play.site("GET", "")["storage_mode"] == "on_device"


def set_up(play: Play) -> None:
    """storage in the portal is chosen, and a zone and a door with face and card are set up"""
    play.site("PATCH", "", storage_mode="portal")
    build(play)


def build(play: Play) -> None:
    """A zone, and a door in it with face and card."""
    zone = play.site("POST", "zones/", 201, name="7 号楼大厅", kind="lobby")
    door = play.site("POST", "doors/", 201, name="7 号楼大厅门", zone=zone["id"], methods=["face", "card"])
    play.things |= {"zone": zone["id"], "door": door["id"]}


def refuse_private_place(play: Play) -> None:
    """a device in a changing room is refused, with the article"""
    zone = play.site("POST", "zones/", 201, name="泳池更衣室", kind="changing_room")
    door = play.site("POST", "doors/", 201, name="更衣室门", zone=zone["id"], methods=["face", "card"])
    problem = play.site("POST", "devices/", 400, access_point=door["id"], name="更衣室终端", mode="verify")
    assert "private_place" in codes(problem) and "Art 13" in codes(problem), problem


def refuse_face_only(play: Play) -> None:
    """a door with face alone cannot be activated"""
    door = play.site("POST", "doors/", 201, name="后门", zone=play.things["zone"], methods=["face"])
    device = play.site("POST", "devices/", 201, access_point=door["id"], name="后门终端", mode="verify")
    problem = play.site("POST", f"devices/{device['id']}/activate/", 400)
    assert "face_only" in codes(problem), problem


def publish(play: Play) -> None:
    """the notice is refused while an item is missing, then published; it cannot be changed afterwards"""
    draft = play.site("POST", "notices/")
    path = f"notices/{draft['id']}/"
    play.site("POST", f"{path}publish/", 400)
    play.site("PATCH", path, **NOTICE)
    published = play.site("POST", f"{path}publish/")
    play.site("PATCH", path, 400, rights_zh="改一下")
    shown = play.staff.api("GET", f"public/{play.slug}/notice/")
    assert shown["content_hash"] == published["content_hash"], shown


def register_terminals(play: Play) -> None:
    """two terminals are registered with their facts and signs, one for 1:1 and one for 1:N; neither may start yet"""
    play.things["verify"] = play.terminal("7 号楼终端 A", "verify")
    play.things["identify"] = play.terminal("7 号楼终端 B", "identify")
    problem = play.site("POST", f"devices/{play.things['devices'][0]}/activate/", 400)
    assert "no_assessment" in codes(problem) and "face_only" not in codes(problem), problem


def second_member(play: Play) -> Browser:
    """A colleague of the owner, the manager: what takes two members takes these two. Added and signed in once."""
    if "colleague" not in play.things:
        play.site("POST", "members/", 201, email=COLLEAGUE, role="manager")
        colleague = play.things["colleague"] = Browser(play.url)
        play.things.setdefault("visitors", []).append(colleague)
        colleague.sign_in(COLLEAGUE, play.password)
    found: Browser = play.things["colleague"]
    return found


def write_assessment(play: Play) -> tuple[str, int]:
    """Have the manager write the assessment; return its path and its revision."""
    manager, site = second_member(play), f"properties/{play.slug}/"
    draft = manager.api("POST", f"{site}assessments/", 201)
    path = f"assessments/{draft['id']}/"
    saved = manager.api("PATCH", site + path, seen=draft["revision"], **ASSESSMENT)
    return path, saved["revision"]


def assess(play: Play) -> None:
    """the impact assessment, which one member writes, is refused while a place in it is open, then signed by another"""
    draft = play.site("POST", "assessments/", 201)
    assert "blank" in codes(play.site("POST", f"assessments/{draft['id']}/sign/", 400, seen=draft["revision"]))
    path, revision = write_assessment(play)
    signed = play.site("POST", f"{path}sign/", seen=revision)
    play.site("PATCH", path, 400, seen=revision, harm="改一下")
    assert signed["content_hash"] and signed["scope"]["modes"], signed


def activate(play: Play) -> None:
    """every rule holds, so both terminals are switched on"""
    for device in play.things["devices"]:
        assert play.site("POST", f"devices/{device}/activate/")["state"] == "active"


def refuse_without_consent(play: Play) -> None:
    """a photo is refused before the person has agreed"""
    play.things["person"], play.things["me"] = play.person("巴先生")
    photo_file = {"photo": ("a.jpg", photo(ENROLLED))}
    problem = play.site("POST", "enrollments/", 400, files=photo_file, person=play.things["person"])
    assert "consent_recognition_unanswered" in codes(problem), problem


def agree(play: Play, me: str) -> None:
    for purpose in ("recognition", "transmission"):
        asked = play.resident.page(f"{me}consent/{purpose}/")
        expect(play.resident.submit(asked, action='value="agree"', decision="agree"), 200)


def consent(play: Play) -> None:
    """the resident agrees, to recognition and to storage here, on two pages of their own"""
    agree(play, play.things["me"])


def enroll_by_page(play: Play, me: str, picture: bytes) -> httpx.Response:
    page = play.resident.page(f"{me}photo/")
    answer = play.resident.submit(page, action="multipart", files={"photo": ("我的照片.jpg", picture)})
    return expect(answer, 200)


def wait_for_face(play: Play, person: str, state: str) -> None:
    until = time.monotonic() + PATIENCE
    row: dict[str, Any] = {}
    while time.monotonic() < until:
        row = play.site("GET", f"people/{person}/")
        if row["face_state"] == state:
            return
        time.sleep(0.2)
    raise Surprise(f"the face is {row.get('face_state')} and not {state} after {PATIENCE:.0f} s")


def enroll(play: Play) -> None:
    """the resident enrols a real photo, and a worker makes the template"""
    enroll_by_page(play, play.things["me"], photo(ENROLLED))
    wait_for_face(play, play.things["person"], "enrolled")


def match(play: Play) -> None:
    """another photo of the same person opens the door, 1:1 and 1:N"""
    answer = play.things["verify"].ask(photo(SAME), person=play.things["person"])
    assert answer["allowed"] and answer["rule"] == "matched", answer
    answer = play.things["identify"].ask(photo(SAME))
    assert answer["allowed"], answer
    assert not {"person", "name", "score", "similarity"} & set(answer), answer


def no_match(play: Play) -> None:
    """a different person does not open it, 1:1 and 1:N"""
    for answer in (
        play.things["verify"].ask(photo(OTHER), person=play.things["person"]),
        play.things["identify"].ask(photo(OTHER)),
    ):
        assert not answer["allowed"] and answer["rule"] == "no_match", answer


def withdraw(play: Play) -> None:
    """the resident stops the use of their face, with one press"""
    me = play.resident.page(play.things["me"])
    expect(play.resident.submit(me, action="stop"), 200)


def no_match_after_withdrawal(play: Play) -> None:
    """from then on the same face opens nothing"""
    answer = play.things["verify"].ask(photo(SAME), person=play.things["person"])
    assert not answer["allowed"] and answer["rule"] in {"not_enrolled", "not_cleared"}, answer
    assert not play.things["identify"].ask(photo(SAME))["allowed"]


def erased(play: Play) -> None:
    """every store gives its receipt and the erasure completes"""
    wait_for_face(play, play.things["person"], "erased")
    receipts = order_of(play, play.things["person"])["receipts"]
    assert {"templates", "captures", "gallery"} <= {receipt["store"] for receipt in receipts}, receipts
    assert all(receipt["remaining"] == 0 for receipt in receipts), receipts


def certified(play: Play) -> None:
    """the certificate is fetched, and the public page finds it genuine; with one word changed it does not"""
    person = play.things["person"]
    file = certificate_of(play, person)
    says = genuine(play, file)
    assert (says["person"], says["reason"]) == (person, "withdrawn"), says
    assert len(says["devices"]) == len(play.things["agents"]), says["devices"]
    refused = check(play, file.replace(b'"withdrawn"', b'"retention"'))
    assert "This certificate was changed." in refused, refused[:2000]


# What other tests and the benchmarks play before their own part.
_LAWFUL = (open_property, sign_in, set_up, publish, register_terminals, assess, activate)
BEFORE_A_PHOTO = (*_LAWFUL, refuse_without_consent, consent)
TO_AN_ENROLMENT = (*BEFORE_A_PHOTO, enroll)
