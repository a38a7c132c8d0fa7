"""A draft that is ready, signing it, and what a refusal says."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tenants.organizations.models import Property, User
from tenants.transparency.models import Assessment
from tenants.transparency.rules.assessments import TEXTS
from tenants.transparency.services import assessments
from tests import factories

FULL = dict.fromkeys(TEXTS, "written") | {"conclusion": "acceptable"}
HIGH = {
    "title": "Leak",
    "likelihood": 4,
    "impact": 5,
    "measure": "Encrypt",
    "owner": "王经理",
    "due_on": date(2027, 1, 1),
}


def ready(tenant: Property, actor: User) -> Assessment:
    draft = assessments.start_draft(tenant=tenant, actor=actor)
    return assessments.edit(tenant=tenant, assessment=draft, actor=actor, **FULL)


def sign(tenant: Property, draft: Assessment, writer: User, people_count: int = 12) -> Assessment:
    """A colleague of who wrote it signs."""
    signer = factories.colleague_of(tenant, writer)
    return assessments.sign(tenant=tenant, assessment=draft, actor=signer, people_count=people_count)


def refused(call: Callable[[], Any]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        call()
    named = error.value.error_dict if hasattr(error.value, "error_dict") else {"": error.value.error_list}
    return {name: [one.code for one in errors] for name, errors in named.items()}
