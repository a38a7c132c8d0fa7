"""Setting up a handler, on one page: the legal entity and its contract, its first property, and who owns that."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.admin.organizations import invite
from portal.admin.pages import Rehearsed
from portal.operations import onboarding
from portal.sign_in import again
from tenants.organizations.kinds import PropertyKind, StorageMode
from tenants.organizations.models import Handler, Membership, Property
from tenants.organizations.roles import Role

OF_HANDLER = ("handler_name", "credit_code", "contact_name", "contact_phone", "contact_email", "handler_address")
NEEDED_OF_A_NEW_ONE = ("handler_name", "credit_code", "contact_name", "contact_phone")
OF_CONTRACT = ("contract_signed_on", "contract_ends_on")
OF_PROPERTY = ("kind", "name", "name_en", "slug", "address", "storage_mode")
OF_OWNER = ("owner_email", "owner_name")


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


class StartForm(Rehearsed, forms.Form):
    """What a handler needs to begin; the rules are those of the services."""

    handler = forms.ModelChoiceField(
        label=_("Handler"),
        queryset=Handler.objects.all(),
        required=False,
        empty_label=_("A new one"),
        help_text=_("Choose one that is there for another property of theirs; the next fields stay empty then."),
    )
    handler_name = forms.CharField(label=_("Registered name"), max_length=120, required=False)
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=18,
        required=False,
        help_text=_("18 characters, as on the licence."),
    )
    contact_name = forms.CharField(label=_("Contact"), max_length=80, required=False)
    contact_phone = forms.CharField(
        label=_("Contact phone"), max_length=40, required=False, help_text=_("Every notice names it (Measures Art 5).")
    )
    contact_email = forms.EmailField(label=_("Contact e-mail"), required=False)
    handler_address = forms.CharField(label=_("Address"), max_length=200, required=False)
    contract_signed_on = _day(
        _("Processing contract signed"), help_text=_("Without it no device can be switched on (PIPL Art 21).")
    )
    contract_ends_on = _day(_("Processing contract ends"))
    kind = forms.ChoiceField(label=_("Kind"), choices=PropertyKind.choices)
    name = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    slug = forms.SlugField(
        label=_("Address name"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens, such as west-lake. It is printed on posters and stays."),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    storage_mode = forms.ChoiceField(
        label=_("Where faces are stored"),
        choices=StorageMode.choices,
        help_text=_("On the device is the rule (Measures Art 8). The property can change it later."),
    )
    owner_email = forms.EmailField(
        label=_("First owner's e-mail"), help_text=_("The invitation goes there. The owner adds everybody else.")
    )
    owner_name = forms.CharField(label=_("First owner's name"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NEEDED_OF_A_NEW_ONE:
            self.fields[name].required = not self.data.get("handler")

    def clean_credit_code(self) -> str:
        return str(self.cleaned_data["credit_code"]).upper()

    def perform(self, data: dict[str, Any]) -> onboarding.Begun:
        return onboarding.begin(**data)

    def sections(self) -> list[dict[str, Any]]:
        """The fields in the order of the work, for the template."""
        parts = [
            (_("1. Handler and contract"), ("handler", *OF_HANDLER, *OF_CONTRACT)),
            (_("2. First property"), OF_PROPERTY),
            (_("3. First owner"), OF_OWNER),
        ]
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in parts]


def start(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The form; all of it is done, or nothing."""
    if asked := again.ask(request):
        return asked
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        begun = form.perform(form.cleaned_data)
        invite(request, begun.owner)
        return HttpResponseRedirect(reverse("admin:started", args=[begun.tenant.pk]))
    more = {"title": _("Set up a handler"), "form": form}
    return TemplateResponse(request, "admin/start.html", context | more)


def started(request: HttpRequest, context: dict[str, Any], object_id: uuid.UUID) -> HttpResponse:
    """What happens next; the invitation can be sent again as long as its owner has no password."""
    tenant = get_object_or_404(Property.objects.select_related("handler"), pk=object_id)
    owners = list(
        Membership.objects.filter(tenant=tenant, role=Role.OWNER, is_active=True)
        .select_related("user")
        .order_by("created_at")
    )
    if request.method == "POST":
        if asked := again.ask(request):
            return asked
        chosen = next((one.user for one in owners if str(one.pk) == request.POST.get("owner")), None)
        if chosen is None:
            raise Http404
        if chosen.has_usable_password():
            messages.info(request, _("This person signs in already and needs no invitation."))
        invite(request, chosen)
        return HttpResponseRedirect(request.path)
    more = {"title": _("%(name)s can begin") % {"name": tenant.display_name}, "tenant": tenant, "owners": owners}
    return TemplateResponse(request, "admin/started.html", context | more)
