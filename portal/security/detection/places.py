"""Where the terminals of a property speak from: one that speaks from elsewhere while the others stay was carried away.

A line that gets a new address moves all terminals behind it; a property with two lines has terminals on both. So only
a terminal rings whose former address another terminal still uses, and whose new address no other one uses. Of a
property with a single terminal this says nothing.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from portal.security.detection.counting import PREFIX, connection
from portal.security.detection.keys import Seen
from tenants.organizations.trail import Happening, Sign

# A line that redials does so for all terminals within one heartbeat, which comes every minute.
SETTLED_SECONDS = 180
# What a terminal was heard from longer ago says nothing of where the property's line is.
REMEMBERED_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Place:
    """Where one terminal speaks from (`address`, a hash), since when, where it was before, and when it last spoke."""

    address: str
    since: float
    last: float
    former: str = ""


def follow(place: Place | None, *, address: str, at: float) -> Place:
    """Return a terminal's place after it spoke from this address."""
    if place is None or at - place.last > REMEMBERED_SECONDS:
        return Place(address=address, since=at, last=at)
    if place.address == address:
        return Place(address=address, since=place.since, last=at, former=place.former)
    return Place(address=address, since=at, last=at, former=place.address)


def carried_away(places: Mapping[str, Place], *, speaks: str) -> list[str]:
    """Return the terminals of which the one that `speaks` shows that they were carried away, itself perhaps."""
    return [
        device for device in places if _is_away(places, device) and speaks in {device, *_left_behind(places, device)}
    ]


def _is_away(places: Mapping[str, Place], device: str) -> bool:
    place = places[device]
    others = [
        other for name, other in places.items() if name != device and place.last - other.last < REMEMBERED_SECONDS
    ]
    return bool(_left_behind(places, device)) and place.address not in {other.address for other in others}


def _left_behind(places: Mapping[str, Place], device: str) -> list[str]:
    """Return the terminals that spoke from the former address of this one, well after it had left."""
    place = places[device]
    return [
        name
        for name, other in places.items()
        if name != device and place.former == other.address and other.last > place.since + SETTLED_SECONDS
    ]


def judge(happenings: Sequence[Happening]) -> list[tuple[Happening, Seen]]:
    """Follow the heartbeats among these and return the terminals that were carried away. Raises RedisError.

    Two round trips for each property that has heartbeats among them.
    """
    beats: dict[uuid.UUID, list[Happening]] = {}
    for one in happenings:
        if one.kind == Sign.HEARTBEAT and one.tenant_id is not None and one.facts.get("address"):
            beats.setdefault(one.tenant_id, []).append(one)
    return [found for tenant_id, heard in beats.items() for found in _judge_property(tenant_id, heard)]


def _judge_property(tenant_id: uuid.UUID, beats: list[Happening]) -> list[tuple[Happening, Seen]]:
    key = f"{PREFIX}:places:{tenant_id}"
    stored: dict[bytes, bytes] = connection().hgetall(key)  # type: ignore[assignment]  # nothing is decoded for us
    places = {device.decode(): Place(**json.loads(text)) for device, text in stored.items()}
    found = []
    for beat in beats:
        at, address = beat.at.timestamp(), str(beat.facts["address"])
        places[beat.actor] = follow(places.get(beat.actor), address=address, at=at)
        found += [(beat, Seen(device, device)) for device in carried_away(places, speaks=beat.actor)]
    spoke = {beat.actor for beat in beats}
    pipe = connection().pipeline(transaction=False)
    pipe.hset(key, mapping={device: json.dumps(asdict(places[device])) for device in spoke})
    pipe.expire(key, REMEMBERED_SECONDS)
    pipe.execute()
    return found
