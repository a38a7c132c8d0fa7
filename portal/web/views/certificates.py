"""Certificates of erasure: to download, by a member or by whoever asked, and to check, by anybody."""

import base64
import json
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView, View

from portal.codes import count_wrong_code
from portal.limits import CERTIFICATES_BY_ADDRESS, WRONG_CODES, address_of
from portal.reading import note_read
from portal.tenancy import TenantPage
from portal.web import pdf
from portal.web.forms.certificates import CertificateForm
from portal.web.reads import certificates as reads
from portal.web.resident import PersonalMixin, ResidentMixin
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.organizations.trail import Happening, Kind, note
from tenants.rights import signing
from tenants.rights.certificate_text import MOST_BYTES, check
from tenants.rights.models import Certificate, RightsRequest
from tenants.rights.services import certificates
from tenants.rights.services.requests import find_by_code


def download(request: HttpRequest, *, tenant: Property, certificate: Certificate, drawer: pdf.Drawer) -> HttpResponse:
    """Return the file that can be checked, or with `?format=pdf` the same on paper."""
    name = f"certificate-{certificate.number}"
    if request.GET.get("format") == "pdf":
        address = request.build_absolute_uri(reverse("certificate_check", args=[tenant.slug]))
        says = json.loads(certificate.body)
        write = partial(reads.pdf, tenant=tenant, certificate=certificate, says=says, address=address, drawer=drawer)
        response = pdf.answer(request, write, name=name, disposition="attachment")
    else:
        response = HttpResponse(certificates.file(certificate), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


class ErasureCertificate(TenantPage, View):
    """The certificate of one erasure, for members."""

    permission = Permission.VIEW_RETENTION
    http_method_names = ["get", "head"]
    drawer: pdf.Drawer = staticmethod(pdf.draw)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        certificate = get_object_or_404(Certificate, tenant=self.tenant, erasure=kwargs["pk"])
        subject = f"certificate:{certificate.pk}"
        note_read(Kind.EVIDENCE_READ, user=request.user, tenant=self.tenant, subject=subject)
        return download(request, tenant=self.tenant, certificate=certificate, drawer=self.drawer)


class OwnCertificate(ResidentMixin, View):
    """The certificate of the erasure that somebody asked for, by their tracking code."""

    is_confidential = True
    http_method_names = ["get", "head"]
    drawer: pdf.Drawer = staticmethod(pdf.draw)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        caller = address_of(request)
        if WRONG_CODES.is_reached(caller):
            return self.too_many(WRONG_CODES)
        try:
            found = find_by_code(tenant=self.tenant, code=kwargs["code"])
        except RightsRequest.DoesNotExist:
            count_wrong_code(request)
            return self.plain("public/request_unknown.html", status=404)
        rows = Certificate.objects.filter(tenant=self.tenant, erasure__request=found)
        certificate = rows.order_by("-issued_at").first()
        if certificate is None:
            # Its page says how far the deletion is.
            return HttpResponseRedirect(reverse("request_track", args=[self.tenant.slug, kwargs["code"]]))
        _note_own(certificate, actor=f"request:{found.pk}")  # whoever has its code; there is no account
        return download(request, tenant=self.tenant, certificate=certificate, drawer=self.drawer)


class PersonalCertificate(PersonalMixin, View):
    """The certificate of an erasure, on the page of the person or of the child: nobody had to ask for it."""

    http_method_names = ["get", "head"]
    drawer: pdf.Drawer = staticmethod(pdf.draw)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rows = Certificate.objects.filter(tenant=self.tenant, erasure__person=self.visit.person)
        certificate = get_object_or_404(rows, erasure=kwargs["pk"])
        _note_own(certificate, actor=f"person:{self.visit.person.pk}")
        return download(request, tenant=self.tenant, certificate=certificate, drawer=self.drawer)


def _note_own(certificate: Certificate, *, actor: str) -> None:
    subject = f"certificate:{certificate.pk}"
    note(Happening(kind=Kind.EVIDENCE_READ, actor=actor, tenant_id=certificate.tenant_id, subject=subject))


class CertificateCheck(ResidentMixin, FormView):
    """Says of a certificate whether it is genuine. Nothing of it is kept; no account, no JavaScript."""

    is_confidential = True
    template_name = "public/certificate.html"
    form_class = CertificateForm
    max_upload_bytes = MOST_BYTES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keys = [
            {"id": name, "text": base64.b64encode(public).decode()} for name, public in signing.public_keys().items()
        ]
        return super().get_context_data(keys=keys, **kwargs)

    def form_valid(self, form: CertificateForm) -> HttpResponse:
        caller = address_of(self.request)
        if CERTIFICATES_BY_ADDRESS.is_reached(caller):
            return self.too_many(CERTIFICATES_BY_ADDRESS)
        CERTIFICATES_BY_ADDRESS.count_one(caller)
        verdict = reads.verdict(check(form.cleaned_data["content"]))
        # The form is empty again: what was pasted is not sent back.
        return self.render_to_response(self.get_context_data(form=CertificateForm(), verdict=verdict))
