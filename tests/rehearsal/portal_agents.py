"""The steps of two reference terminals where faces are kept in the portal: they get sealed copies."""

from tests.rehearsal.agents import Door, pair_together
from tests.rehearsal.play import OTHER, SAME, Play


def doors(play: Play) -> tuple[Door, Door]:
    first, second = play.things["agents"]
    return first, second


def register_agents(play: Play) -> None:
    """two reference terminals are registered, make their own keys and pair"""
    play.things["agents"] = pair_together(play, "7 号楼终端 C", "7 号楼终端 D")


def open_by_themselves(play: Play) -> None:
    """the sealed template reaches both terminals, which recognise the resident themselves and ask the portal"""
    for door in doors(play):
        door.wait_for_faces(1)
        answer = door.show(SAME)
        assert (answer["allowed"], answer["alone"]) == (True, False), answer
        assert door.show(OTHER)["rule"] == "no_match"


def open_in_an_outage(play: Play) -> None:
    """with the network cut, a terminal opens by its lease and reports it later"""
    first, _second = doors(play)
    first.wire.cut()
    answer = first.show(SAME)
    first.wire.mend()
    assert (answer["allowed"], answer["alone"]) == (True, True), answer
    first.sync()


def one_goes_offline(play: Play) -> None:
    """the second terminal is switched off"""
    doors(play)[1].agent.kill()


def wait_for_the_last_terminal(play: Play) -> None:
    """the first terminal deletes and confirms; the erasure waits, visibly, until the second is back"""
    first, second = doors(play)
    first.wait_for_faces(0)
    assert not first.show(SAME)["allowed"]
    waits_for(play, play.things["person"], second)
    second.start()
    second.wait_for_faces(0)
    assert not second.show(SAME)["allowed"]
    for door in (first, second):
        door.close()


def waits_for(play: Play, person: str, door: Door) -> None:
    """The erasure of this person is open and says which terminal it waits for."""
    assert play.site("GET", f"people/{person}/")["face_state"] == "erasing"
    order = next(row for row in play.site("GET", "erasures/")["results"] if row["person"] == person)
    page = play.staff.page(f"/t/{play.slug}/erasures/{order['id']}/").text
    assert order["completed_at"] is None and door.name in page, page[:2000]
