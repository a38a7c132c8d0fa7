"""Somebody registers with a code from the desk: a short form, once, and then their own page."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal import limits
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import AgeBand, RegistrationState
from tenants.people.models import Consent, Person, PersonIdentity, PromptRecord, Registration
from tenants.people.services.persons import add_person
from tenants.people.services.registrations import cancel, make_ticket
from tenants.transparency.models import Notice
from tests import factories
from tests.threads import Job, interleave

FORM = {"name": "周己", "kind": "renter", "age_band": "adult", "room": "5-301", "contact": "139 1111 2222"}
DOCUMENT = "E12345678"


@pytest.fixture
def url(tenant: Property, owner: User) -> str:
    _registration, token = make_ticket(tenant=tenant, made_by=owner)
    return reverse("register", args=[tenant.slug, token])


def submission(client: Client, url: str) -> str:
    return re.search(r'name="submission" value="([^"]+)"', client.get(url).content.decode()).group(1)


def main(page: str) -> str:
    return page.split("<main")[1].split("</main>", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("language", "words", "never"),
    [("en", "What happens with it", "face"), ("zh-hans", "登记", "人脸")],
)
def test_the_page_says_whose_it_is_and_speaks_of_no_face(
    client: Client, tenant: Property, url: str, language: str, words: str, never: str
) -> None:
    client.cookies["django_language"] = language
    answer = client.get(url)
    page = answer.content.decode()
    assert tenant.display_name in page or tenant.name in page
    assert tenant.handler.name in page and words in page
    assert never not in main(page).lower()
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    assert " checked" not in main(page)  # nothing is chosen beforehand


def test_registering_leads_to_the_persons_own_page(client: Client, tenant: Property, url: str, notice: Notice) -> None:
    answer = client.post(url, FORM | {"submission": submission(client, url)}, follow=True)
    person = Person.objects.get()
    assert re.fullmatch(rf"/p/{tenant.slug}/me/[\w-]+/", answer.redirect_chain[-1][0])
    page = answer.content.decode()
    assert "You are registered" in page and "周＊＊" in page
    assert (person.identity.phone, person.identity.email, person.kind) == ("139 1111 2222", "", "renter")
    assert not Consent.objects.exists() and not PromptRecord.objects.exists()


def test_the_same_form_sent_twice_is_one_person_at_one_page(client: Client, url: str, notice: Notice) -> None:
    form = FORM | {"submission": submission(client, url)}
    pages = [client.post(url, form, follow=True) for _time in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert "You are registered already" in pages[1].content.decode()
    assert Person.objects.count() == 1


def test_a_forwarded_code_takes_nobody_else(client: Client, url: str, notice: Notice) -> None:
    client.post(url, FORM | {"submission": submission(client, url)})
    stranger = Client(headers={"accept-language": "en"})
    for answer in (stranger.get(url), stranger.post(url, FORM | {"name": "别人", "submission": "guess"})):
        assert answer.status_code == 410
        page = answer.content.decode()
        assert "ask the desk for a code of your own" in page
        assert "周" not in page and "13911112222" not in page and "/me/" not in page
    assert PersonIdentity.objects.get().name == "周己"


@pytest.mark.parametrize("method", ["get", "post", "bad"])
@pytest.mark.parametrize(("state", "words"), [("expired", "30 minutes"), ("cancelled", "The desk has stopped")])
def test_a_code_that_is_over_says_what_to_do(
    client: Client, tenant: Property, url: str, method: str, state: str, words: str
) -> None:
    if state == "expired":
        Registration.objects.update(made_at=timezone.now() - timedelta(hours=1), expires_at=timezone.now())
    else:
        cancel(tenant=tenant, registration=Registration.objects.get())
    answer = client.get(url) if method == "get" else client.post(url, FORM if method == "post" else {})
    assert answer.status_code == 410
    assert words in answer.content.decode() and "new one" in answer.content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_code_says_what_to_do(client: Client, tenant: Property, url: str, method: str) -> None:
    answer = getattr(client, method)(reverse("register", args=[tenant.slug, "no-such-secret"]), FORM)
    assert answer.status_code == 404
    assert "Scan it again" in answer.content.decode()


def test_a_code_opens_nothing_in_another_property(client: Client, url: str) -> None:
    other = factories.make_property()
    there = reverse("register", args=[other.slug, url.split("/")[-2]])
    assert client.get(there).status_code == client.post(there, FORM).status_code == 404
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("name", "\x00"),
        ("kind", ""),
        ("kind", "boss"),
        ("age_band", ""),
        ("birth_date", "3000-01-01"),
        ("room", "x" * 41),
        ("contact", ""),
        ("contact", "call me"),
        ("contact", "123"),
        ("contact", "1" * 41),
        ("contact", "a@b"),
        ("document", "?"),
    ],
)
def test_a_bad_entry_is_named_beside_its_field_and_nothing_is_lost(
    client: Client, url: str, field: str, value: str
) -> None:
    form = FORM | {"submission": submission(client, url), field: value}
    answer = client.post(url, form)
    page = answer.content.decode()
    assert answer.status_code == 200 and list(answer.context["form"].errors) == [field]
    for name in set(FORM) - {field}:
        assert f'value="{form[name]}"' in page
    assert f'value="{form["submission"]}"' in page
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("typed", "phone", "email"),
    [
        ("１３９１１１１２２２２", "13911112222", ""),
        ("+86 (571) 0000-0000", "+86 (571) 0000-0000", ""),
        (" zhou@example.com ", "", "zhou@example.com"),
    ],
)
def test_a_phone_or_an_e_mail_is_enough(
    client: Client, url: str, typed: str, phone: str, email: str, notice: Notice
) -> None:
    client.post(url, FORM | {"contact": typed})
    identity = PersonIdentity.objects.get()
    assert (identity.phone, identity.email) == (phone, email)


def test_a_child_is_sent_to_the_desk_politely(client: Client, url: str) -> None:
    answer = client.post(url, FORM | {"age_band": "under_14"})
    assert "together with a parent or guardian" in answer.content.decode()
    assert list(answer.context["form"].errors) == ["age_band"]
    assert not Person.objects.exists()
    assert Registration.objects.get().state == RegistrationState.OPEN


def test_a_young_person_writes_a_date_of_which_only_the_age_is_kept(client: Client, url: str, notice: Notice) -> None:
    answer = client.post(url, FORM | {"age_band": "teen"})
    assert list(answer.context["form"].errors) == ["birth_date"]
    born = timezone.localdate() - timedelta(days=366 * 15)
    client.post(url, FORM | {"age_band": "teen", "birth_date": born.isoformat()})
    assert Person.objects.get().age_band == AgeBand.TEEN
    assert born.isoformat() not in str(vars(Person.objects.get()))


def test_somebody_on_record_is_asked_to_the_desk_and_the_code_still_works(
    client: Client, tenant: Property, url: str, notice: Notice
) -> None:
    known = add_person(tenant=tenant, name="李阿姨", age_band=AgeBand.ADULT, document=DOCUMENT)
    page = client.post(url, FORM | {"document": DOCUMENT}).content.decode()
    assert "Please ask at the desk" in page
    assert known.code not in page and "李" not in main(page)
    assert client.post(url, FORM).status_code == 302
    assert Person.objects.count() == 2


def test_of_a_document_only_a_hash_is_kept(client: Client, url: str, notice: Notice) -> None:
    client.post(url, FORM | {"document": DOCUMENT})
    identity = PersonIdentity.objects.get()
    assert len(identity.document_hash) == 64 and DOCUMENT not in str(vars(identity))


def test_a_member_of_staff_does_not_register_for_somebody(client: Client, url: str, owner: User) -> None:
    client.force_login(owner)
    assert client.get(url).status_code == 200
    assert client.post(url, FORM).status_code == 403
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_at_once_the_second_is_told_what_to_do() -> None:
    with transaction.atomic():
        tenant = factories.make_property()
        _registration, token = make_ticket(tenant=tenant, made_by=factories.make_member(tenant))
    there = reverse("register", args=[tenant.slug, token])
    send = lambda name: Client(headers={"accept-language": "en"}).post(there, FORM | {"name": name})  # noqa: E731
    first, second = interleave(
        Job(lambda: send("周己"), pause_before='INSERT INTO "people_personidentity"'), Job(lambda: send("别人"))
    )
    assert (first.status_code, second.status_code) == (302, 410)
    assert "code of your own" in second.content.decode()
    with tenant_context(tenant.pk):
        assert PersonIdentity.objects.get().name == "周己"


def test_too_many_sendings_get_a_friendly_page(client: Client, url: str) -> None:
    for _number in range(limits.REGISTRATIONS_BY_TICKET.count):
        assert client.post(url, {}).status_code == 200
    answer = client.post(url, FORM)
    assert answer.status_code == 429 and answer["Retry-After"]
    assert not Person.objects.exists()


def test_one_address_cannot_send_without_end(client: Client, tenant: Property, owner: User) -> None:
    for _number in range(limits.REGISTRATIONS_BY_ADDRESS.count):
        limits.REGISTRATIONS_BY_ADDRESS.count_one("127.0.0.1")
    _registration, token = make_ticket(tenant=tenant, made_by=owner)
    assert client.post(reverse("register", args=[tenant.slug, token]), FORM).status_code == 429
