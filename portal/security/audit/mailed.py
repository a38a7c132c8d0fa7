"""The newest seal by mail, once a day (AUDIT_ANCHOR_MAIL): a copy where nobody of this installation can reach it.

Whoever rewrites the log, its seals and the anchor's file still cannot take back what lies in somebody's mailbox.
"""

import email
import email.policy
import fcntl
import json
import logging
import re
from dataclasses import dataclass
from email.message import EmailMessage as SavedMail
from pathlib import Path
from smtplib import SMTPException
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.security.audit.seals import digest
from portal.security.audit.verification import Fault, Finding
from portal.security.models import AuditSeal

logger = logging.getLogger(__name__)
SENT = "mailed"  # beside the anchor's file: the day of the last mail
PLACE = "anchor-mail"
_LINE = re.compile(r"^[>\s]*(Seal|Root|Fingerprint|Signature|Key): (\S+)\s*$", re.MULTILINE)


class Unreadable(Exception):
    """A file is no mail of a seal."""


@dataclass(frozen=True)
class Mailed:
    """What a mail says of a seal. The fingerprint is that of the signed text, by which the next seal calls it."""

    number: int
    root: str
    fingerprint: str
    signature: str
    key_id: str

    @classmethod
    def of(cls, seal: AuditSeal) -> Self:
        root = str(json.loads(seal.body)["root"])
        return cls(seal.number, root, digest(seal.body), seal.signature, seal.key_id)

    def lines(self) -> str:
        """Return the lines that `read` looks for: the same in every language."""
        return (
            f"Seal: {self.number}\nRoot: {self.root}\nFingerprint: {self.fingerprint}\n"
            f"Signature: {self.signature}\nKey: {self.key_id}\n"
        )


def send() -> bool:
    """Mail the newest seal unless today's mail has gone (Beijing date); say whether it went now.

    What the mail server does not take is an error in the process's log, and is tried again with the next call.
    """
    seal = AuditSeal.objects.defer("hashes", "entry_ids", "access_ids").order_by("-number").first()
    if not settings.AUDIT_ANCHOR_MAIL or seal is None:
        return False
    folder, today = Path(settings.AUDIT_ANCHOR_DIR), timezone.localdate().isoformat()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / SENT).open("a+", encoding="ascii") as sent:
        fcntl.flock(sent, fcntl.LOCK_EX)  # of all nodes, which share the folder
        sent.seek(0)
        if sent.read() == today:
            return False
        try:
            _letter(seal).send()
        except (SMTPException, OSError):
            logger.exception("The newest seal of the log could not be mailed.")
            return False
        sent.truncate(0)
        sent.write(today)
    return True


def _letter(seal: AuditSeal) -> EmailMessage:
    told = _(
        "Keep this mail, it proves the log of the portal until %(until)s. To compare: save it and run "
        "“manage.py verify_audit --anchor-mail FILE” (docs/evidence.md)."
    ) % {"until": timezone.localtime(seal.made_at).strftime("%Y-%m-%d %H:%M")}
    subject = _("Seal %(number)s of the log") % {"number": seal.number}
    text = f"{told}\n\n{Mailed.of(seal).lines()}"
    return EmailMessage(subject, text, to=[settings.AUDIT_ANCHOR_MAIL], headers={"Auto-Submitted": "auto-generated"})


def read(file: Path) -> Mailed:
    """Return what a saved mail, or its text alone, says of a seal. Raises Unreadable, and OSError."""
    content = file.read_bytes()
    saved = email.message_from_bytes(content, _class=SavedMail, policy=email.policy.default)
    body = saved.get_body(preferencelist=("plain",))
    for text in (body.get_content() if body else "", content.decode(errors="replace")):
        said = dict(_LINE.findall(text))
        if len(said) == 5 and said["Seal"].isdecimal():
            return Mailed(int(said["Seal"]), said["Root"], said["Fingerprint"], said["Signature"], said["Key"])
    raise Unreadable(str(file))


def compare(mailed: Mailed) -> list[Finding]:
    """Return what is not as it was mailed: nothing, or that the seal is missing or says something else now."""
    seal = AuditSeal.objects.defer("hashes", "entry_ids", "access_ids").filter(number=mailed.number).first()
    if seal is not None and Mailed.of(seal) == mailed:
        return []
    fault = Fault.SEAL_MISSING if seal is None else Fault.ANCHOR
    return [Finding((mailed.number, 9, 1), PLACE, mailed.number, fault)]
