"""The desk lets somebody register: a code shown once, watched, stopped; whoever it was is still checked."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.models import Registration
from tenants.people.services.registrations import find_ticket, make_ticket, register
from tests import factories

Address = Callable[..., str]
ENTRIES = {"name": "周己", "kind": "renter", "age_band": "adult", "phone": "13911112222"}
HTMX = {"headers": {"hx-request": "true"}}


def make(desk: Client, tenant: Property, address: Address) -> tuple[str, str, Registration]:
    """Press the button; return the page, the secret on it and the row."""
    page = desk.post(address("registrations")).content.decode()
    token = re.search(rf"http://testserver/p/{tenant.slug}/register/([\w-]+)/", page).group(1)
    return page, token, find_ticket(tenant=tenant, token=token)


def test_the_people_page_leads_to_it_for_who_may_add_people(
    desk: Client, sign_in: Callable[[Role], Client], address: Address
) -> None:
    assert address("registrations") in desk.get(address("people")).content.decode()
    assert address("registrations") not in sign_in(Role.AUDITOR).get(address("people")).content.decode()


def test_the_code_is_made_by_a_press_and_shown_once(desk: Client, tenant: Property, address: Address) -> None:
    assert "Make a code" in desk.get(address("registrations")).content.decode()
    assert not Registration.objects.exists()
    answer = desk.post(address("registrations"))
    assert answer["Cache-Control"] == "no-store" and "<svg role=" in answer.content.decode()
    _page, token, registration = make(desk, tenant, address)
    for name, args in (("registrations", ()), ("registration", (registration.pk,))):
        assert token not in desk.get(address(name, *args)).content.decode()
    assert token not in str(dict(desk.session))


def test_the_desk_is_told_to_look_who_it_is(desk: Client, tenant: Property, address: Address) -> None:
    page, _token, registration = make(desk, tenant, address)
    for shown in (
        page,
        *(desk.get(address(*a)).content.decode() for a in (("registrations",), ("registration", registration.pk))),
    ):
        assert "Check who the person is" in shown


def test_the_page_waits_and_says_who_registered(desk: Client, tenant: Property, address: Address) -> None:
    page, token, registration = make(desk, tenant, address)
    watched = address("registration", registration.pk)
    assert f'hx-get="{watched}"' in page
    answer = desk.get(watched, **HTMX)
    assert "HX-Redirect" not in answer and "Waiting for the person" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    person = register(tenant=tenant, token=token, submission="x", **ENTRIES).registration.person
    assert desk.get(watched, **HTMX)["HX-Redirect"] == watched
    for shown in (desk.get(watched).content.decode(), desk.get(address("registrations")).content.decode()):
        assert "周己" in shown and address("person", person.pk) in shown


def test_an_expired_code_offers_a_new_one(desk: Client, tenant: Property, address: Address) -> None:
    _page, _token, registration = make(desk, tenant, address)
    Registration.objects.update(made_at=timezone.now() - timedelta(hours=1), expires_at=timezone.now())
    watched = address("registration", registration.pk)
    assert desk.get(watched, **HTMX)["HX-Redirect"] == watched
    page = desk.get(watched).content.decode()
    assert "The code has expired" in page and "Make a new code" in page and "hx-get" not in page


def test_the_cancel_button_stops_it_and_asking_alone_does_not(desk: Client, tenant: Property, address: Address) -> None:
    page, _token, registration = make(desk, tenant, address)
    stop = address("registration_cancel", registration.pk)
    assert f'action="{stop}"' in page
    desk.get(stop)
    registration.refresh_from_db()
    assert registration.cancelled_at is None
    for _time in range(2):
        assert "The code was stopped" in desk.post(stop, follow=True).content.decode()
    registration.refresh_from_db()
    assert registration.cancelled_at is not None


def test_stopping_comes_too_late_for_a_used_one(desk: Client, tenant: Property, address: Address) -> None:
    _page, token, registration = make(desk, tenant, address)
    register(tenant=tenant, token=token, submission="x", **ENTRIES)
    page = desk.post(address("registration_cancel", registration.pk), follow=True).content.decode()
    assert "This code was over already" in page and "周己" in page


def test_a_minor_who_registered_is_named_by_code_only(desk: Client, tenant: Property, address: Address) -> None:
    _page, token, registration = make(desk, tenant, address)
    entries = ENTRIES | {"age_band": "teen", "birth_date": timezone.localdate() - timedelta(days=366 * 15)}
    person = register(tenant=tenant, token=token, submission="x", **entries).registration.person
    for name, args in (("registration", (registration.pk,)), ("registrations", ())):
        page = desk.get(address(name, *args)).content.decode()
        assert person.code in page and "周己" not in page


def test_the_list_asks_a_constant_number_of_queries(
    desk: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    def one_more() -> int:
        _page, token, _registration = make(desk, tenant, address)
        register(tenant=tenant, token=token, submission="x", **ENTRIES)
        return count_queries(desk, address("registrations"))

    one_more()
    assert one_more() == one_more()


def test_codes_of_yesterday_are_not_listed(desk: Client, tenant: Property, address: Address) -> None:
    make(desk, tenant, address)
    a_day_ago = timezone.now() - timedelta(days=1)
    Registration.objects.update(made_at=a_day_ago, expires_at=a_day_ago + timedelta(minutes=30))
    assert "No code was made today" in desk.get(address("registrations")).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_code_of_another_property_is_not_found(desk: Client, tenant: Property, address: Address, method: str) -> None:
    other = factories.make_property()
    foreign, _token = make_ticket(tenant=other, made_by=factories.make_member(other))
    for name in ("registration", "registration_cancel"):
        assert getattr(desk, method)(address(name, foreign.pk)).status_code in {404, 405}
