"""Forms of members."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from tenants.organizations.roles import Role


@explains(
    role=Duty("PIPL 51", _("The least that the work needs.")),
)
class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect())


class MemberForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("They sign in with it. A new address gets an invitation to set a password."),
    )
    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("Used only when the address is new here.")
    )
    field_order = ["email", "name", "role"]
