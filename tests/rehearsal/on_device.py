"""The steps of a property that keeps faces on its terminals: the portal never sees one."""

import time
from datetime import UTC, datetime, timedelta

from tests.photos import path_of, photo
from tests.rehearsal import play as main
from tests.rehearsal.agents import Door, pair_together
from tests.rehearsal.certificates import certificate_of, genuine, has_no_certificate, order_of
from tests.rehearsal.clock import move_back
from tests.rehearsal.play import ENROLLED, OTHER, PATIENCE, SAME, Play, codes, expect, wait_for_face
from tests.rehearsal.portal_agents import waits_for

SLUG = "magnolia-court"
WEEK = timedelta(days=7)


def scene(play: Play) -> Play:
    """The same people at the second property."""
    second: Play = play.things["second"]
    return second


def doors(play: Play) -> tuple[Door, Door]:
    first, second = scene(play).things["agents"]
    return first, second


def open_second_property(play: Play) -> None:
    """a second property is opened, which keeps faces on its terminals"""
    second = Play(url=play.url, password=play.password, slug=SLUG)
    play.things["second"] = second
    play.things.setdefault("visitors", []).append(second)
    main.add_property(play.things["admin"], slug=SLUG, name="玉兰苑", name_en="Magnolia Court")
    second.staff.sign_in("owner@demo.example", play.password)
    assert second.site("GET", "")["storage_mode"] == "on_device"


def make_it_lawful(play: Play) -> None:
    """zone, door, notice, two reference terminals and the assessment: both are switched on"""
    second = scene(play)
    main.build(second)
    main.publish(second)
    second.things["agents"] = pair_together(second, "玉兰苑终端 A", "玉兰苑终端 B")
    main.assess(second)
    main.activate(second)
    second.things["person"], second.things["me"] = second.person("玉女士")
    asked = second.resident.page(f"{second.things['me']}consent/recognition/")
    expect(second.resident.submit(asked, action='value="agree"', decision="agree"), 200)


def refuse_a_photo(play: Play) -> None:
    """the portal takes no photo here, whoever sends it"""
    second = scene(play)
    sent = {"photo": ("a.jpg", photo(ENROLLED))}
    problem = second.site("POST", "enrollments/", 400, files=sent, person=second.things["person"])
    assert "face_bytes" in codes(problem) or "on_device" in codes(problem), problem


def enrol_at_the_terminals(play: Play) -> None:
    """the resident's face is taken at each of the two terminals, and nothing of it is sent"""
    second = scene(play)
    person = second.things["person"]
    for door in doors(play):
        second.site("POST", f"people/{person}/terminals/", 201, device=door.id)
        door.sync()
        taken = door.agent.enrol(person, path_of(ENROLLED))
        assert taken.get("enrolled"), taken
        door.sync()
    wait_for_face(second, person, "enrolled")


def open_the_door(play: Play) -> None:
    """both terminals open for the resident and for nobody else"""
    for door in doors(play):
        assert door.show(SAME)["allowed"]
        assert door.show(OTHER)["rule"] == "no_match"


def withdraw_while_one_is_off(play: Play) -> None:
    """the resident stops the use while one terminal is off: the other deletes, and the erasure names the missing one"""
    second = scene(play)
    on, off = doors(play)
    off.agent.kill()
    main.withdraw(second)
    assert not on.show(SAME)["allowed"], "the door opened after the withdrawal"
    on.wait_for_faces(0)
    waits_for(second, second.things["person"], off)


def wait_a_week(play: Play) -> None:
    """a week passes: no certificate, the erasure still names the terminal and since when, and the owner had a letter"""
    second = scene(play)
    _on, off = doors(play)
    person, owner = second.things["person"], play.things["database"]
    order = order_of(second, person)
    move_back(owner, "rights_erasure", "ordered_at", "next_try_at", by=WEEK, rows=[order["id"]])
    move_back(owner, "edge_deviceorder", "created_at", by=WEEK, of="person_id", rows=[person])
    move_back(owner, "edge_devicecopy", "since", by=WEEK, of="person_id", rows=[person])
    move_back(owner, "premises_device", "last_seen_at", by=WEEK, rows=[off.id])
    until = time.monotonic() + PATIENCE
    while not _letters_to_the_owner(play):
        assert time.monotonic() < until, f"nobody was told within {PATIENCE:.0f} s: {order_of(second, person)}"
        time.sleep(0.2)
    waits_for(second, person, off)
    order = order_of(second, person)
    since = datetime.fromisoformat(order["ordered_at"])
    assert order["escalated_at"] and datetime.now(UTC) - since >= WEEK, order
    page = second.staff.page(f"/t/{second.slug}/erasures/{order['id']}/").text
    assert f"Since {since.day} {since:%B %Y, %H:%M} the face opens nothing" in page, page
    assert "Waits too long" in page and "it uses no face" in page, page
    assert f"“{off.name}” has not confirmed yet. Last heard " in page, page
    has_no_certificate(second, person)


def _letters_to_the_owner(play: Play) -> list[str]:
    texts = [path.read_text() for path in play.things["outbox"].glob("*.txt")]
    return [text for text in texts if "owner@demo.example" in text and f"/t/{SLUG}/erasures/?state=pending" in text]


def erase_when_it_is_back(play: Play) -> None:
    """the missing terminal is back, deletes, and signs; the certificate names its receipt and the week"""
    second = scene(play)
    on, off = doors(play)
    person = second.things["person"]
    off.start()
    off.wait_for_faces(0)
    assert not off.show(SAME)["allowed"]
    wait_for_face(second, person, "erased")
    says = genuine(second, certificate_of(second, person))
    receipts = {row["device"]: row for row in says["devices"]}
    assert (set(receipts), says["lost_devices"]) == ({on.id, off.id}, []), says
    assert all(row["receipt_sha256"] and row["key"] for row in receipts.values()), receipts
    ordered, confirmed = (datetime.fromisoformat(at) for at in (says["ordered_at"], receipts[off.id]["at"]))
    assert confirmed - ordered >= WEEK, says
