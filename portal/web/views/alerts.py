"""Alerts: the list with the last 90 days, one alert, and what was done about it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.security.alerts import handling
from portal.security.alerts.kinds import AlertState
from portal.security.alerts.words import article_name
from portal.security.models import Alert
from portal.tenancy import TenantPage
from portal.web.filters.alerts import AlertFilter
from portal.web.forms.alerts import HandleForm
from portal.web.reads import alerts as reads
from portal.web.undo import Act, Note, offer
from portal.web.views.manager import ManagerForm, ManagerList, press
from tenants.organizations.roles import Permission, roles_with


class AlertList(ManagerList):
    permission = Permission.VIEW_ALERTS
    section = "alerts"
    template_name = "web/alerts/list.html"
    filterset_class = AlertFilter

    def get_rows(self) -> QuerySet[Alert]:
        return reads.alerts(self.tenant)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            timeline=reads.timeline(self.tenant, timezone.localdate()),
            placeholder=_("Part of an id"),
            open_count=sum(reads.open_alerts(self.tenant).values()),
            **kwargs,
        )
        context["rows"] = reads.rows(self.tenant, context["object_list"])
        return context


class AlertPage(ManagerForm):
    """One alert, and the form with which it is closed."""

    permission = Permission.VIEW_ALERTS
    permission_write = Permission.HANDLE_ALERTS
    section = "alerts"
    template_name = "web/alerts/alert.html"
    form_class = HandleForm
    done = gettext_lazy("It is written down what you did. The alert is closed.")

    @cached_property
    def alert(self) -> Alert:
        return get_object_or_404(reads.alerts(self.tenant), pk=self.kwargs["pk"])

    def perform(self, data: dict[str, Any]) -> Alert:
        return handling.handle(alert=self.alert, actor=self.request.user, **data)

    def undoable(self) -> str:
        return offer(tenant=self.tenant, user=self.request.user, note=Note(Act.ALERT_CLOSED, self.alert.pk))

    def get_success_url(self) -> str:
        return reverse("alert", args=[self.tenant.slug, self.alert.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        [row] = reads.rows(self.tenant, [self.alert])
        return super().get_context_data(
            alert=self.alert,
            row=row,
            article=article_name(row.words.article),
            is_open=self.alert.state == AlertState.NEW,
            steps=reads.steps(self.alert),
            locked=reads.locked_member(self.tenant, self.alert),
            evidence=reads.evidence(self.tenant, self.alert),
            log_url=reads.log_of(self.tenant, self.alert),
            handlers=_(", ").join(str(role.label) for role in roles_with(Permission.HANDLE_ALERTS)),
            **kwargs,
        )


class AlertReopen(TenantPage, View):
    permission = Permission.HANDLE_ALERTS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        alert = get_object_or_404(Alert, tenant=self.tenant.pk, pk=kwargs["pk"])
        if press(request, lambda: handling.reopen(alert=alert, actor=request.user)):
            messages.success(request, _("The alert is open again."))
        return redirect("alert", self.tenant.slug, alert.pk)
