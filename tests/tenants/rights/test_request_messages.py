"""Messages lie on the tracking page at once; mail and SMS only say so, and a gateway that is down loses none."""

import zlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from tenants.organizations.models import Property, User
from tenants.rights import request_jobs
from tenants.rights.kinds import AttachmentKind, Delivery, RequestKind
from tenants.rights.models import RequestAttachment, RequestMessage
from tenants.rights.rules.papers import NotAPaper, kind_of
from tenants.rights.services import answering, messages
from tests import factories
from tests.senders import Postbox
from tests.tenants.rights.asking import PHONE, confirmed, receive, send, told

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _postbox(settings: Settings) -> None:
    Postbox.sent.clear()
    settings.SMS_SENDER = settings.MAIL_SENDER = "tests.senders.Postbox"


def stream(content: bytes, dictionary: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    body = b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), dictionary, packed)
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\n%%EOF\n"


class TestDelivery:
    def test_the_letter_names_the_request_and_nothing_of_what_is_said(self, tenant: Property, owner: User) -> None:
        request = confirmed(tenant)
        row = messages.write_to_person(tenant=tenant, request=request, text="请来前台，李阿姨。", author=owner)
        assert told(request) == ["请来前台，李阿姨。"] and row.delivery == Delivery.WAITING
        row = send(row)
        assert (row.delivery, row.attempts, row.next_try_at) == (Delivery.SENT, 1, None) and row.sent_at
        letter = Postbox.sent[0]
        assert letter.to == PHONE and request.number in letter.text and f"/p/{tenant.slug}/" in letter.text
        assert "李阿姨" not in letter.subject + letter.text and "前台" not in letter.text

    def test_a_second_delivery_of_the_task_sends_nothing(self, tenant: Property, owner: User) -> None:
        row = messages.write_to_person(tenant=tenant, request=confirmed(tenant), text="好", author=owner)
        send(row)
        send(row)
        assert len(Postbox.sent) == 1

    def test_while_the_gateway_is_down_a_message_waits_longer_and_longer_and_is_not_lost(
        self, tenant: Property, owner: User, settings: Settings
    ) -> None:
        settings.SMS_SENDER = "tests.senders.Unreachable"
        row = messages.write_to_person(tenant=tenant, request=confirmed(tenant), text="好", author=owner)
        waits = []
        for _attempt in request_jobs.PAUSES:
            row = send(row)
            assert send(row).attempts == row.attempts  # too early
            if row.next_try_at:
                waits.append(row.next_try_at - timezone.now())
                row.next_try_at = timezone.now()
                row.save()
        assert waits == sorted(waits) and waits[-1] > timedelta(hours=20)
        assert row.delivery == Delivery.FAILED and told(row.request) == ["好"]

    def test_the_gateway_s_return_sends_what_waited(self, tenant: Property, owner: User, settings: Settings) -> None:
        settings.SMS_SENDER = "tests.senders.Unreachable"
        row = send(messages.write_to_person(tenant=tenant, request=confirmed(tenant), text="好", author=owner))
        settings.SMS_SENDER = "tests.senders.Postbox"
        row.next_try_at = timezone.now()
        row.save()
        assert send(row).delivery == Delivery.SENT

    def test_before_the_proof_it_goes_to_what_was_typed_and_after_it_to_what_is_on_file(
        self, tenant: Property, owner: User
    ) -> None:
        person = factories.make_person(tenant, phone="13911112222")
        for request in (receive(tenant, contact="li@example.com"), confirmed(tenant, person=person)):
            send(messages.write_to_person(tenant=tenant, request=request, text="好", author=owner))
        assert [letter.to for letter in Postbox.sent] == ["li@example.com", "13911112222"]

    def test_without_an_address_it_lies_on_the_page(self, tenant: Property, owner: User) -> None:
        request = receive(tenant, contact="问门卫")
        assert send(messages.write_to_person(tenant=tenant, request=request, text="好")).delivery == Delivery.PAGE

    def test_the_portal_s_own_notes_go_to_owners_and_privacy_officers(self, tenant: Property, owner: User) -> None:
        officer = factories.make_member(tenant, "privacy_officer")
        factories.make_member(tenant, "front_desk")
        request = receive(tenant)
        send(messages.note(tenant=tenant, request=request, text="今天到期。", author=None, template="reminder"))
        assert sorted(letter.to for letter in Postbox.sent) == sorted([owner.email, officer.email])
        assert messages.note(tenant=tenant, request=request, text="我看过了", author=owner).delivery == Delivery.PAGE
        assert told(request) == []


