"""The review of access: when it is due, that it decides about everybody, and that it stays."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction
from django.utils import timezone

from tenants.organizations.models import AccessReview, Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.rules import is_review_near, review_due_on
from tenants.organizations.services import reviews
from tests import factories


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2026, 1, 15), date(2026, 4, 15)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 3, 1)),
        (date(2026, 9, 30), date(2026, 12, 30)),
        (date(2026, 8, 31), date(2026, 11, 30)),
    ],
)
def test_a_review_is_due_three_months_after_the_last(last: date, due: date) -> None:
    assert review_due_on(last) == due


def test_it_is_asked_for_two_weeks_before() -> None:
    due = date(2026, 4, 15)
    assert [is_review_near(due, due - timedelta(days=days)) for days in (15, 14, 0, -9)] == [False, True, True, True]


def membership_of(tenant: Property, user: User) -> Membership:
    return Membership.objects.get(tenant=tenant, user=user)


def ids(tenant: Property) -> list:
    return list(Membership.objects.filter(tenant=tenant, is_active=True).values_list("pk", flat=True))


def test_a_new_property_is_reviewed_three_months_after_it_began(tenant: Property, owner: User) -> None:
    assert reviews.due_on(tenant) == review_due_on(timezone.localdate())
    factories.rewrite(Property.objects.filter(pk=tenant.pk), created_at=timezone.now() - timedelta(days=300))
    tenant.refresh_from_db()
    late = reviews.due_on(tenant)
    assert late < timezone.localdate()
    review = reviews.finish(tenant=tenant, actor=owner, decisions=dict.fromkeys(ids(tenant), "keep"))
    assert review.due_on == late, "The record says that it came late"
    assert reviews.due_on(tenant) == review_due_on(timezone.localdate())


def test_decisions_are_carried_out_and_written_down_by_id(tenant: Property, owner: User) -> None:
    desk, manager = factories.make_member(tenant, Role.FRONT_DESK), factories.make_member(tenant, Role.MANAGER)
    mine, leaves, changes = (membership_of(tenant, user) for user in (owner, desk, manager))
    decisions = {mine.pk: "keep", leaves.pk: "remove", changes.pk: "auditor"}
    review = reviews.finish(tenant=tenant, actor=owner, decisions=decisions)
    for row in (leaves, changes):
        row.refresh_from_db()
    assert (leaves.is_active, changes.role) == (False, Role.AUDITOR)
    said = {row["membership"]: (row["role"], row["decision"], row["to"]) for row in review.decisions}
    assert said == {
        str(mine.pk): ("owner", "keep", ""),
        str(leaves.pk): ("front_desk", "remove", ""),
        str(changes.pk): ("manager", "change", "auditor"),
    }
    assert owner.email not in str(review.decisions)


def test_a_member_nobody_decided_about_stops_the_review(tenant: Property, owner: User) -> None:
    decisions = dict.fromkeys(ids(tenant), "keep")
    factories.make_member(tenant, Role.AUDITOR)
    with pytest.raises(ValidationError) as refused:
        reviews.finish(tenant=tenant, actor=owner, decisions=decisions)
    assert refused.value.code == "changed_meanwhile"
    with pytest.raises(ValidationError):
        reviews.finish(tenant=tenant, actor=owner, decisions=dict.fromkeys(ids(tenant), "perhaps"))
    assert not AccessReview.objects.exists()


def test_the_last_owner_stays_and_may_hand_over(tenant: Property, owner: User) -> None:
    next_owner = membership_of(tenant, factories.make_member(tenant, Role.MANAGER))
    mine = membership_of(tenant, owner)
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        reviews.finish(tenant=tenant, actor=owner, decisions={mine.pk: "remove", next_owner.pk: "keep"})
    assert refused.value.code == "last_owner"
    reviews.finish(tenant=tenant, actor=owner, decisions={mine.pk: "remove", next_owner.pk: "owner"})
    next_owner.refresh_from_db()
    assert next_owner.role == Role.OWNER


def test_a_review_is_rewritten_and_deleted_by_nobody(tenant: Property, owner: User) -> None:
    reviews.finish(tenant=tenant, actor=owner, decisions=dict.fromkeys(ids(tenant), "keep"))
    rows = AccessReview.objects.filter(tenant=tenant)
    for act in (lambda: rows.update(decisions=[{}]), rows.delete):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            act()
