"""Senders that send nothing: they show the message on this machine. Production refuses them (people.E001)."""

import os
import secrets
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils import timezone

from tenants.people.kinds import InvitationReason
from tenants.people.senders.protocol import NotSent


def letter(*, to: str, subject: str, text: str) -> str:
    return f"To: {to}\nSubject: {subject}\n\n{text}"


@dataclass(frozen=True)
class ConsoleSender:
    """Writes each message to the process's own output, not to its log, which masks links."""

    stream: TextIO = field(default_factory=lambda: sys.__stdout__ or sys.stdout)

    def send(self, *, to: str, subject: str, text: str) -> None:
        self.stream.write(letter(to=to, subject=subject, text=text) + "\n")
        self.stream.flush()


@dataclass(frozen=True)
class FileSender:
    """Writes each message into a file of its own that only this account may read, whole or not at all."""

    folder: Path = field(default_factory=lambda: settings.OUTBOX_DIR)

    def send(self, *, to: str, subject: str, text: str) -> None:
        name = f"{timezone.localtime():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.txt"
        draft = self.folder / f".{name}.new"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(letter(to=to, subject=subject, text=text))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.folder / name)
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise NotSent(InvitationReason.UNREACHABLE, can_retry=True) from None
