"""What platform staff tell the members of properties: a banner from one moment until another."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.admin.pages import PlatformAdmin, ServiceForm
from portal.operations import announcements
from portal.operations.models import Announcement
from tenants.organizations.models import Handler


class AnnouncementForm(ServiceForm):
    # Not called `handlers`: that field of the model is not editable, and a form may not name it.
    readers = forms.ModelMultipleChoiceField(
        label=_("Read by the members of"),
        queryset=Handler.objects.all(),
        required=False,
        help_text=_("Nothing chosen: everybody."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("starts_at", timezone.now())
        self.initial["readers"] = self.instance.handlers
        for name in ("starts_at", "ends_at"):
            # One label cannot name two inputs.
            day, clock = self.fields[name].widget.widgets
            day.attrs["aria-label"] = _("%(what)s, date") % {"what": self.fields[name].label}
            clock.attrs["aria-label"] = _("%(what)s, time") % {"what": self.fields[name].label}

    def perform(self, data: dict[str, Any]) -> Announcement:
        fields = dict(data)
        handlers = list(fields.pop("readers"))
        if self.instance._state.adding:
            return announcements.announce(handlers=handlers, actor=self.actor, **fields)
        return announcements.change(announcement=self.fresh(), handlers=handlers, **fields)


class AnnouncementAdmin(PlatformAdmin):
    form = AnnouncementForm
    fields = ["text_zh", "text_en", "tone", "starts_at", "ends_at", "readers"]
    list_display = ["text", "tone", "starts_at", "ends_at", "runs"]
    list_filter = ["tone"]
    search_fields = ["text_zh", "text_en"]
    ordering = ["-starts_at"]

    @admin.display(description=_("Shown now"))
    def runs(self, row: Announcement) -> Any:
        return _("Yes") if row.starts_at <= timezone.now() < row.ends_at else _("No")

    @admin.display(description=_("Text"))
    def text(self, row: Announcement) -> str:
        return row.text

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        """Two inputs for a moment, a date and a time, are Django's own widget here; the sentence gets room."""
        kwargs.setdefault("widgets", {name: forms.Textarea(attrs={"rows": 2}) for name in ("text_zh", "text_en")})
        return super().get_form(request, obj, change, **kwargs)
