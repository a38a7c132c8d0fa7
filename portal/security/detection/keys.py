"""What a rule counts in one happening: pure functions, no clock and no database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from tenants.organizations.trail import Happening, Kind, Sign

BEIJING = ZoneInfo("Asia/Shanghai")
# Nobody takes data out of a property at night as a matter of course, not even where the desk is never closed.
NIGHT_FROM, NIGHT_UNTIL = time(22), time(6)

# What a role is given for, where it is misused: taking data out, reading what is closed, giving roles on.
STRONG_USES = frozenset({Kind.EXPORTED, Kind.EVIDENCE_READ, Kind.MINOR_READ, Sign.ROLE_GRANTED})
READS_OF_PEOPLE = frozenset({Kind.IDENTITY_READ, Kind.MINOR_READ, Kind.EXPORTED})


@dataclass(frozen=True)
class Seen:
    """One sighting: counted under `key`, about `subject`, whom an answer can stop.

    With a `value` only different ones count, so the same thing seen again counts once.
    """

    key: str
    subject: str
    value: str = ""


Key = Callable[[Happening], Seen | None]


def account(happening: Happening) -> Seen | None:
    """A failed sign-in, by the account that was tried."""
    if happening.kind != Kind.SIGN_IN_FAILED or not happening.subject:
        return None
    return Seen(happening.subject, happening.subject)


def accounts_of_an_address(happening: Happening) -> Seen | None:
    """A failed sign-in, by the address; each account counts once."""
    if happening.kind != Kind.SIGN_IN_FAILED or not happening.subject:
        return None
    return Seen(happening.actor, happening.actor, happening.subject)


def refused(reason: str) -> Key:
    """A refusal of this reason, by who was refused; each address (`what`, a hash) counts once."""

    def key(happening: Happening) -> Seen | None:
        if happening.kind != Kind.REFUSED or happening.facts.get("reason") != reason:
            return None
        return Seen(who(happening), who(happening), str(happening.facts.get("what", "")))

    return key


def by_actor(*kinds: Kind | Sign) -> Key:
    """Each of these, by who did it."""

    def key(happening: Happening) -> Seen | None:
        return Seen(who(happening), who(happening)) if happening.kind in kinds else None

    return key


def by_tenant(kind: Kind | Sign) -> Key:
    """Each of these, by the property in which it happened."""

    def key(happening: Happening) -> Seen | None:
        if happening.kind != kind or happening.tenant_id is None:
            return None
        return Seen(str(happening.tenant_id), f"property:{happening.tenant_id}")

    return key


def alarm(*kinds: str) -> Key:
    """An alarm of a terminal of one of these kinds, by the terminal; of a terminal nobody knows, by the property."""

    def key(happening: Happening) -> Seen | None:
        if happening.kind != Kind.DEVICE_ALARM or happening.facts.get("alarm") not in kinds:
            return None
        return Seen(f"{happening.tenant_id} {happening.actor}", happening.actor)

    return key


def people_read(happening: Happening) -> Seen | None:
    """A person whose record was opened or taken out, by who did it; each person counts once."""
    if happening.kind not in READS_OF_PEOPLE or not happening.subject.startswith("person:"):
        return None
    return Seen(_of_member(happening), who(happening), happening.subject)


def at_night(happening: Happening) -> Seen | None:
    """Data taken out by a member at night, Beijing time. A resident may fetch their own at any hour."""
    if happening.kind != Kind.EXPORTED or not _is_a_member_s(happening):
        return None
    now = happening.at.astimezone(BEIJING).time()
    return Seen(_of_member(happening), who(happening)) if now >= NIGHT_FROM or now < NIGHT_UNTIL else None


def role_given(happening: Happening) -> Seen | None:
    """A role, by who has it now."""
    if happening.kind != Sign.ROLE_GRANTED:
        return None
    return Seen(f"{happening.tenant_id} {happening.subject}", happening.subject)


def strong_use(happening: Happening) -> Seen | None:
    """A use of the rights that matter, by who used them."""
    if happening.kind not in STRONG_USES or not _is_a_member_s(happening):
        return None
    return Seen(_of_member(happening), who(happening))


def person_touched(happening: Happening) -> Seen | None:
    """A person whose record was opened or taken out; the rule asks whether it is a decoy."""
    if happening.kind not in READS_OF_PEOPLE or not happening.subject.startswith("person:"):
        return None
    return Seen(happening.subject, who(happening))


def key_used(happening: Happening) -> Seen | None:
    """An API token or the key of a terminal that was used; the rule asks whether it is a decoy."""
    return Seen(happening.actor, happening.actor) if happening.kind == Sign.KEY_USED else None


def found(sign: Sign) -> Key:
    """What a job found, about its subject."""

    def key(happening: Happening) -> Seen | None:
        return Seen(happening.subject, happening.subject) if happening.kind == sign else None

    return key


def who(happening: Happening) -> str:
    """Return who did it: of a token its member, who answers for it and is whom an answer can stop."""
    member = happening.facts.get("user")
    return f"user:{member}" if member and happening.actor.startswith("token:") else happening.actor


def _is_a_member_s(happening: Happening) -> bool:
    return who(happening).startswith("user:")


def _of_member(happening: Happening) -> str:
    return f"{happening.tenant_id} {who(happening)}"
