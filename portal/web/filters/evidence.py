"""Search for the evidence about a person, who has a code here and no name."""

import re
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.people.kinds import FaceState

_CODE = re.compile(r"[0-9a-f]{1,8}")


class EvidenceFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    face = django_filters.ChoiceFilter(
        field_name="face_state", choices=FaceState.choices, label=_("Face"), empty_label=_("All")
    )

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        code = value.strip().lower().split("-")[0]
        return rows.filter(pk__startswith=code) if _CODE.fullmatch(code) else rows.none()
