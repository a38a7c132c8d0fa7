"""A member puts away what platform staff told everybody; the others still see it."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from portal.operations import announcements
from portal.tenancy import TenantPage
from tenants.organizations.roles import Permission


class AnnouncementAway(TenantPage, View):
    permission = Permission.VIEW_HOME

    def post(self, request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
        found = get_object_or_404(announcements.standing(tenant=self.tenant, user=request.user), pk=pk)
        announcements.put_away(announcement=found, user=request.user)
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        return HttpResponseRedirect(back if is_ours else reverse("today", args=[slug]))
