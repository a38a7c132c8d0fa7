"""Senders for tests of what goes around them. Never run in production (people.E001, E002)."""

from dataclasses import dataclass
from typing import ClassVar

from tenants.people.kinds import InvitationReason
from tenants.people.senders import NotSent


@dataclass(frozen=True)
class Sent:
    to: str
    subject: str
    text: str

    @property
    def token(self) -> str:
        """The secret of the personal link in the message."""
        return self.text.split("/me/")[1].split("/")[0]


class Postbox:
    """Keeps what it was given, for one test: `tests/conftest.py` empties it."""

    sent: ClassVar[list[Sent]] = []

    def send(self, *, to: str, subject: str, text: str) -> None:
        self.sent.append(Sent(to, subject, text))


class Silent(Postbox):
    """The message may have arrived; nobody answered."""

    def send(self, *, to: str, subject: str, text: str) -> None:
        super().send(to=to, subject=subject, text=text)
        raise NotSent(InvitationReason.NO_ANSWER, can_retry=True)


class Refusing:
    def send(self, *, to: str, subject: str, text: str) -> None:
        raise NotSent(InvitationReason.REFUSED, can_retry=False)


class Unreachable:
    def send(self, *, to: str, subject: str, text: str) -> None:
        raise NotSent(InvitationReason.UNREACHABLE, can_retry=True)


class Dying(Postbox):
    """The worker dies when the message has left."""

    def send(self, *, to: str, subject: str, text: str) -> None:
        super().send(to=to, subject=subject, text=text)
        raise MemoryError
