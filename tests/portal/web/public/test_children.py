"""A guardian at a child's pages: reached from their own link, and closed the day after the 14th birthday."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import ConsentStatus, GivenBy
from tenants.people.models import Consent, Guardian, Person
from tenants.people.services.consents import consent_statuses
from tenants.people.services.guardians import end_guardian
from tenants.rights.models import Erasure
from tenants.transparency.models import Notice
from tests import factories
from tests.portal.web.public.conftest import Own


class Family(Own):
    """A mother with her link, her child, and the addresses of the child's pages."""

    def __init__(self, tenant: Property) -> None:
        super().__init__(tenant)
        self.child: Person = factories.make_child(tenant, "李小宝")
        self.guardian: Guardian = factories.make_guardian(tenant, self.child, self.person)

    def child_url(self, name: str = "child", *args: object) -> str:
        return reverse(name, args=[self.tenant.slug, self.token, self.child.pk, *args])


@pytest.fixture
def notice(tenant: Property) -> Notice:
    factories.allow_children(tenant)
    factories.make_lawful(tenant)
    return Notice.objects.filter(tenant=tenant).current()


@pytest.fixture
def family(tenant: Property, notice: Notice) -> Family:
    return Family(tenant)


def answer(client: Client, family: Family, purpose: str, decision: str, notice: Notice) -> object:
    data = {"notice": notice.pk, "decision": decision}
    return client.post(family.child_url("child_consent", purpose), data, follow=True)


def test_the_guardian_finds_the_child_and_answers_one_question_at_a_time(
    client: Client, family: Family, notice: Notice
) -> None:
    page = client.get(family.url()).content.decode()
    assert family.child_url() in page and "＊宝" in page and "李小宝" not in page
    assert 'data-situation="unanswered"' in client.get(family.child_url()).content.decode()
    question = client.get(family.child_url("child_consent", "recognition")).content.decode()
    assert "your child" in question and "Rules for children" in question
    response = answer(client, family, "recognition", "agree", notice)
    assert response.redirect_chain[-1][0] == family.child_url("child_consent", "transmission")
    consent = Consent.objects.get()
    assert (consent.person, consent.given_by, consent.guardian) == (family.child, GivenBy.GUARDIAN, family.guardian)
    assert "Holds until" in client.get(family.child_url()).content.decode()


def test_a_no_leads_at_once_to_the_other_ways(client: Client, family: Family, notice: Notice) -> None:
    factories.make_active_device(family.tenant)
    response = answer(client, family, "recognition", "decline", notice)
    assert response.redirect_chain[-1][0] == f"{family.child_url()}#ways"
    page = response.content.decode()
    assert 'data-situation="declined"' in page and 'id="ways"' in page and "How to get one" in page


def test_the_guardian_stops_it_in_one_press(client: Client, family: Family, notice: Notice) -> None:
    for purpose in ("recognition", "transmission"):
        answer(client, family, purpose, "agree", notice)
    client.post(family.child_url("child_stop"))
    assert Erasure.objects.get().person == family.child
    assert not Consent.objects.filter(withdrawn_at__isnull=True).exists()


def test_where_children_are_not_allowed_nothing_is_asked(client: Client, family: Family, notice: Notice) -> None:
    update_property(tenant=family.tenant, allows_under_14=False)
    assert 'data-situation="under_14"' in client.get(family.child_url()).content.decode()
    answer(client, family, "recognition", "agree", notice)
    assert not Consent.objects.exists()


def test_the_childs_own_page_says_that_a_guardian_answers(client: Client, family: Family, notice: Notice) -> None:
    child = Own.__new__(Own)
    child.tenant, child.person = family.tenant, family.child
    child.token = factories.make_link(family.tenant, family.child)
    assert 'data-situation="guardian_answers"' in client.get(child.url()).content.decode()
    client.post(child.url("me_consent", "recognition"), {"notice": notice.pk, "decision": "agree"})
    assert not Consent.objects.exists()


def test_from_the_day_after_the_14th_birthday_the_child_decides(client: Client, family: Family, notice: Notice) -> None:
    answer(client, family, "recognition", "agree", notice)
    family.child.age_band_until = timezone.localdate()
    family.child.save()
    assert client.get(family.child_url()).status_code == 200
    family.child.age_band_until -= timedelta(days=1)
    family.child.save()
    closed = client.get(family.child_url())
    assert closed.status_code == 404 and "decide alone" in closed.content.decode()
    assert "decides alone" in client.get(family.url()).content.decode()
    own = factories.make_visit(family.tenant, family.child)
    assert ConsentStatus.NEEDS_PERSON in consent_statuses(own.person).values()


def test_before_the_birthday_is_known_the_page_says_who_can_mend_it(
    client: Client, family: Family, notice: Notice
) -> None:
    """Of a child who was entered by age only, from before the date of birth was asked for."""
    Person.objects.filter(pk=family.child.pk).update(age_band_until=None)
    page = client.get(family.child_url()).content.decode()
    assert 'data-situation="birthday_missing"' in page and "date of birth" in page
    response = answer(client, family, "recognition", "agree", notice)
    assert "date of birth first" in response.content.decode()
    assert not Consent.objects.exists()


def test_before_a_notice_has_rules_for_children_nothing_is_asked(client: Client, tenant: Property) -> None:
    notice = factories.make_notice(tenant)
    update_property(tenant=tenant, allows_under_14=True)
    family = Family(tenant)
    assert 'data-situation="under_14"' in client.get(family.child_url()).content.decode()
    answer(client, family, "recognition", "agree", notice)
    assert not Consent.objects.exists()


def test_a_child_opens_for_nobody_else(client: Client, family: Family, notice: Notice) -> None:
    stranger = Own(family.tenant)
    other = factories.make_child(family.tenant, "别人家")
    for url in (
        reverse("child", args=[family.tenant.slug, stranger.token, family.child.pk]),
        reverse("child", args=[family.tenant.slug, family.token, other.pk]),
        reverse("child_stop", args=[family.tenant.slug, stranger.token, family.child.pk]),
    ):
        assert client.post(url).status_code in {404, 405}
        assert client.get(url).status_code == 404
    end_guardian(tenant=family.tenant, guardian=family.guardian)
    assert client.get(family.child_url()).status_code == 404


def test_staff_cannot_answer_on_a_childs_page(client: Client, family: Family, notice: Notice, owner: User) -> None:
    client.force_login(owner)
    assert client.get(family.child_url("child_consent", "recognition")).status_code == 403
    for name, args in (("child_consent", ("recognition",)), ("child_stop", ()), ("child_restrict", ())):
        data = {"notice": notice.pk, "decision": "agree"}
        assert client.post(family.child_url(name, *args), data).status_code == 403
    assert not Consent.objects.exists()
