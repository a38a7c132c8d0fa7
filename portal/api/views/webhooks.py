"""Webhooks by the API: the same endpoints, secrets and messages as on the pages."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.filters import DeliveryFilter
from portal.api.serializers.webhooks import DeliveryShape, WebhookAdded, WebhookPayload, WebhookShape
from portal.api.views.foundation import MemberViews
from portal.security.alerts.kinds import Channel
from portal.security.models import AlertDelivery, WebhookEndpoint
from portal.security.webhooks import endpoints
from portal.tenancy import token_of
from tenants.organizations.roles import Permission as P


class _Webhooks(MemberViews):
    """A member proves again who they are before anything changes; a token is proved with each request."""

    tag = "webhooks"
    permission = P.MANAGE_PROPERTY
    sensitive = True

    def door(self, method: str) -> Iterator[tuple[int, str]]:
        yield from (one for one in super().door(method) if one != (403, "in_person"))

    def is_sensitive(self, request: Request) -> bool:
        return token_of(request) is None and super().is_sensitive(request)


@extend_schema_view(
    list=extend_schema(summary=_("List webhooks")),
    retrieve=extend_schema(summary=_("Show a webhook")),
)
class WebhookViews(_Webhooks):
    queryset = WebhookEndpoint.objects.filter(ended_at=None).order_by("created_at", "pk")
    serializer_class = WebhookShape

    @extend_schema(
        summary=_("Add a webhook; its secret is shown in this answer only"),
        request=WebhookPayload,
        responses={201: WebhookAdded},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        endpoint, secret = endpoints.add(tenant=self.tenant, **self.read(WebhookPayload))
        return self.show(endpoint, WebhookAdded, status=201, secret=secret)

    @extend_schema(summary=_("Change where a webhook listens and for what"), request=WebhookPayload)
    def update(self, request: Request, **kwargs: Any) -> Response:
        endpoint = self.get_object()
        return self.show(endpoints.change(tenant=self.tenant, endpoint=endpoint, **self.read(WebhookPayload)))

    @extend_schema(summary=_("End a webhook for good"))
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        endpoints.end(tenant=self.tenant, endpoint=self.get_object())
        return Response(status=204)

    @extend_schema(
        summary=_("Make a new secret, shown in this answer only; for a day the earlier one signs beside it"),
        request=None,
        responses={201: WebhookAdded},
    )
    def secret(self, request: Request, **kwargs: Any) -> Response:
        secret = endpoints.new_secret(tenant=self.tenant, endpoint=self.get_object())
        return self.show(self.get_object(), WebhookAdded, status=201, secret=secret)

    @extend_schema(
        summary=_("Send a webhook a message that is about nothing"), request=None, responses={202: DeliveryShape}
    )
    def test(self, request: Request, **kwargs: Any) -> Response:
        delivery = endpoints.send_test(tenant=self.tenant, endpoint=self.get_object())
        return self.show(delivery, DeliveryShape, status=202)


@extend_schema_view(
    list=extend_schema(summary=_("List the messages to webhooks, the latest first")),
    retrieve=extend_schema(summary=_("Show a message: what it says and how it went")),
)
class DeliveryViews(_Webhooks):
    queryset = AlertDelivery.objects.filter(channel=Channel.WEBHOOK).order_by("-created_at", "pk")
    serializer_class = DeliveryShape
    filterset_class = DeliveryFilter

    def rows_of_tenant(self, rows: QuerySet) -> QuerySet:
        """A message names its property by id: one about the platform has none."""
        return rows.filter(tenant=self.tenant.pk)

    @extend_schema(
        summary=_("Send a message once more, as another message that says the same"),
        request=None,
        responses={202: DeliveryShape},
    )
    def again(self, request: Request, **kwargs: Any) -> Response:
        delivery = endpoints.send_again(tenant=self.tenant, delivery=self.get_object())
        return self.show(delivery, DeliveryShape, status=202)
