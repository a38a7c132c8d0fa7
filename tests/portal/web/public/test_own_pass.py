"""The person's own pass: codes for an hour on the phone, new ones on request, and nobody else looks."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.web.reads.passes import AHEAD, codes_from
from tenants.organizations.models import Property
from tenants.people import codes
from tenants.people.models import Pass
from tenants.people.services import passes
from tenants.people.services.passing import check
from tenants.premises.kinds import MethodKind
from tests import factories
from tests.portal.web.public.conftest import Own


@pytest.fixture
def qr(own: Own) -> Pass:
    return passes.issue_qr(tenant=own.tenant, person=own.person)


def shown(client: Client, own: Own) -> str:
    """What the page's first code would say to a reader."""
    box = re.search(r'data-pictures="(\d{6}):', client.get(own.url("me_pass")).content.decode())
    return codes.qr_text(Pass.objects.get(kind="qr").pk, box[1])


def test_the_code_on_the_page_opens_a_door(client: Client, own: Own, qr: Pass) -> None:
    door = factories.make_door(own.tenant, methods=(MethodKind.FACE, MethodKind.QR))
    device, _code = factories.make_device(own.tenant, door)
    assert door.name in client.get(own.url("me_pass")).content.decode()
    assert check(device=device, kind="qr", qr=shown(client, own)).allowed


def test_what_the_phone_draws_is_what_a_reader_reads(qr: Pass) -> None:
    """The modules of every picture, put together again, are the QR that segno makes of its text."""
    import segno

    drawn = codes_from(qr, now=timezone.now())
    pictures = [picture.split(":") for picture in drawn.pictures.split(" ")]
    assert len(pictures) == AHEAD
    for digits, modules in (pictures[0], pictures[-1]):
        bits = f"{int(modules, 16):0{drawn.size**2}b}"
        text = codes.qr_text(qr.pk, digits)
        wanted = segno.make(text, error="m", micro=False).matrix
        assert bits == "".join("1" if module else "0" for row in wanted for module in row)
    assert pictures[0][0] == drawn.code
    later = codes_from(qr, now=timezone.now() + timedelta(seconds=30 * (AHEAD - 1)), count=1)
    assert pictures[-1][0] == later.code


def test_the_page_is_small_and_kept_by_no_cache(client: Client, own: Own, qr: Pass) -> None:
    answer = client.get(own.url("me_pass"))
    assert len(answer.content) < 60_000  # with its stylesheet
    assert answer["Cache-Control"] == "no-store"
    without_script = answer.content.decode().split("<noscript>")[1:]
    assert 'http-equiv="refresh"' in without_script[0]
    assert f'href="{own.url("me_pass")}">New code' in without_script[1]


def test_new_codes_make_the_old_ones_worthless(client: Client, own: Own, qr: Pass) -> None:
    device, _code = factories.make_device(own.tenant, factories.make_door(own.tenant, methods=(MethodKind.QR,)))
    old = shown(client, own)
    page = client.post(own.url("me_pass"), follow=True).content.decode()
    assert "Every code shown before this moment is worthless." in page
    assert check(device=device, kind="qr", qr=old).rule == "pass_wrong_code"
    assert check(device=device, kind="qr", qr=shown(client, own)).allowed


def test_somebody_who_said_no_to_the_face_sees_the_same_page(client: Client, own: Own, qr: Pass) -> None:
    from tenants.people.kinds import ConsentDecision
    from tenants.people.services.links import open_link

    factories.agree(open_link(tenant=own.tenant, token=own.token), ConsentDecision.DECLINE)
    assert shown(client, own)


def test_without_a_pass_the_page_says_who_gives_one(client: Client, own: Own) -> None:
    page = client.get(own.url("me_pass")).content.decode()
    assert "You have no QR pass yet." in page
    assert "http-equiv" not in page
    assert client.post(own.url("me_pass"), follow=True).status_code == 200


def test_a_pass_that_is_over_shows_no_code(client: Client, own: Own) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    passes.issue_qr(tenant=own.tenant, person=own.person, valid_until=yesterday)
    page = client.get(own.url("me_pass")).content.decode()
    assert "not valid today" in page
    assert "data-pictures" not in page


def test_cards_and_the_personal_number_are_there_and_the_pin_is_not(client: Client, own: Own) -> None:
    passes.issue_card(tenant=own.tenant, person=own.person, number="0004567890AB")
    record, pin = passes.issue_pin(tenant=own.tenant, person=own.person)
    page = client.get(own.url("me_pass")).content.decode()
    assert "ends in 90AB" in page
    assert record.pass_number in page
    assert pin not in page
    assert "The desk gives you a new one." in page


def test_a_signed_in_member_sees_no_codes(client: Client, own: Own, qr: Pass, tenant: Property) -> None:
    client.force_login(factories.make_member(own.tenant))
    answer = client.get(own.url("me_pass"))
    assert (answer.status_code, b"data-pictures" in answer.content) == (403, False)
    assert client.post(own.url("me_pass")).status_code == 403
    assert Pass.objects.get().generation == 1


def test_a_guardian_shows_the_pass_of_the_child_and_not_their_own(client: Client, own: Own, qr: Pass) -> None:
    from tenants.people.models import Person

    guardian = factories.make_guardian(own.tenant, guardian=own.person)
    child = Person.objects.get(pk=guardian.child_id)
    theirs = passes.issue_qr(tenant=own.tenant, person=child)
    url = own.url("child_pass", child.pk)
    assert url in client.get(own.url("child", child.pk)).content.decode()
    digits = re.search(r'data-pictures="(\d{6}):', client.get(url).content.decode())[1]
    device, _code = factories.make_device(own.tenant, factories.make_door(own.tenant, methods=(MethodKind.QR,)))
    answer = check(device=device, kind="qr", qr=codes.qr_text(theirs.pk, digits))
    assert (answer.allowed, answer.person_id) == (True, child.pk)
    assert client.post(url)["Location"] == url
    assert (Pass.objects.get(pk=theirs.pk).generation, Pass.objects.get(pk=qr.pk).generation) == (2, 1)
