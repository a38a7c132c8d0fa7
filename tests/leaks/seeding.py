"""What one person leaves behind in a year, all of it by page and API, as people do it."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from portal.stack.run import Stack
from tests.leaks.canary import Canary
from tests.photos import photo
from tests.rehearsal import play as main
from tests.rehearsal.agents import Door, pair_together
from tests.rehearsal.play import ENROLLED, PATIENCE, SAME, SLUG, Play, expect, wait_for_face
from tests.rehearsal.visitors import Surprise

Found = TypeVar("Found")


class Scene(Play):
    """The actors, the person whom everything is about, and a terminal of the property."""

    stack: Stack
    canary: Canary
    door_agent: Door
    child: str

    @property
    def person_id(self) -> str:
        return str(self.things["person"])


def wait_until(ask: Callable[[], Found], *, what: str) -> Found:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := ask():
            return found
        time.sleep(0.2)
    raise Surprise(f"Not within {PATIENCE:.0f} s: {what}")


def one_terminal(scene: Scene) -> None:
    """One reference terminal is paired beside the two others."""
    [scene.door_agent] = pair_together(scene, "7 号楼终端 C")


def import_person(scene: Scene) -> None:
    """By a table in a file whose name is the person's."""
    person = scene.canary
    cells = (person.name, "owner", person.room, person.phone, person.email, "adult", person.token)
    table = f"姓名,身份,房号,电话,邮箱,年龄段,证件号码\n{','.join(cells)}\n"
    page = scene.staff.page(f"/t/{SLUG}/people/import/")
    file = {"file": (f"{person.name}.csv", table.encode("gbk"), "text/csv")}
    preview = expect(scene.staff.submit(page, action="multipart", files=file), 200)
    assert person.name in preview.text, preview.text[:3000]
    expect(scene.staff.submit(preview, action='name="sheet"'), 200)
    [row] = [row for row in scene.site("GET", "people/")["results"] if row["name"] == person.name]
    scene.things["person"] = row["id"]


def invite(scene: Scene) -> None:
    """By a message to the phone on file; it lies in the outbox."""
    scene.site("POST", f"people/{scene.person_id}/invitations/", 202, channel="sms")
    wait_until(lambda: outbox_of(scene), what="the invitation in the outbox")
    link = scene.site("POST", f"people/{scene.person_id}/link/", why="asked")["url"]
    scene.things["me"] = link[link.index("/p/") :]


def agree(scene: Scene) -> None:
    """Recognition on a signed sheet, storage here by the person's own press."""
    page = scene.staff.page(f"/t/{SLUG}/people/{scene.person_id}/paper/")
    notice = scene.site("GET", "notices/")["results"][0]["id"]
    scan = (f"{scene.canary.name}.pdf", f"%PDF-1.7 {scene.canary.said}\n%%EOF\n".encode(), "application/pdf")
    answer = {
        "notice": notice, "purpose": "recognition", "decision": "agree", "language": "zh-hans",
        "signed_on": timezone.localdate().isoformat(), "was_read_aloud": "yes",
    }  # fmt: skip
    sent = expect(scene.staff.submit(page, action="multipart", files={"scan": scan}, **answer), 200)
    assert not sent.url.path.endswith("/paper/"), sent.text[:4000]
    asked = scene.resident.page(f"{scene.things['me']}consent/transmission/")
    expect(scene.resident.submit(asked, action='value="agree"', decision="agree"), 200)


def enrol(scene: Scene) -> None:
    """From the person's own page, and once more in a batch; a sealed copy reaches the terminal."""
    page = scene.resident.page(f"{scene.things['me']}photo/")
    file = {"photo": (f"{scene.canary.name} {scene.canary.token}.jpg", photo(ENROLLED))}
    expect(scene.resident.submit(page, action="multipart", files=file), 200)
    wait_for_face(scene, scene.person_id, "enrolled")
    batch = expect(scene.staff.submit(scene.staff.page(f"/t/{SLUG}/people/photos/"), action="Start"), 200)
    label = f"{scene.person_id[:8]} {scene.canary.name} {scene.canary.token}.jpg"
    sent = scene.staff.submit(batch, action="multipart", files=[("files", (label, photo(SAME), "image/jpeg"))])
    assert scene.canary.name in expect(sent, 200).text
    wait_until(lambda: _all_enrolments_are_over(scene), what="the batch")
    scene.door_agent.wait_for_faces(1)


