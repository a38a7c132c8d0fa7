"""Emergency access: started and ended by the staff member who needs it, read by all platform staff."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.admin.pages import PlatformAdmin, ServiceForm
from tenants.organizations.models import EmergencyAccess, Property
from tenants.organizations.services import emergencies

EXPLAINED = _(
    "You see nothing of a property by your office. In an emergency you may look into one property for at most four "
    "hours. Its owners get a letter at once; every page of the property says that you look in, why stands under "
    "“Members”, and each page you open is written into its log. An owner can end it at any time."
)


class EmergencyStartForm(ServiceForm):
    # Not called `tenant`: that field of the model is not editable, and a form may not name it.
    property = forms.ModelChoiceField(label=_("Property"), queryset=Property.objects.all())
    hours = forms.TypedChoiceField(
        label=_("For how many hours"),
        coerce=int,
        choices=[(hours, str(hours)) for hours in range(1, emergencies.MOST_HOURS + 1)],
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 20 characters. The property reads it: name nobody."),
    )
    wider_because = forms.CharField(
        label=_("Why more is needed"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 20 characters, when an auditor's view is not enough."),
    )
    understood = forms.BooleanField(label=_("I have read this. The property is told now, and it cannot be taken back."))

    def perform(self, data: dict[str, Any]) -> EmergencyAccess:
        fields = {name: value for name, value in data.items() if name != "understood"}
        return emergencies.start(tenant=fields.pop("property"), staff=self.actor, **fields)


class EmergencyEndForm(ServiceForm):
    end_now = forms.BooleanField(label=_("End it now"))

    def perform(self, data: dict[str, Any]) -> EmergencyAccess:
        emergency = self.fresh()
        return emergencies.end(tenant=emergency.tenant, emergency=emergency, actor=self.actor)


class EmergencyAdmin(PlatformAdmin):
    """Only its own staff member ends one here; what was is read only."""

    list_display = ["started_at", "staff", "property", "scope", "ends_at", "ended_at"]
    list_filter = ["scope", "started_at"]
    list_select_related = ["staff", "tenant"]
    search_fields = ["staff__email", "tenant__name", "tenant__name_en", "tenant__slug"]
    ordering = ["-started_at"]

    @admin.display(description=_("Property"), ordering="tenant__name")
    def property(self, emergency: EmergencyAccess) -> Property:
        return emergency.tenant

    def name_of(self, row: EmergencyAccess) -> str:
        return row.tenant.display_name

    def get_queryset(self, request: HttpRequest) -> QuerySet[EmergencyAccess]:
        return EmergencyAccess.objects.select_related("tenant", "staff", "ended_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_own = obj is None or (obj.is_standing and obj.staff_id == request.user.pk)
        return is_own and super().has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            fields = ["property", "hours", "reason", "scope", "wider_because", "understood"]
            return [(None, {"fields": fields, "description": EXPLAINED})]
        end = ["end_now"] if self.has_change_permission(request, obj) else []
        return [(None, {"fields": [*self.get_readonly_fields(request, obj), *end]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        known = [
            "property",
            "staff",
            "reason",
            "scope",
            "wider_because",
            "started_at",
            "ends_at",
            "ended_at",
            "ended_by",
        ]
        return known if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = EmergencyEndForm if obj else EmergencyStartForm
        return super().get_form(request, obj, change, form=form, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One deed, one button: nobody starts another emergency by the way."""
        single = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | single)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            address = reverse("today", args=[obj.tenant.slug])
            messages.success(request, format_html('<a href="{}">{}</a>', address, _("Open the property now.")))
