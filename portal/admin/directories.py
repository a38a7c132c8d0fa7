"""Directories of handlers in the platform admin. A secret is entered and never shown."""

from typing import Any

from allauth.socialaccount.models import SocialApp
from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.admin.pages import PlatformAdmin, ServiceForm
from portal.admin.showing import as_code
from portal.sign_in import directories
from tenants.organizations.models import Handler


class DirectoryForm(ServiceForm):
    handler = forms.ModelChoiceField(label=_("Handler"), queryset=Handler.objects.all())
    provider_id = forms.SlugField(
        label=_("Address name"), max_length=40, help_text=_("Stands in the address at which its people sign in.")
    )
    server_url = forms.URLField(label=_("Address of the directory (issuer)"), max_length=200, assume_scheme="https")
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=directories.LONGEST_SECRET,
        required=False,
        widget=forms.PasswordInput(),
        help_text=_("Empty leaves the one that is there."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = self.instance.settings or {}
        for name in ("handler", "server_url", "is_active") if told else ():
            self.initial[name] = told.get(name)

    def perform(self, data: dict[str, Any]) -> SocialApp:
        directory = None if self.instance._state.adding else self.fresh()
        return directories.name_directory(directory=directory, **data)


class DirectoryAdmin(PlatformAdmin):
    form = DirectoryForm
    fields = ["handler", "name", "provider_id", "server_url", "client_id", "secret", "is_active"]
    list_display = [
        "name",
        as_code("provider_id", _("Address name")),
        as_code("client_id", _("Client ID")),
        "address",
    ]
    search_fields = ["name", "provider_id"]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        # The package that brings the table calls it a social application.
        return super().render_change_form(request, context | {"title": _("Directory")}, *args, **kwargs)

    @admin.display(description=_("People sign in at"))
    def address(self, directory: SocialApp) -> SafeString:
        return format_html("<code>{}</code>", reverse("openid_connect_login", args=[directory.provider_id]))
