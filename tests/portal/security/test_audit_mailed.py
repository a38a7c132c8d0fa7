"""The newest seal goes to a mailbox once a day, and the log is compared with what lies there."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from portal.security.audit import mailed, seals
from portal.security.audit.tasks import mail_seal
from portal.security.models import AuditSeal
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tests import factories
from tests.architecture.catalogue import execute
from tests.roles import database_role

pytestmark = pytest.mark.django_db

ADDRESS = "auditor@example.org"


@pytest.fixture(autouse=True)
def _mailbox(tmp_path: Path, settings: Settings) -> None:
    settings.AUDIT_ANCHOR_DIR = tmp_path / "audit"
    settings.AUDIT_ANCHOR_MAIL = ADDRESS


def seal(tenant: Property) -> AuditSeal:
    enter_tenant(tenant.pk)
    factories.make_person(tenant)
    made = seals.seal(settles_after=timedelta(0))
    assert made is not None
    return made


def saved(folder: Path, content: bytes | None = None) -> Path:
    """The last mail as a mail program saves it."""
    file = folder / "seal.eml"
    file.write_bytes(mail.outbox[-1].message().as_bytes() if content is None else content)
    return file


def verify(*files: Path) -> str:
    out = StringIO()
    call_command("verify_audit", *(f"--anchor-mail={file}" for file in files), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_newest_seal_is_mailed_once_a_day(tenant: Property, settings: Settings) -> None:
    seal(tenant)
    newest = seal(tenant)
    mail_seal()
    seal(tenant)
    mail_seal()
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    assert {
        f"Seal: {newest.number}",
        f"Root: {json.loads(newest.body)['root']}",
        f"Signature: {newest.signature}",
        f"Key: {newest.key_id}",
    } <= set(letter.body.splitlines())
    (Path(settings.AUDIT_ANCHOR_DIR) / mailed.SENT).write_text("2026-01-01")
    mail_seal()
    assert len(mail.outbox) == 2


def test_without_an_address_or_a_seal_nothing_is_mailed(tenant: Property, settings: Settings) -> None:
    assert not mailed.send()
    settings.AUDIT_ANCHOR_MAIL = ""
    seal(tenant)
    assert not mailed.send()
    assert not mail.outbox
    settings.AUDIT_ANCHOR_MAIL = ADDRESS
    assert mailed.send(), "the day was not used up"


def test_a_mail_that_was_not_taken_is_tried_again(tenant: Property, settings: Settings) -> None:
    seal(tenant)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert not mailed.send()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mailed.send()


@pytest.mark.parametrize("form", ["saved", "text", "quoted"])
def test_a_mail_of_whatever_form_proves_an_unchanged_log(form: str, tenant: Property, tmp_path: Path) -> None:
    seal(tenant)
    mail_seal()
    seal(tenant)
    body = mail.outbox[-1].body
    texts = {"saved": None, "text": body.encode(), "quoted": body.replace("\n", "\n> ").encode()}
    assert "Mails of seals that agree: 1." in verify(saved(tmp_path, texts[form]))


def test_what_was_rewritten_everywhere_here_is_found_by_the_mail(tenant: Property, tmp_path: Path) -> None:
    """By somebody who has the database, the anchor's file and the key: all is sealed anew, and verifies."""
    seal(tenant)
    mail_seal()
    file = saved(tmp_path)
    with database_role("owner"), transaction.atomic():
        execute("ALTER TABLE security_auditseal DISABLE TRIGGER ALL")
        execute("DELETE FROM security_auditseal")
        execute("ALTER TABLE security_auditseal ENABLE ALWAYS TRIGGER audit_stays")
    (tmp_path / "audit" / "seals.jsonl").unlink()
    assert "are as they were sealed" in verify()
    with pytest.raises(CommandError, match="anchor-mail 1, "):
        verify(file)
    assert seal(tenant).number == 1
    assert "are as they were sealed" in verify()
    with pytest.raises(CommandError, match="anchor-mail 1, "):
        verify(file)


def test_what_is_no_mail_of_a_seal_is_said(tenant: Property, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no mail of a seal"):
        verify(saved(tmp_path, b"Subject: lunch\n\nAt noon?\n"))
    with pytest.raises(CommandError, match="cannot be read"):
        verify(tmp_path / "nothing.eml")
