"""Pure rules of invitations: what is written, when another attempt follows, and what a reason means."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.people.kinds import InvitationReason as R

# Each attempt is followed by its pause; the last one's pause is only for a worker that died on it.
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(minutes=5))
ATTEMPTS = len(PAUSES)
# A message that comes a day late would shorten the 48 hours until the next question.
LATEST = timedelta(hours=24)
# The person may have read it all the same: nothing that it carries is taken back, and it counts as asking.
MAY_HAVE_ARRIVED = frozenset({R.NO_ANSWER, R.INTERRUPTED})

_SENTENCES: dict[str, Promise] = {
    R.REFUSED: _("The message was refused. Check the number or the e-mail address, then invite again."),
    R.UNREACHABLE: _("The service for messages could not be reached. Invite again later, or hand over a link."),
    R.NO_ANSWER: _("The service for messages gave no clear answer. The message may have arrived: ask the person."),
    R.NOT_SET_UP: _("The service for messages is not set up rightly. Tell whoever runs this portal."),
    R.INTERRUPTED: _("The work was interrupted. The message may have arrived: ask the person."),
    R.REFUSED_BEFORE: _("The person said no meanwhile. Nobody asks again."),
    R.OVER: _("Nothing is asked of this person any more."),
    R.ANSWERED: _("Everything was answered meanwhile, so there is nothing to ask."),
    R.NO_NOTICE: _("There is no notice to read any more. Publish one, then invite again."),
    R.NOT_THE_PERSONS: _("It is not for this person to answer alone. Invite the guardian."),
    R.NO_ADDRESS: _("The phone number or e-mail address is gone. Add one, then invite again."),
    R.NO_SENDER: _("Messages of this kind are not sent here any more. Hand over a link at the desk."),
    R.TOO_LATE: _("It could not be sent within a day. Invite again, or hand over a link."),
}


def sentence(reason: str) -> str | Promise:
    """Say what went wrong and what to do; an empty string for no reason."""
    return _SENTENCES[reason] if reason else ""


@dataclass(frozen=True)
class Message:
    subject: str
    text: str


def invitation(*, name_zh: str, name_en: str, handler: str, address: str) -> Message:
    """Write the message: Chinese first, then English, the address once for both.

    It names who asks, says that yes or no the doors stay open, and promises nothing for a yes (Measures Arts
    10, 12; NDSMR 22). It carries no name of the person: a phone may lie in anybody's hand.
    """
    zh, en = " ".join(name_zh.split()), " ".join((name_en or name_zh).split())
    return Message(
        subject=f"{zh}：请您自己决定 / {en}: yours to decide",
        text=(
            f"【{zh}】想问您是否愿意用人脸开门。同意与否，门都照常为您开。链接只属于您，请勿转给别人。{handler}\n"
            f"{address}\n"
            f"{en} asks whether you would like to open doors with your face. Yes or no, the doors stay open to you. "
            f"This link is yours alone; do not pass it on. {handler}\n"
        ),
    )
