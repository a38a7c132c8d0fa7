"""A seeded day of ordinary traffic: a Monday, four properties, 50,000 happenings, nobody up to anything.

Each number is what a busy house does, not what an average one does: whoever lowers a threshold meets it here.
"""

# ruff: noqa: S311 - chances are to be repeated

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.security.detection.keys import BEIJING
from recognition.edge.kinds import AlarmKind
from tenants.organizations.trail import Happening, Kind, Sign

MIDNIGHT = datetime(2026, 11, 30, tzinfo=BEIJING)  # a Monday
EVENTS, PROPERTIES, TERMINALS = 50_000, 4, 6


class Day:
    """Draws the day. Each method yields what one sort of people does."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.houses = [self._id() for _one in range(PROPERTIES)]
        self.desks = {house: [f"user:{self._id()}" for _one in range(8)] for house in self.houses}
        self.devices = {house: [f"device:{self._id()}" for _one in range(TERMINALS)] for house in self.houses}

    def happenings(self) -> list[Happening]:
        """Return 50,000 in their order."""
        drawn = [*self.people_of_the_desks(), *self.sign_ins(), *self.residents(), *self.mishaps(), *self.terminals()]
        beats = self.draw.sample(list(self.heartbeats()), EVENTS - len(drawn))  # the others were lost on the way
        return sorted([*drawn, *beats], key=lambda one: one.at)

    def people_of_the_desks(self) -> Iterator[Happening]:
        """Each reads some sixty records an hour in the rush of the morning, few at night, and makes files by day."""
        for house, desk in self.desks.items():
            people = [f"person:{self._id()}" for _one in range(400)]
            for member in desk:
                for hour in range(24):
                    often = 60 if hour in {8, 9} else 25 if 7 <= hour < 22 else 2
                    for _time in range(self.draw.randint(often // 2, often)):
                        at = self._within(hour)
                        yield Happening(Kind.IDENTITIES_LISTED, member, house, facts={"count": 50}, at=at)
                        at += timedelta(seconds=8)
                        yield Happening(Kind.IDENTITY_READ, member, house, self.draw.choice(people), at=at)
                for _time in range(self.draw.randint(0, 6)):
                    at = self._within(self.draw.randint(8, 20))
                    yield Happening(Kind.EXPORTED, member, house, facts={"what": "devices"}, at=at)
            # The privacy officer hands out the month's bundles one after the other.
            for minute in range(0, 48, 4):
                at = MIDNIGHT + timedelta(hours=15, minutes=minute)
                yield Happening(Kind.EXPORTED, desk[0], house, self.draw.choice(people), {"what": "bundle"}, at)
            # Somebody begins today, is shown around, and reads like everybody else.
            giver, new = desk[0], f"user:{self._id()}"
            yield Happening(Sign.ROLE_GRANTED, giver, house, new, {"role": "front_desk"}, self._at(9, 0))
            for minute in range(2, 40, 2):
                yield Happening(Kind.IDENTITY_READ, new, house, self.draw.choice(people), at=self._at(9, minute))

    def sign_ins(self) -> Iterator[Happening]:
        """Sixty people of one company come to the office behind one address, and nine of them mistype."""
        office, staff = "address:office", [f"user:{self._id()}" for _one in range(60)]
        for user in staff:
            yield Happening(Kind.SIGNED_IN, user, None, office, at=self._at(8, self.draw.randint(20, 59)))
        for user in staff[:9]:
            for _time in range(self.draw.randint(1, 3)):
                yield Happening(Kind.SIGN_IN_FAILED, office, None, user, at=self._at(8, self.draw.randint(20, 59)))
        # One has forgotten it altogether.
        for minute in range(7):
            yield Happening(Kind.SIGN_IN_FAILED, office, None, staff[0], at=self._at(13, minute))

    def residents(self) -> Iterator[Happening]:
        """A compound is on the net behind one address: codes are sent, some mistyped, some forms come too often."""
        for house in self.houses:
            shared = f"address:{house}"
            for hour in range(7, 23):
                for _time in range(self.draw.randint(5, 20)):
                    request = f"request:{self._id()}"
                    yield Happening(Sign.CODE_SENT, request, house, at=self._within(hour))
                    if self.draw.random() < 0.2:
                        yield Happening(Kind.CODE_WRONG, request, house, at=self._within(hour))
                for _time in range(self.draw.randint(0, 8)):
                    yield Happening(Kind.CODE_WRONG, shared, house, at=self._within(hour))
                for _time in range(self.draw.randint(0, 6)):
                    yield Happening(Kind.THROTTLED, shared, house, facts={"limit": "page"}, at=self._within(hour))

    def mishaps(self) -> Iterator[Happening]:
        """Old bookmarks, a link to somebody who has left, a button without the right."""
        for house, desk in self.desks.items():
            for number, member in enumerate(desk):
                for what in range(2):
                    facts: dict[str, str | int] = {"reason": "stranger", "what": f"old{what}"}
                    yield Happening(Kind.REFUSED, member, None, facts=facts, at=self._at(10, number))
                for gone in range(self.draw.randint(0, 6)):
                    facts = {"reason": "id", "what": f"{house}{gone}"}
                    yield Happening(Kind.REFUSED, member, house, facts=facts, at=self._at(11, gone))
                yield Happening(Kind.REFUSED, member, house, facts={"reason": "right"}, at=self._within(12))

    def terminals(self) -> Iterator[Happening]:
        """A bad line, an empty battery, a machine that waits to be paired, one whose work is not done yet."""
        for house, devices in self.devices.items():
            for kind, times in (
                (AlarmKind.REPLAYED, 2),
                (AlarmKind.CLOCK, 4),
                (AlarmKind.UNKNOWN_KEY, 15),
                (AlarmKind.COUNT_DIFFERS, 20),
                (AlarmKind.FOREIGN_PERSON, 2),
            ):
                for minute in range(times):
                    facts = {"alarm": kind.value}
                    yield Happening(Kind.DEVICE_ALARM, devices[0], house, facts=facts, at=self._at(14, minute))

    def heartbeats(self) -> Iterator[Happening]:
        """Every minute; after a power cut several at once. At four in the night the lines get new addresses."""
        everybody = [(house, device) for house, devices in self.devices.items() for device in devices]
        restart = {house: self.draw.randint(0, 1439) for house in self.houses}
        for minute in range(1440):
            for number, (house, device) in enumerate(everybody):
                at = MIDNIGHT + timedelta(minutes=minute, seconds=2 * number)
                line = "night" if at < self._at(4, 0) else "day"
                # A house with two lines has terminals on both.
                second = "b" if house == self.houses[0] and number % 2 else "a"
                for beat in range(5 if minute == restart[house] else 1):
                    facts = {"address": f"{house}{line}{second}"}
                    yield Happening(Sign.HEARTBEAT, device, house, facts=facts, at=at + timedelta(seconds=beat))

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.draw.getrandbits(128), version=4)

    def _at(self, hour: int, minute: int) -> datetime:
        return MIDNIGHT + timedelta(hours=hour, minutes=minute, seconds=self.draw.randint(0, 59))

    def _within(self, hour: int) -> datetime:
        return MIDNIGHT + timedelta(hours=hour, seconds=self.draw.uniform(0, 3599))
