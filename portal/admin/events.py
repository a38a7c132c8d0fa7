"""What happened on the platform and in no property: signing in, refusals, what platform staff looked at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.admin.pages import PlatformAdmin
from portal.admin.showing import shown, shown_together
from portal.log_words.facts import fact_said, subject_said
from portal.security.models import AccessEvent
from tenants.organizations.models import User

MEMBER = "user:"


class AccessEventAdmin(PlatformAdmin):
    """Read only. What happened in a property is the property's own log."""

    list_display = ["at", "kind", "who", "about", "what"]
    list_filter = ["kind", "at"]
    list_display_links = None
    search_fields = ["actor", "subject"]
    ordering = ["-at", "-pk"]

    @admin.display(description=_("Who did it"))
    def who(self, event: AccessEvent) -> SafeString | str:
        return getattr(event, "email", "") or shown(subject_said(event.actor))

    @admin.display(description=_("About"), ordering="subject")
    def about(self, event: AccessEvent) -> SafeString | str:
        return shown(subject_said(event.subject)) if event.subject else "–"

    @admin.display(description=_("Details"))
    def what(self, event: AccessEvent) -> SafeString | str:
        return shown_together(fact_said(name, value) for name, value in event.facts.items())

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessEvent]:
        return AccessEvent.objects.filter(tenant__isnull=True)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Name the accounts of the page shown, in one query."""
        found = super().get_changelist_instance(request)
        rows = list(found.result_list)
        ids = {row.actor.removeprefix(MEMBER) for row in rows if row.actor.startswith(MEMBER)}
        emails = {f"{MEMBER}{pk}": email for pk, email in User.objects.filter(pk__in=ids).values_list("pk", "email")}
        for row in rows:
            row.email = emails.get(row.actor, "")
        found.result_list = rows
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
