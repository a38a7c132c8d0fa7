"""The steps of a property that keeps faces on its terminals: the portal never sees one."""

from tests.photos import path_of, photo
from tests.rehearsal import play as main
from tests.rehearsal.agents import Door, pair_together
from tests.rehearsal.play import ENROLLED, OTHER, SAME, Play, codes, expect, wait_for_face
from tests.rehearsal.portal_agents import waits_for

SLUG = "magnolia-court"


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


def erase_when_it_is_back(play: Play) -> None:
    """the missing terminal is back, deletes, and signs; the erasure completes"""
    second = scene(play)
    _on, off = doors(play)
    off.start()
    off.wait_for_faces(0)
    assert not off.show(SAME)["allowed"]
    wait_for_face(second, second.things["person"], "erased")
