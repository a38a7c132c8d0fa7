"""What speaks for a stolen, copied, moved or broken terminal."""

from django.utils.translation import gettext_lazy as _

from portal.security.detection import keys
from portal.security.detection.rule import DETECTION, HOUR, MINUTE, Rule
from recognition.edge.kinds import AlarmKind
from tenants.organizations.trail import Sign

RULES_OF_TERMINALS = [
    Rule(
        code="device_replay",
        title=_("A terminal's requests are sent again"),
        advice=_(
            "Requests of this terminal were recorded and sent a second time; all were refused. Ask the installer "
            "who else is on the network of the terminal."
        ),
        article=DETECTION,
        severity="high",
        threshold=3,
        window=HOUR,
        key=keys.alarm(AlarmKind.REPLAYED),
    ),
    Rule(
        code="device_cloned",
        title=_("Two machines use one terminal's key"),
        advice=_(
            "The key of this terminal was copied. The terminal has stopped by itself. Find out who had access to "
            "it, then pair it again."
        ),
        article=DETECTION,
        severity="high",
        threshold=1,
        window=HOUR,
        key=keys.alarm(AlarmKind.KEY_COPIED),
    ),
    Rule(
        code="device_moved",
        title=_("A terminal speaks from another place"),
        advice=_(
            "This terminal speaks from another network address, while the other terminals of the property still "
            "speak from the old one. Go and look whether it hangs at its door. If it does not, suspend it and "
            "declare it lost."
        ),
        article=DETECTION,
        severity="high",
        threshold=1,
        window=HOUR,
        key=None,
    ),
    Rule(
        code="device_forged",
        title=_("Somebody imitates a terminal"),
        advice=_(
            "Many requests came in the name of this terminal with a key that is not its own; all were refused. If "
            "the terminal itself is not working, pair it again; otherwise ask the installer who is on its network."
        ),
        article=DETECTION,
        severity="medium",
        threshold=20,
        window=HOUR,
        key=keys.alarm(AlarmKind.BAD_SIGNATURE, AlarmKind.UNKNOWN_KEY, AlarmKind.REVOKED_KEY),
    ),
    Rule(
        code="device_foreign",
        title=_("A terminal asks about strangers"),
        advice=_(
            "This terminal asked about people who are not of this property; it was told nothing. Ask the installer "
            "whether it was used at another property before, and pair it again."
        ),
        article=DETECTION,
        severity="medium",
        threshold=5,
        window=HOUR,
        key=keys.alarm(AlarmKind.FOREIGN_PERSON),
    ),
    Rule(
        code="device_clock",
        title=_("A terminal's clock jumps"),
        advice=_(
            "The clock of this terminal was wrong again and again, so its requests were refused. Set its date and "
            "time. If that does not last, its battery is empty, or somebody moves the clock."
        ),
        article=DETECTION,
        severity="low",
        threshold=10,
        window=HOUR,
        key=keys.alarm(AlarmKind.CLOCK),
    ),
    Rule(
        code="impossible_heartbeat",
        title=_("A terminal reports what cannot be"),
        advice=_(
            "This terminal reports far more often than one machine does. A program may be using its key. Look at "
            "the terminal; if it works as always, pair it again, which ends the old key."
        ),
        article=DETECTION,
        severity="medium",
        threshold=30,
        window=MINUTE,
        key=keys.by_actor(Sign.HEARTBEAT),
    ),
    Rule(
        code="faces_differ",
        title=_("A terminal holds other faces than it should"),
        advice=_(
            "This terminal keeps reporting another number of faces than it was given. Faces that were to be "
            "deleted may still be there. Pair it again: it then begins anew."
        ),
        article="PIPL 47",
        severity="medium",
        threshold=30,
        window=HOUR,
        key=keys.alarm(AlarmKind.COUNT_DIFFERS),
    ),
]
