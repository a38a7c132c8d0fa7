"""The building stones of the shapes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class KindField(serializers.ChoiceField):
    """One value of a closed list."""

    def __init__(self, kinds: type[models.TextChoices], **kwargs: Any) -> None:
        self.kinds = kinds
        super().__init__(choices=kinds.choices, **kwargs)


class RelatedField(serializers.PrimaryKeyRelatedField):
    """The id of another row of the same property. A foreign id is as unknown as one that never was."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=serializers.UUIDField(), **kwargs)

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(tenant=self.context["tenant"])


class MomentField(serializers.DateTimeField):
    """A moment. One at the edge of the calendar, which no other time zone can show, is refused and not our error."""

    default_error_messages = {"overflow": _("This is no possible date and time.")}

    def enforce_timezone(self, value: datetime) -> datetime:
        try:
            return super().enforce_timezone(value)
        except OverflowError:
            self.fail("overflow")


class Payload(serializers.Serializer):
    """What a caller sends. A field that is not asked for is refused, never silently dropped:

    a terminal that sends emotion, ethnicity or age is told that nobody may take it (design.md, "The gate").
    """

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self.fields]
            if unknown:
                text = str(_("This field is not taken here."))
                raise serializers.ValidationError({name: [ErrorDetail(text, code="unknown_field")] for name in unknown})
        return super().to_internal_value(data)
