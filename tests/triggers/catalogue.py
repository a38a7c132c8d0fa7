"""The table of triggers: who does what, or which time passes, and the reason that the certificate must name.

Causes that end every face of a property have a property of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bs4 import BeautifulSoup

from tests.rehearsal.visitors import expect
from tests.triggers.houses import UNLICENSED, Resident, Town, today

GARDEN, UNASSESSED, MOVED, BARE, ENDED = "garden", "unassessed", "moved", "bare", "ended"
HOUSES = (GARDEN, UNASSESSED, MOVED, BARE, ENDED)
A_YEAR_AND_MORE = 400  # longer than any period of a consent or a face
GRACE_OVER = 31
HALF_A_YEAR_UNUSED = 181
UNTIL_FOURTEEN = 30


@dataclass(frozen=True)
class Trigger:
    """`who` comes, enrolled where `has_face`; `pull` is the fact; `reason` and `scope` are what the certificate says.

    With `has_grace` the face is suspended for 30 days before it goes.
    """

    name: str
    reason: str
    pull: Callable[[Resident], None]
    who: Callable[[Town], Resident]
    has_face: bool = True
    has_grace: bool = False
    scope: str = "face"

    def __str__(self) -> str:
        return self.name


def enrolled(slug: str) -> Callable[[Town], Resident]:
    def comes(town: Town) -> Resident:
        resident = town.somebody(slug)
        resident.sends_a_photo()
        return resident

    return comes


def not_asked_yet(town: Town) -> Resident:
    return town.somebody(MOVED)


def child(town: Town) -> Resident:
    """Who will be 14 in a month."""
    fourteen = today() + timedelta(days=UNTIL_FOURTEEN)
    found = town.child(GARDEN, born=fourteen.replace(year=fourteen.year - 14, day=min(fourteen.day, 28)))
    found.sends_a_photo()
    return found


def stops(who: Resident) -> None:
    """By the button on the personal page, or a guardian on the child's."""
    expect(who.house.resident.submit(who.house.resident.page(who.me), action="stop/"), 200)


def asks_for_deletion(who: Resident) -> None:
    fields = {"kind": "delete", "name": who.name, "contact": who.phone, "room": who.room, "message": ""}
    number = who.house.staff.api("POST", f"public/{who.house.slug}/requests/", 201, **fields)["number"]
    request = next(row for row in who.house.site("GET", "requests/")["results"] if row["number"] == number)
    who.house.site("POST", f"requests/{request['id']}/confirm/", person=who.id)
    who.house.site("POST", f"requests/{request['id']}/answer/", text="正在删除。")


def stay_ends(who: Resident) -> None:
    who.house.site("PUT", who.path, **who.record(stay_ends_on=(today() - timedelta(days=2)).isoformat()))


def moves_out(who: Resident) -> None:
    """On a list of the desk, looked at and confirmed."""
    staff, address = who.house.staff, f"/t/{who.house.slug}/requests/move-outs/"
    looked_at = expect(staff.submit(staff.page(address), action="listed", listed=who.room), 200)
    expect(staff.submit(looked_at, action="confirmed", people=who.id), 200)


def dies(who: Resident) -> None:
    who.house.site("POST", f"{who.path}death/", died_on=today().isoformat())


def retention_passes(who: Resident) -> None:
    who.time_passes("people_person", "face_enrolled_on", days=A_YEAR_AND_MORE)


def nobody_opens_a_door(who: Resident) -> None:
    who.time_passes("people_person", "face_last_used_on", days=HALF_A_YEAR_UNUSED)


def consent_runs_out(who: Resident) -> None:
    who.time_passes("people_consent", "decided_at", "ends_on", days=A_YEAR_AND_MORE)


def guardianship_ends(who: Resident) -> None:
    guardianship = who.house.site("GET", f"guardians/?child={who.id}")["results"][0]
    who.house.site("POST", f"guardians/{guardianship['id']}/end/")


def turns_fourteen(who: Resident) -> None:
    """The birthday passes, and nobody answers."""
    who.time_passes("people_person", "age_band_until", days=UNTIL_FOURTEEN + 1)
    who.time_passes("people_consent", "ends_on", days=UNTIL_FOURTEEN + 1)


