"""What is signed never changes, whoever writes; any other text would be another fingerprint."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.transparency.models import Assessment, AssessmentState, Risk
from tenants.transparency.rules.assessments import TEXTS, content_hash
from tenants.transparency.services import assessments
from tests import factories
from tests.tenants.transparency.steps import HIGH, ready, refused, sign


@pytest.fixture
def draft(tenant: Property, owner: User) -> Assessment:
    return ready(tenant, owner)


def test_the_database_refuses_the_signature_of_who_wrote(tenant: Property, owner: User, draft: Assessment) -> None:
    """Also past the service, whoever else wrote in it last."""
    officer = factories.make_member(tenant, Role.PRIVACY_OFFICER)
    draft = assessments.edit(tenant=tenant, assessment=draft, actor=officer, harm="written")
    for writer in (owner, officer):
        draft.state, draft.signed_by, draft.signed_at = AssessmentState.SIGNED, writer, timezone.now()
        draft.content_hash = "0" * 64
        with pytest.raises(IntegrityError, match="does not sign it"), transaction.atomic():
            draft.save()


def test_signing_freezes_everything(tenant: Property, owner: User, draft: Assessment) -> None:
    signed = sign(tenant, draft, owner)
    assert (signed.drafted_by, signed.signed_by == owner, signed.signed_at is not None) == (owner, False, True)
    assert signed.content_hash == content_hash(Assessment.objects.get(pk=signed.pk).content)
    for act in (
        lambda: assessments.edit(tenant=tenant, assessment=signed, actor=owner, harm="x"),
        lambda: sign(tenant, signed, owner),
        lambda: assessments.discard_draft(tenant=tenant, assessment=signed),
    ):
        assert refused(act) == {"": ["signed"]}


def test_the_database_refuses_what_the_service_would(tenant: Property, owner: User, draft: Assessment) -> None:
    signed = sign(tenant, draft, owner)
    risk = signed.risks.first()
    contribution = signed.contributions.get()
    other = factories.make_member(tenant)

    def add_a_contributor() -> None:
        contribution.pk, contribution.user, contribution._state.adding = None, other, True
        contribution.save()

    acts: list[Callable[[], Any]] = [
        *[
            lambda field=field: Assessment.objects.filter(pk=signed.pk).update(**{field: "changed"})
            for field in (*TEXTS, "officer_comment", "conclusion", "state", "track", "content_hash", "scope")
        ],
        lambda: Assessment.objects.filter(pk=signed.pk).update(version=7),
        lambda: Assessment.objects.filter(pk=signed.pk).update(signed_at=timezone.now()),
        signed.delete,
        lambda: Risk.objects.filter(pk=risk.pk).update(measure="changed"),
        lambda: Risk.objects.filter(pk=risk.pk).delete(),
        lambda: Risk(tenant=tenant, assessment=signed, number=99, title="x", likelihood=1, impact=1).save(),
        contribution.delete,
        add_a_contributor,
    ]
    for act in acts:
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            act()
    signed.refresh_from_db()
    assert signed.content_hash == content_hash(signed.content)


def test_a_risk_cannot_move_into_a_signed_assessment(tenant: Property, owner: User, draft: Assessment) -> None:
    signed = sign(tenant, draft, owner)
    following = assessments.start_draft(tenant=tenant, actor=owner)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        following.risks.filter(number=1).update(assessment=signed, number=99)


def test_only_being_out_of_date_is_written_later(tenant: Property, owner: User, draft: Assessment) -> None:
    signed = sign(tenant, draft, owner)
    Assessment.objects.filter(pk=signed.pk).update(
        stale_since=timezone.now(), stale_for=["vendor"], covers_until=date(2027, 1, 1)
    )
    signed.refresh_from_db()
    assert signed.stale_for == ["vendor"]


@pytest.mark.parametrize("field", [*TEXTS, "officer_comment"])
def test_any_other_text_is_another_fingerprint(tenant: Property, owner: User, draft: Assessment, field: str) -> None:
    before = content_hash(draft.content)
    changed = assessments.edit(tenant=tenant, assessment=draft, actor=owner, **{field: "changed"})
    assert content_hash(changed.content) != before


@pytest.mark.parametrize(
    "change",
    [{"measure": "x"}, {"owner": "x"}, {"impact": 1}, {"due_on": date(2027, 5, 5)}, {"title": "x"}, {"kind": "leak"}],
)
def test_any_other_risk_is_another_fingerprint(tenant: Property, owner: User, draft: Assessment, change: dict) -> None:
    before = assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=[HIGH])
    fingerprint = content_hash(before.content)
    after = assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=[HIGH | change])
    assert content_hash(after.content) != fingerprint
