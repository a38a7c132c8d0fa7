"""Alerts about the whole platform: read, and closed with what was done. Those of properties are the properties'."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.admin.pages import PlatformAdmin, ServiceForm
from portal.admin.showing import shown, shown_together
from portal.log_words.facts import fact_said, subject_said
from portal.security.alerts import handling
from portal.security.alerts.kinds import AlertState
from portal.security.alerts.words import article_name, words_of
from portal.security.models import Alert

SEEN = ["rule_title", "severity", "advice", "article", "about", "evidence", "count", "first_at", "last_at", "state"]


class AlertForm(ServiceForm):
    text = forms.CharField(label=_("What did you do?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    is_false = forms.BooleanField(label=_("It was a false alarm"), required=False)

    def perform(self, data: dict[str, Any]) -> Alert:
        return handling.handle(
            alert=self.fresh(), actor=self.actor, text=data["text"], is_false=data.get("is_false", False)
        )


class AlertAdmin(PlatformAdmin):
    """A closed alert is only read."""

    form = AlertForm
    list_display = ["rule_title", "severity", "about", "count", "last_at", "state", "handled_by"]
    list_filter = ["state", "severity"]
    list_select_related = ["handled_by"]
    ordering = ["-last_at"]

    @admin.display(description=_("What"))
    def rule_title(self, alert: Alert) -> str:
        return str(words_of(alert.rule).title)

    def name_of(self, row: Alert) -> str:
        return self.rule_title(row)

    @admin.display(description=_("What to do"))
    def advice(self, alert: Alert) -> str:
        return str(words_of(alert.rule).advice)

    @admin.display(description=_("Article"))
    def article(self, alert: Alert) -> str:
        return article_name(words_of(alert.rule).article)

    @admin.display(description=_("About"), ordering="subject")
    def about(self, alert: Alert) -> SafeString | str:
        return shown(subject_said(alert.subject)) if alert.subject else "–"

    @admin.display(description=_("Evidence"))
    def evidence(self, alert: Alert) -> SafeString | str:
        return shown_together(fact_said(name, value) for name, value in alert.facts.items())

    @admin.display(description=_("What was done"))
    def done(self, alert: Alert) -> str:
        return " · ".join(step.text for step in alert.steps.order_by("at") if step.text) or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(tenant=None)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.get_readonly_fields(request, obj), *(["text", "is_false"] if _is_open(obj) else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return SEEN if _is_open(obj) else [*SEEN, "handled_by", "handled_at", "done"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or _is_open(obj))


def _is_open(alert: Alert | None) -> bool:
    return alert is not None and alert.state == AlertState.NEW
