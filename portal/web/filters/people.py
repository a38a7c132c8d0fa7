"""Search and filters over people."""

import re
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.people.kinds import ConsentStatus, FaceState, PersonKind

_CODE = re.compile(r"[0-9A-Fa-f]{8}")


def matching(rows: QuerySet[Any], words: str, *, prefix: str = "", named: Q | None = None) -> QuerySet[Any]:
    """Keep the people whose name, phone, room or code contains what was typed.

    `named` narrows who is found by name, phone or room: a hidden minor is found by code only.
    """
    words = words.strip()
    if "\x00" in words:  # no text in the database has one, and asking for it is an error there
        return rows.none()
    wanted = Q()
    for field in ("name", "phone", "room"):
        wanted |= Q(**{f"{prefix}identity__{field}__icontains": words})
    wanted &= named or Q()
    if _CODE.fullmatch(words):
        wanted |= Q(**{f"{prefix}pk__startswith": words.lower()})
    return rows.filter(wanted)


class PeopleFilter(django_filters.FilterSet):
    """Records without an identity are evidence; they are shown only when asked for."""

    q = django_filters.CharFilter(method="search")
    face = django_filters.ChoiceFilter(
        field_name="face_state", choices=FaceState.choices, label=_("Face"), empty_label=_("All")
    )
    consent = django_filters.ChoiceFilter(choices=ConsentStatus.choices, label=_("Consent"), empty_label=_("All"))
    kind = django_filters.ChoiceFilter(choices=PersonKind.choices, label=_("Kind"), empty_label=_("All"))
    record = django_filters.ChoiceFilter(
        choices=[("erased", _("Erased records"))],
        method="by_record",
        label=_("Record"),
        empty_label=_("Current"),
    )

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return matching(rows, value, named=Q(is_hidden=False))

    def by_record(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows.filter(erased_at__isnull=False)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("record") else rows.filter(erased_at__isnull=True)