class TestPapers:
    def write(self, tenant: Property, *papers: tuple[str, bytes]) -> RequestMessage:
        return messages.write_from_person(tenant=tenant, request=receive(tenant), text="见附件", papers=papers)

    @pytest.mark.parametrize(
        ("name", "content", "kind"),
        [
            ("委托书.pdf", PDF, AttachmentKind.PDF),
            ("photo.jpg", "我是李阿姨\n".encode(), AttachmentKind.TEXT),
            ("x.pdf", stream(b"BT (hello) Tj ET"), AttachmentKind.PDF),
        ],
    )
    def test_a_paper_is_what_it_holds_and_not_what_it_is_called(
        self, tenant: Property, name: str, content: bytes, kind: AttachmentKind
    ) -> None:
        paper = self.write(tenant, (name, content)).attachments.get()
        assert (paper.kind, paper.name, paper.size) == (kind, name, len(content))
        assert messages.read_attachment(tenant=tenant, attachment=paper) == content
        assert timedelta(days=89) < paper.expires_at - timezone.now() <= timedelta(days=90)

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "empty"),
            (b"a" * (2 * 1000 * 1000 + 1), "too_large"),
            (b"\xff\xd8\xff\xe0JFIF", "not_taken"),
            (b"\x89PNG\r\n\x1a\n", "not_taken"),
            (b"PK\x03\x04", "not_taken"),
            (b"%PDF-1.7 cut off", "not_taken"),
            (b"text with \x00", "not_taken"),
            (b"data:image/jpeg;base64," + b"QUJD" * 200, "picture"),
            (PDF.replace(b"/Catalog", b"/XObject /Subtype /Image"), "picture"),
            (PDF.replace(b"/Catalog", b"/XObject /Subtype /#49mage"), "picture"),
            (PDF.replace(b"/Catalog", b"/XObject /Filter /DCTDecode"), "picture"),
            (stream(b"q BI /W 8 /H 8 ID \x01\x02 EI Q"), "picture"),
            (PDF.replace(b"/Catalog", b"/Catalog /OpenAction 3 0 R"), "active"),
            (PDF.replace(b"trailer <<", b"trailer << /Encrypt 5 0 R"), "active"),
            (stream(b"<< /JavaScript 3 0 R >>"), "active"),
            (stream(b"a" * 9_000_000), "too_much"),
        ],
    )
    def test_pictures_programs_and_anything_else_are_refused(self, tenant: Property, content: bytes, code: str) -> None:
        with pytest.raises(ValidationError) as refused:
            self.write(tenant, ("a.pdf", content))
        assert refused.value.error_dict["papers"][0].code == code
        assert not RequestMessage.objects.exists() and not RequestAttachment.objects.exists()

    @pytest.mark.parametrize(
        ("content", "code"),
        [(stream(b"\nBI " * 1_900_000), ""), (b"%PDF-1.7\n" + b"stream\n" * 280_000 + b"%%EOF", "too_much")],
    )
    def test_a_paper_that_was_made_to_keep_a_worker_busy_is_judged(self, content: bytes, code: str) -> None:
        """Read again and again for each of its parts it took minutes."""
        try:
            judged = kind_of(content)
        except NotAPaper as refused:
            assert refused.code == code
        else:
            assert (judged, code) == (AttachmentKind.PDF, "")

    def test_four_papers_at_once_are_too_many(self, tenant: Property) -> None:
        with pytest.raises(ValidationError) as refused:
            self.write(tenant, *[("a.pdf", PDF)] * 4)
        assert refused.value.error_dict["papers"][0].code == "too_many"

    @pytest.mark.parametrize(
        ("name", "kept"),
        [("../../etc/passwd", "passwd"), ('a"\r\n;b.pdf', "ab.pdf"), ("长" * 200, "长" * 120), ("..", "")],
    )
    def test_a_file_name_loses_what_a_header_could_trip_over(self, tenant: Property, name: str, kept: str) -> None:
        assert self.write(tenant, (name, PDF)).attachments.get().name == kept

    def test_a_paper_goes_thirty_days_after_the_end(self, tenant: Property, owner: User) -> None:
        request = confirmed(tenant, RequestKind.CORRECT)
        messages.write_from_person(tenant=tenant, request=request, text="见附件", papers=[("a.pdf", PDF)])
        answering.answer(tenant=tenant, request=request, text="已更正", actor=owner)
        paper = RequestAttachment.objects.get()
        assert paper.expires_at <= timezone.now() + timedelta(days=30)
        RequestAttachment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(ValidationError) as refused:
            messages.read_attachment(tenant=tenant, attachment=RequestAttachment.objects.get())
        assert refused.value.code == "erased"
        request_jobs.sweep_tenant(tenant)
        paper.refresh_from_db()
        assert (bytes(paper.content), paper.name) == (b"", "") and paper.erased_at and paper.sha256

    def test_a_changed_paper_is_not_handed_out(self, tenant: Property) -> None:
        paper = self.write(tenant, ("a.pdf", PDF)).attachments.get()
        paper.content = PDF + b" "
        with pytest.raises(ValidationError) as refused:
            messages.read_attachment(tenant=tenant, attachment=paper)
        assert refused.value.code == "changed"


def test_a_robot_with_a_code_does_not_fill_the_inbox(tenant: Property) -> None:
    request = receive(tenant)
    for _time in range(messages.MOST_FROM_PERSON):
        messages.write_from_person(tenant=tenant, request=request, text="在吗")
    with pytest.raises(ValidationError) as refused:
        messages.write_from_person(tenant=tenant, request=request, text="在吗")
    assert refused.value.code == "too_many"


def test_one_telephone_is_told_so_often_however_its_number_is_written(tenant: Property, owner: User) -> None:
    ways = ["13900139000", "139 0013 9000", "+86 139-0013-9000", "139.0013.9000"]
    for number in range(24):
        request = receive(tenant, contact=ways[number % len(ways)])
        send(messages.write_to_person(tenant=tenant, request=request, text="请看", author=owner))
    assert len(Postbox.sent) == 20