def _all_enrolments_are_over(scene: Scene) -> bool:
    rows = scene.site("GET", "enrollments/")["results"]
    return all(row["state"] in {"done", "failed", "cancelled"} for row in rows)


def come_and_go(scene: Scene) -> None:
    """Doors open for the face, and a card is issued."""
    assert scene.door_agent.show(SAME)["allowed"]
    scene.door_agent.sync()
    assert scene.things["verify"].ask(photo(SAME), person=scene.person_id)["allowed"]
    card = {"kind": "card", "number": "04A21F33", "label": f"{scene.canary.name} {scene.canary.token}"}
    scene.site("POST", f"people/{scene.person_id}/passes/", 201, **card)


def have_a_child(scene: Scene) -> None:
    """A second member opens the child's record, and the person is written down as guardian."""
    second = main.second_member(scene)
    born = (date.today() - timedelta(days=8 * 365)).isoformat()  # noqa: DTZ011 - about eight years ago everywhere
    about = {"name": f"{scene.canary.name}宝", "room": scene.canary.room, "kind": "family"}
    child = scene.site("POST", "people/", 201, age_band="under_14", birth_date=born, **about)["id"]
    asked = scene.site("POST", f"people/{child}/access/", 201, reason=scene.canary.said)
    path = f"properties/{SLUG}/minor-accesses/{asked['id']}/decide/"
    second.api("POST", path, is_approved=True)
    seen = {"relationship": "parent", "evidence": "household_register", "note": scene.canary.said}
    scene.site("POST", f"people/{child}/guardian/", 201, guardian=scene.person_id, **seen)
    scene.child = child


def ask(scene: Scene, kind: str, **more: str) -> tuple[str, str]:
    """A request by the public form; return its id and its tracking code."""
    who = {"name": scene.canary.name, "contact": scene.canary.phone, "room": scene.canary.room}
    received = scene.resident.api(
        "POST", f"public/{SLUG}/requests/", 201, kind=kind, message=scene.canary.said, **who, **more
    )
    rows = scene.site("GET", "requests/")["results"]
    return next(row["id"] for row in rows if row["number"] == received["number"]), received["tracking_code"]


def ask_what_is_held(scene: Scene) -> None:
    """Proved by a code to the phone; messages both ways, a paper, a note, an extension, an answer, a package."""
    request, code = ask(scene, "access")
    path = f"/p/{SLUG}/requests/{code}/"
    known = set(outbox_of(scene))
    sent = expect(scene.resident.submit(scene.resident.page(f"{path}prove/"), action='name="send"', send="on"), 200)
    [letter] = wait_until(lambda: outbox_of(scene) - known, what="the code in the outbox")
    digits = re.search(r"验证码 (\d{6})", letter)
    assert digits, letter
    proved = expect(scene.resident.submit(sent, action='name="code"', code=digits.group(1)), 200)
    paper = {"papers": (f"{scene.canary.name}.txt", scene.canary.said.encode(), "text/plain")}
    written = scene.resident.submit(proved, action="multipart", files=paper, text=scene.canary.said)
    assert scene.canary.name in expect(written, 200).text
    for kind in ("to_person", "note"):
        scene.site("POST", f"requests/{request}/messages/", 201, kind=kind, text=scene.canary.said)
    scene.site("POST", f"requests/{request}/extend/", reason=scene.canary.said)
    scene.site("POST", f"requests/{request}/answer/", text=scene.canary.said)
    scene.things["package"] = f"{path}package/"
    wait_until(lambda: scene.site("GET", f"requests/{request}/")["package_until"], what="the package")


def packed(scene: Scene) -> str:
    """What stands in the package, which nobody can read without the code."""
    answer = scene.resident.submit(scene.resident.page(scene.things["package"]), action="Download")
    with zipfile.ZipFile(io.BytesIO(expect(answer, 200).content)) as package:
        return package.read("package.json").decode() + package.read("package.html").decode()