def terminal_waits(who: Resident) -> None:
    """Somebody agrees and a terminal is to take the face; nobody comes, and the consent runs out meanwhile."""
    agrees_on_recognition(who)
    who.house.site("POST", f"{who.path}terminals/", 201, device=who.house.things["devices"][0])
    assert who.house.face_of(who.id) == "captured"
    consent_runs_out(who)


def algorithm_changes(who: Resident) -> None:
    who.house.site("PATCH", f"devices/{who.house.things['devices'][0]}/", algorithm="另一种算法")


def faces_are_kept_elsewhere(who: Resident) -> None:
    """On the terminals from now on: told to everybody, assessed, and this person agrees to it."""
    who.house.site("PATCH", "", storage_mode="on_device")
    who.house.publish()
    who.house.assess()
    agrees_on_recognition(who)


def agrees_on_recognition(who: Resident) -> None:
    asked = who.house.resident.page(f"{who.me}consent/recognition/")
    expect(who.house.resident.submit(asked, action='value="agree"', decision="agree"), 200)


def does_not_answer(_who: Resident) -> None:
    """To the notice that changed for everybody in this house."""


def last_device_is_removed(who: Resident) -> None:
    devices = who.house.things["devices"]
    for device in devices:
        who.house.site("POST", f"devices/{device}/retire/")
    who.house.time_passes("premises_device", "state_changed_at", days=GRACE_OVER, rows=devices)


def contract_ends(who: Resident) -> None:
    """By the platform admin, who writes the last day into the handler's record."""
    admin = who.house.town.admin
    rows = BeautifulSoup(admin.page("/admin/organizations/handler/").text, "html.parser")
    link = rows.find("a", string=UNLICENSED["name"])
    assert link is not None, "the handler is not listed"
    ended = UNLICENSED | {"contract_ends_on": (today() - timedelta(days=1)).isoformat()}
    saved = admin.submit(admin.page(str(link["href"])), action="credit_code", **ended)
    # All faces of the handler go: the page says so, and wants the company's code written by hand.
    saved = admin.submit(saved, action='name="confirmed"', **ended, confirmed=UNLICENSED["credit_code"])
    assert "errorlist" not in expect(saved, 200).text, "the contract was not changed"


TRIGGERS = (
    Trigger("withdrawn by the person", "withdrawn", stops, enrolled(GARDEN)),
    Trigger("withdrawn by the guardian", "withdrawn", stops, child),
    Trigger("deletion requested", "requested", asks_for_deletion, enrolled(GARDEN), scope="person"),
    Trigger("stay ended", "stay_ended", stay_ends, enrolled(GARDEN)),
    Trigger("on a list of people who move out", "stay_ended", moves_out, enrolled(GARDEN), scope="person"),
    Trigger("died", "died", dies, enrolled(GARDEN)),
    Trigger("retention period over", "retention", retention_passes, enrolled(GARDEN)),
    Trigger("not used for 180 days", "unused", nobody_opens_a_door, enrolled(GARDEN)),
    Trigger("period of the consent over", "consent_over", consent_runs_out, enrolled(GARDEN)),
    Trigger("guardianship ended", "consent_lost", guardianship_ends, child, has_grace=True),
    Trigger("fourteen, and not answered", "consent_lost", turns_fourteen, child, has_grace=True),
    Trigger("assessment not renewed", "not_assessed", algorithm_changes, enrolled(UNASSESSED), has_grace=True),
    Trigger("kept elsewhere now", "elsewhere", faces_are_kept_elsewhere, enrolled(MOVED), has_grace=True),
    Trigger("changed notice not answered", "consent_lost", does_not_answer, enrolled(MOVED), has_grace=True),
    Trigger("72 hours without a consent", "consent_lost", terminal_waits, not_asked_yet, has_face=False),
    Trigger("last door removed", "door_removed", last_device_is_removed, enrolled(BARE)),
    Trigger("contract ended", "contract_ended", contract_ends, enrolled(ENDED), has_grace=True),
)
