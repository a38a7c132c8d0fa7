"""Search and filters of the lists."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField

from portal.security.models import Alert, AlertDelivery
from portal.security.webhooks.events import Event
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Membership
from tenants.people.models import Person
from tenants.premises.models import AccessPoint, Device, Zone
from tenants.rights.models import Erasure, RightsRequest


class Search(filters.CharFilter):
    """`q`: any of these fields contains the text."""

    def __init__(self, *fields: str) -> None:
        self.fields_searched = fields
        super().__init__(max_length=80, help_text=_("Text to look for."))

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        found = Q()
        for field in self.fields_searched:
            found |= Q(**{f"{field}__icontains": value})
        return qs.filter(found)


class MomentField(IsoDateTimeField):
    """One at the edge of the calendar, which no other time zone can show, is refused and not our error."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().to_python(value)
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class Moment(filters.IsoDateTimeFilter):
    field_class = MomentField


class ZoneFilter(filters.FilterSet):
    q = Search("name")

    parent = filters.UUIDFilter("parent_id")

    class Meta:
        model = Zone
        fields = ["kind", "level"]


class DoorFilter(filters.FilterSet):
    q = Search("name", "zone__name")
    zone = filters.UUIDFilter("zone_id")

    class Meta:
        model = AccessPoint
        fields: list[str] = []


class DeviceFilter(filters.FilterSet):
    q = Search("name", "serial", "access_point__name")
    access_point = filters.UUIDFilter("access_point_id")

    class Meta:
        model = Device
        fields = ["state", "mode", "purpose"]


class SearchShown(Search):
    """A hidden minor is not found by who they are."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return super().filter(qs.filter(is_hidden=False), value) if value else qs


class PersonFilter(filters.FilterSet):
    q = SearchShown("identity__name", "identity__phone", "identity__room")

    class Meta:
        model = Person
        fields = ["kind", "face_state"]


class RequestFilter(filters.FilterSet):
    q = SearchShown("number", "name", "contact")
    due_until = filters.DateFilter("due_on", lookup_expr="lte", help_text=_("Due on this day or earlier."))

    class Meta:
        model = RightsRequest
        fields = ["state", "kind"]


class ErasureFilter(filters.FilterSet):
    person = filters.UUIDFilter("person_id")
    is_completed = filters.BooleanFilter("completed_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Erasure
        fields = ["reason", "scope"]


class EventFilter(filters.FilterSet):
    device = filters.UUIDFilter("device_id")
    person = filters.UUIDFilter("person_id")
    since = Moment("at", lookup_expr="gte", help_text=_("At this moment or later: `2026-01-05T00:00:00Z`."))
    before = Moment("at", lookup_expr="lt", help_text=_("Before this moment: `2026-01-05T00:00:00Z`."))

    class Meta:
        model = DoorEvent
        fields = ["is_allowed", "method", "mode"]


class MemberFilter(filters.FilterSet):
    q = Search("user__email", "user__name")

    class Meta:
        model = Membership
        fields = ["role", "is_active"]


class AlertFilter(filters.FilterSet):
    q = Search("subject")
    since = Moment("last_at", lookup_expr="gte", help_text=_("At this moment or later: `2026-01-05T00:00:00Z`."))

    class Meta:
        model = Alert
        fields = ["state", "severity", "rule"]


class DeliveryFilter(filters.FilterSet):
    webhook = filters.UUIDFilter("endpoint_id")
    event = filters.ChoiceFilter(choices=Event.choices)

    class Meta:
        model = AlertDelivery
        fields = ["state"]
