"""Without an account: the notice, and one's rights (PIPL 50)."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.face_bytes import refuse_face_bytes
from portal.api.serializers.notices import PublicNotice
from portal.api.serializers.rights import RequestPayload, RequestReceived, RequestStatus
from portal.api.throttles import PublicThrottle, require_within
from portal.api.views.foundation import ApiViews
from portal.codes import count_wrong_code
from portal.limits import REQUESTS_BY_ADDRESS, REQUESTS_BY_PROPERTY, WRONG_CODES, address_of
from portal.security.detection import stream
from tenants.organizations.access import get_public_tenant
from tenants.organizations.models import Property
from tenants.rights.services import packages, requests
from tenants.transparency.models import Notice

_Found = TypeVar("_Found")


class PublicViews(ApiViews):
    """No session is looked at, so no session can be used against its owner here."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [PublicThrottle]
    tenant: Property

    def door(self, method: str) -> Iterator[tuple[int, str]]:
        yield from super().door(method)
        yield from ((400, "face_bytes"), (404, "not_found"), (413, "too_large"))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        try:
            self.tenant = get_public_tenant(slug=kwargs["slug"])
        except Property.DoesNotExist as missing:
            raise Http404 from missing
        stream.entered(self.tenant.pk)
        refuse_face_bytes(request._request, self.tenant)

    def by_code(self, find: Callable[..., _Found]) -> _Found:
        """Return what the code in the address opens. Wrong ones are counted, together with those of the pages."""
        who = address_of(self.request)
        if WRONG_CODES.is_reached(who):
            raise Throttled(wait=WRONG_CODES.seconds)
        try:
            return find(tenant=self.tenant, code=self.kwargs["code"])
        except ObjectDoesNotExist as missing:
            count_wrong_code(self.request)
            raise Http404 from missing


class PublicNoticeViews(PublicViews):
    tag = "public_notice"
    serializer_class = PublicNotice

    @extend_schema(summary=_("Show the notice in force"))
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self._show(self._notices().current())

    @extend_schema(summary=_("Show a published version of the notice"))
    def version(self, request: Request, **kwargs: Any) -> Response:
        return self._show(self._notices().exact(kwargs["version"]))

    @extend_schema(summary=_("Show a published version, if its fingerprint begins like this"))
    def exact(self, request: Request, **kwargs: Any) -> Response:
        return self._show(self._notices().exact(kwargs["version"], kwargs["fingerprint"]))

    def _notices(self) -> Any:
        return Notice.objects.filter(tenant=self.tenant).select_related("tenant__handler")

    def _show(self, notice: Notice | None) -> Response:
        if notice is None:
            raise Http404
        return self.show(notice)


class PublicRequestViews(PublicViews):
    tag = "public_requests"
    serializer_class = RequestStatus

    @extend_schema(
        summary=_("Ask to see or delete what is held; the tracking code is shown in this answer only"),
        request=RequestPayload,
        responses={201: RequestReceived},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        data = self.read(RequestPayload)
        require_within((REQUESTS_BY_ADDRESS, address_of(request)), (REQUESTS_BY_PROPERTY, str(self.tenant.pk)))
        row, code = requests.receive(tenant=self.tenant, **data)
        return Response(
            {"number": row.number, "tracking_code": code, "due_on": row.due_on, "is_due_final": row.is_due_final},
            status=201,
        )

    @extend_schema(summary=_("Show how a request is going"))
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self.show(self.by_code(requests.find_by_code))

    @extend_schema(
        summary=_("Download the package of an answered request, a zip, once it is built"),
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def package(self, request: Request, **kwargs: Any) -> HttpResponse:
        row = self.by_code(requests.find_by_code)
        body = packages.open_package(request=row, code=self.kwargs["code"])
        headers = {"Content-Disposition": f'attachment; filename="{row.number}.zip"'}
        return HttpResponse(body, content_type="application/zip", headers=headers)
