"""The properties of the scene and the people in them, over HTTP; and the time that passes for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.stack.run import Stack
from tests.photos import photo
from tests.rehearsal import clock, play
from tests.rehearsal.texts import NOTICE
from tests.rehearsal.visitors import Browser, expect

PASSWORD = "only-for-this-test-6b7d"
CHILDREN = {
    "minors_zh": "十四周岁以下的孩子，只有监护人同意才录入，监护人可随时停止。",
    "minors_en": "A child under 14 is enrolled only when a guardian agrees, who can stop it at any time.",
}
UNLICENSED = play.HANDLER | {"name": "宁波木槿物业有限公司", "credit_code": "91330200MA2REH0002"}


def today() -> date:
    """The day in Beijing, by which the portal reckons."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


class House(play.Play):
    """One property with one door and one terminal. All houses have the same owner, who is signed in once."""

    town: "Town"

    def __post_init__(self) -> None:
        """The browsers are the town's."""

    def set_up(self, *, with_children: bool) -> None:
        self.site("PATCH", "", storage_mode="portal", allows_under_14=with_children)
        play.build(self)
        self.publish(**(CHILDREN if with_children else {}))
        self.terminal("终端", "verify")
        self.assess()
        play.activate(self)

    def publish(self, **texts: str) -> None:
        draft = self.site("POST", "notices/")["id"]
        self.site("PATCH", f"notices/{draft}/", **NOTICE, **texts)
        self.site("POST", f"notices/{draft}/publish/")

    def assess(self) -> None:
        path, revision = play.write_assessment(self)
        self.site("POST", f"{path}sign/", seen=revision)

    def face_of(self, person: str) -> str:
        """A record of somebody under 18 is open to nobody, a list says so much of it."""
        rows = self.site("GET", "people/?page_size=200")["results"]
        return str(next(row["face_state"] for row in rows if row["id"] == person))

    def time_passes(self, table: str, *columns: str, days: int, of: str = "id", rows: Iterable[str]) -> None:
        clock.move_back(self.town.database, table, *columns, by=timedelta(days=days), of=of, rows=rows)


@dataclass
class Resident:
    """Somebody of whom a face is kept. `me` is the page on which they answer, or their guardian for them."""

    house: House
    id: str
    name: str
    phone: str
    room: str
    me: str = ""

    @property
    def path(self) -> str:
        return f"people/{self.id}/"

    def record(self, **changes: Any) -> dict[str, Any]:
        """What the desk sends to correct the record."""
        about = {"name": self.name, "phone": self.phone, "room": self.room, "kind": "owner", "age_band": "adult"}
        return about | changes

    def sends_a_photo(self) -> None:
        """Agrees, and sends a photo, which the worker takes up while others send theirs."""
        play.agree(self.house, self.me)
        play.enroll_by_page(self.house, self.me, photo(play.ENROLLED))

    def time_passes(self, table: str, *columns: str, days: int) -> None:
        of = "id" if table == "people_person" else "person_id"
        self.house.time_passes(table, *columns, days=days, of=of, rows=[self.id])


class Town:
    """The platform admin, an owner, a second member, and the houses."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.database = stack.env("owner")["DATABASE_URL_OWNER"]
        self.admin, self.staff, self.second, self.resident = (Browser(stack.url) for _each in range(4))
        self.houses: dict[str, House] = {}
        self._people = 0

    def close(self) -> None:
        for visitor in (self.admin, self.staff, self.second, self.resident):
            visitor.close()
        for house in self.houses.values():
            for terminal in house.things.get("visitors", ()):
                terminal.close()

    def open(self, slugs: Iterable[str], *, with_children: str, of_its_own_handler: str) -> None:
        for browser, who in ((self.admin, "admin"), (self.staff, "owner"), (self.second, "desk")):
            browser.sign_in(f"{who}@demo.example", PASSWORD)
        for handler in (play.HANDLER, UNLICENSED):
            form = self.admin.page("/admin/organizations/handler/add/")
            expect(self.admin.submit(form, action="credit_code", **handler), 200)
        for slug in slugs:
            handler = UNLICENSED if slug == of_its_own_handler else play.HANDLER
            play.add_property(self.admin, handler=handler["name"], slug=slug, name=f"苑 {slug}", name_en=slug)
            house = self.houses[slug] = House(url=self.stack.url, password=PASSWORD, slug=slug)
            house.town, house.staff, house.resident = self, self.staff, self.resident
            house.site("POST", "members/", 201, email=play.COLLEAGUE, role="manager")
            house.things["colleague"] = self.second
            house.set_up(with_children=slug == with_children)

    def somebody(self, slug: str) -> Resident:
        """Somebody new, with a link to their page."""
        resident = self._moves_in(slug, age_band="adult")
        link = str(resident.house.site("POST", f"{resident.path}link/", why="asked")["url"])
        resident.me = link[link.index("/p/") :]
        return resident

    def child(self, slug: str, *, born: date) -> Resident:
        """A child with a guardian, recorded by the owner after the second member opened the child's record."""
        guardian, child = self.somebody(slug), self._moves_in(slug, age_band="under_14", birth_date=born.isoformat())
        site = child.house.site
        asked = site("POST", f"{child.path}access/", 201, reason="登记监护人")
        address = f"properties/{slug}/minor-accesses/{asked['id']}/decide/"
        self.second.api("POST", address, is_approved=True)
        shown = {"relationship": "parent", "evidence": "household_register"}
        site("POST", f"{child.path}guardian/", 201, guardian=guardian.id, **shown)
        child.me = f"{guardian.me}children/{child.id}/"
        return child

    def _moves_in(self, slug: str, **about: Any) -> Resident:
        self._people += 1
        number = f"{self._people:04}"
        resident = Resident(self.houses[slug], "", f"甄迁{number}", f"1391234{number}", f"N9-{number}")
        resident.id = resident.house.site("POST", "people/", 201, **resident.record(**about))["id"]
        return resident