def ask_for_a_correction(scene: Scene) -> None:
    """By a representative; refused, with words that call the person by name."""
    request, _code = ask(scene, "correct", asked_by="representative", relation=scene.canary.said)
    scene.site("POST", f"requests/{request}/confirm/", person=scene.person_id)
    scene.site("POST", f"requests/{request}/refuse/", code="other", article="PIPL 46", text=scene.canary.said)


def complain(scene: Scene) -> None:
    """With a name; the desk says whose complaint it is, and answers."""
    who = {"name": scene.canary.name, "contact": scene.canary.phone, "text": scene.canary.said}
    scene.resident.api("POST", f"public/{SLUG}/complaints/", 201, **who)
    complaint = scene.site("GET", "complaints/")["results"][0]["id"]
    page = scene.staff.page(f"/t/{SLUG}/complaints/{complaint}/person/?q={scene.canary.name}")
    expect(scene.staff.submit(page, action='name="person"', person=scene.person_id), 200)
    scene.site("POST", f"complaints/{complaint}/answer/", text=scene.canary.said)


def hold(scene: Scene) -> None:
    """Rows were to be kept for a proceeding, with a reason that names the person; it was turned down."""
    page = scene.staff.page(f"/t/{SLUG}/retention/holds/add/")
    last = (timezone.localdate() + timedelta(days=30)).isoformat()
    about = {"kind": "events", "person": scene.person_id[:8], "reason": scene.canary.said, "article": "刑事诉讼法 54"}
    added = expect(scene.staff.submit(page, action='name="article"', ends_on=last, **about), 200)
    link = re.search(rf"/t/{SLUG}/retention/holds/[0-9a-f-]{{36}}/lift/", added.text)
    assert link, added.text[:4000]
    expect(scene.staff.submit(scene.staff.page(link.group()), action="End the hold"), 200)


def take_a_list_home(scene: Scene) -> None:
    """A worker makes a file of all people; a member fetches it."""
    asks = scene.staff.page(f"/t/{SLUG}/people/export/")
    page = expect(scene.staff.submit(asks, action="measure-form", format="csv", columns="name"), 200)
    file = f"{page.url.path}file/"
    wait_until(lambda: file in scene.staff.page(page.url.path).text, what="a file of the people")
    assert scene.canary.name in scene.staff.page(file).content.decode("utf-8-sig")


def read_everything(scene: Scene) -> None:
    """Members look at the lists and pages in which the person stands; whatever these keep is searched as well."""
    for place in ("people/", f"people/{scene.person_id}/", "requests/", "complaints/", "erasures/", "events/", ""):
        scene.staff.page(f"/t/{SLUG}/{place}")
    scene.staff.page(f"/t/{SLUG}/people/?q={scene.canary.name}")


LIFE: tuple[Callable[[Any], None], ...] = (
    main.open_property, main.sign_in, main.set_up, main.publish, main.register_terminals, one_terminal, main.assess,
    main.activate, import_person, invite, agree, enrol, come_and_go, have_a_child, ask_what_is_held,
    ask_for_a_correction, complain, hold, take_a_list_home, read_everything,
)  # fmt: skip


def let_go(scene: Scene) -> None:
    """Deletion of the person and of the child, asked, approved, and carried out to the certificate."""
    for person in (scene.person_id, scene.child):
        request, _code = ask(scene, "delete")
        scene.site("POST", f"requests/{request}/confirm/", person=person)
        scene.site("POST", f"requests/{request}/answer/", text=scene.canary.said)
    scene.door_agent.wait_for_faces(0)
    wait_until(lambda: _is_certified(scene), what="two certificates")


def _is_certified(scene: Scene) -> bool:
    orders = scene.site("GET", "erasures/")["results"]
    whole = [order for order in orders if order["person"] in {scene.person_id, scene.child}]
    return len(whole) == 2 and all(order["is_certified"] for order in whole)


def outbox_of(scene: Scene) -> set[str]:
    """The messages to the person's phone, which a gateway would have sent."""
    letters = {path.read_text(encoding="utf-8") for path in scene.stack.layout.outbox.glob("*.txt")}
    return {letter for letter in letters if letter.startswith(f"To: {scene.canary.phone}")}
