"""Handlers, properties, members and accounts in the platform admin."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.admin import dangers
from portal.admin.pages import Danger, PlatformAdmin, ServiceForm
from portal.admin.showing import as_code, yes_no
from portal.operations import onboarding
from portal.sign_in import invitations, recovery, sessions
from tenants.organizations.limits import LIMITS
from tenants.organizations.models import Handler, Membership, Property, User
from tenants.organizations.services import members, properties, users
from tenants.people.tasks import queue_role_letters

ENDING_SOON = timedelta(days=60)


class HandlerForm(ServiceForm):
    def danger(self, data: dict[str, Any]) -> Danger | None:
        if self.instance._state.adding:
            return None
        signed, ends = data.get("contract_signed_on"), data.get("contract_ends_on")
        return dangers.of_contract(self.fresh(), signed=signed, ends=ends)

    def perform(self, data: dict[str, Any]) -> Handler:
        limits = {name: data[name] for name in LIMITS}
        told = {name: value for name, value in data.items() if name not in LIMITS}
        if self.instance._state.adding:
            handler = properties.create_handler(**told)
        else:
            handler = properties.update_handler(handler=self.fresh(), **told)
        return properties.set_limits(of=handler, **limits)


LIMITS_TOLD = _(
    "Empty: no limit. What is there already stays. Owners read the limits in the settings of their property."
)
LIMITS_OF_EACH = _("They hold for each property of the handler that has none of its own.")


class ContractEnds(admin.SimpleListFilter):
    title = _("Contract")
    parameter_name = "contract"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ending", _("Ends within 60 days")), ("over", _("Over")), ("none", _("None signed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Handler]) -> QuerySet[Handler]:
        return handlers_whose_contract(self.value(), queryset)


def handlers_whose_contract(state: str | None, rows: QuerySet[Handler]) -> QuerySet[Handler]:
    """Return the handlers whose contract is `ending` within 60 days, `over`, or was never signed (`none`)."""
    today = timezone.localdate()
    if state == "ending":
        return rows.filter(contract_ends_on__gte=today, contract_ends_on__lte=today + ENDING_SOON)
    if state == "over":
        return rows.filter(contract_ends_on__lt=today)
    return rows.filter(contract_signed_on=None) if state == "none" else rows


class HandlerAdmin(PlatformAdmin):
    form = HandlerForm
    fieldsets = [
        (None, {"fields": ["name", "credit_code", "contact_name", "contact_phone", "contact_email", "address"]}),
        (_("Processing contract"), {"fields": ["contract_signed_on", "contract_ends_on"]}),
        (_("Limits"), {"fields": [*LIMITS], "description": format_lazy("{} {}", LIMITS_TOLD, LIMITS_OF_EACH)}),
    ]
    list_display = ["name", "credit_code", "contact_name", "contract_ends_on"]
    list_filter = [ContractEnds]
    search_fields = ["name", "credit_code", "contact_name"]


class PropertyAddForm(ServiceForm):
    """A property starts with its first owner, who then adds everybody else."""

    owner_email = forms.EmailField(label=_("First owner's e-mail"))
    owner_name = forms.CharField(label=_("First owner's name"), max_length=80, required=False)

    def perform(self, data: dict[str, Any]) -> Property:
        fields = dict(data)
        return onboarding.open_property(**fields)[0]


class PropertyForm(ServiceForm):
    """Where faces are kept, and for how long, is declared by the property itself."""

    def perform(self, data: dict[str, Any]) -> Property:
        limits = {name: data[name] for name in LIMITS}
        told = {name: value for name, value in data.items() if name not in LIMITS}
        tenant = properties.update_property(tenant=self.fresh(), **told)
        return properties.set_limits(of=tenant, **limits)


class PropertyAdmin(PlatformAdmin):
    form = PropertyForm
    list_display = ["name", "name_en", "kind", "handler", as_code("slug", _("Address name")), "storage_mode"]
    list_filter = ["kind", "storage_mode"]
    list_select_related = ["handler"]
    search_fields = ["name", "name_en", "slug", "handler__name"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            owner = ["owner_email", "owner_name"]
            return [
                (None, {"fields": ["handler", "slug", "kind", "name", "name_en", "address", "storage_mode", *owner]})
            ]
        told = ["kind", "name", "name_en", "address", *self.get_readonly_fields(request, obj)]
        return [(None, {"fields": told}), (_("Limits"), {"fields": [*LIMITS], "description": LIMITS_TOLD})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # The address name is printed on posters; a face never moves to another handler.
        return ["handler", "slug", "storage_mode", "face_days", "event_days"] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        return super().get_form(request, obj, change, form=PropertyForm if obj else PropertyAddForm, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            invite(
                request, User.objects.get(email=User.objects.normalize_email(form.cleaned_data["owner_email"]).lower())
            )


def invite(request: HttpRequest, user: User) -> None:
    """Send a member without a password the letter that sets the first one, and say whether it left."""
    if user.has_usable_password():
        return
    if invitations.send(request, user=user):
        messages.info(request, _("An invitation to set a password was sent."))
    else:
        messages.warning(request, _("The invitation could not be sent. An owner can send it again under “Members”."))


class MembershipAddForm(ServiceForm):
    # Not called `tenant`: that field of the model is not editable, and a form may not name it.
    property = forms.ModelChoiceField(label=_("Property"), queryset=Property.objects.all())
    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=80, required=False)

    def perform(self, data: dict[str, Any]) -> Membership:
        fields = dict(data)
        onboarding.refuse_staff(email=fields["email"], field="email")
        return members.add_member(tenant=fields.pop("property"), **fields)


class MembershipForm(ServiceForm):
    def perform(self, data: dict[str, Any]) -> Membership:
        membership = self.fresh()
        tenant = membership.tenant
        if data["is_active"]:
            onboarding.refuse_staff(email=membership.user.email, field="role")
        if data["is_active"] and not membership.is_active:
            membership = members.restore_member(tenant=tenant, membership=membership)
        if data["role"] != membership.role:
            membership = members.change_role(tenant=tenant, membership=membership, role=data["role"])
        if not data["is_active"] and membership.is_active:
            membership = members.remove_member(tenant=tenant, membership=membership)
        return membership


class MembershipAdmin(PlatformAdmin):
    form = MembershipForm
    list_display = ["user", "email", "property", "role", yes_no(Membership, "is_active")]
    list_filter = ["role", "is_active"]
    list_select_related = ["user", "tenant"]
    search_fields = ["user__email", "user__name", "tenant__name", "tenant__name_en", "tenant__slug"]

    @admin.display(description=_("Property"), ordering="tenant__name")
    def property(self, membership: Membership) -> Property:
        return membership.tenant

    @admin.display(description=_("E-mail"), ordering="user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "property", "role", "is_active"] if obj else ["property", "email", "name", "role"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "property"] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        return super().get_form(request, obj, change, form=MembershipForm if obj else MembershipAddForm, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            invite(request, obj.user)
        if obj.is_active and form.changed_data:
            queue_role_letters(obj)


class UserForm(ServiceForm):
    sign_out = forms.BooleanField(label=_("Sign out everywhere"), required=False)
    proof = forms.ChoiceField(
        label=_("Second factor lost: how is it sure who asks?"),
        choices=[("", _("Not lost")), *recovery.Proof.choices],
        required=False,
        help_text=_("Password and second factors are taken off, and a new invitation is sent to the address above."),
    )

    def danger(self, data: dict[str, Any]) -> Danger | None:
        is_lost = bool(data.get("proof"))
        return dangers.of_account(self.fresh(), is_active=data["is_active"], is_staff=data["is_staff"], is_lost=is_lost)

    def perform(self, data: dict[str, Any]) -> User:
        fields = {name: value for name, value in data.items() if name not in {"sign_out", "proof"}}
        return users.update_user(user=self.fresh(), actor=self.actor, **fields)


class UserAdmin(PlatformAdmin):
    """Accounts are made by adding a member; here they are only closed, reopened or made platform staff."""

    form = UserForm
    fields = ["email", "name", "is_active", "is_staff", "last_login", "date_joined", "sign_out", "proof"]
    readonly_fields = ["email", "last_login", "date_joined"]
    list_display = ["email", "name", yes_no(User, "is_active"), yes_no(User, "is_staff"), "last_login"]
    list_filter = ["is_active", "is_staff"]
    ordering = ["email"]
    search_fields = ["email", "name"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if proof := form.cleaned_data["proof"]:
            recovery.begin_anew(user=obj, actor=form.actor, proof=recovery.Proof(proof))
            invite(request, User.objects.get(pk=obj.pk))
        elif form.cleaned_data["sign_out"]:
            sessions.end_all(user=obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
