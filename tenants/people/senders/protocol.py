"""What a sender is."""

from typing import Protocol

from tenants.people.kinds import InvitationReason


class NotSent(Exception):
    """The message did not go out, or nobody knows. Holds a reason only: no address and no text, so it may be logged."""

    def __init__(self, reason: InvitationReason, *, can_retry: bool) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.can_retry = can_retry


class Sender(Protocol):
    def send(self, *, to: str, subject: str, text: str) -> None:
        """Hand one message over, within seconds. Raises NotSent, and nothing else, when that fails."""
