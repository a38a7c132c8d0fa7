"""Alerts of a property: list, read, close with what was done, open again."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.filters import AlertFilter
from portal.api.serializers.alerts import AlertDetail, AlertShape, HandlePayload
from portal.api.views.foundation import MemberViews
from portal.security.alerts import handling
from portal.security.models import Alert, AlertStep
from tenants.organizations.roles import Permission as P


@extend_schema_view(
    list=extend_schema(summary=_("List alerts, the latest first"), responses=AlertShape(many=True)),
    retrieve=extend_schema(summary=_("Show an alert, what to do, and what was done about it")),
)
class AlertViews(MemberViews):
    tag = "alerts"
    permission, permission_write = P.VIEW_ALERTS, P.HANDLE_ALERTS
    queryset = Alert.objects.order_by("-last_at", "pk")
    filterset_class = AlertFilter

    def get_serializer_class(self) -> type[AlertShape]:
        return AlertShape if self.action == "list" else AlertDetail

    def rows_of_tenant(self, rows: QuerySet) -> QuerySet:
        """An alert names its property by id: one about the platform has none."""
        steps = Prefetch("steps", AlertStep.objects.order_by("at", "pk"))
        return rows.filter(tenant=self.tenant.pk).prefetch_related(*([] if self.action == "list" else [steps]))

    @extend_schema(summary=_("Close an alert with what was done about it"), request=HandlePayload)
    def handle(self, request: Request, **kwargs: Any) -> Response:
        handling.handle(alert=self.get_object(), actor=request.user, **self.read(HandlePayload))
        return self.show(self.get_object())

    @extend_schema(summary=_("Open a closed alert again"), request=None)
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        handling.reopen(alert=self.get_object(), actor=request.user)
        return self.show(self.get_object())
