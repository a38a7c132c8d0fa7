"""The form of an access review: one decision for each member, none of them made beforehand."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership
from tenants.organizations.roles import Role
from tenants.organizations.services.reviews import KEEP, REMOVE


class ReviewForm(forms.Form):
    """A field for each member, named by the membership's id."""

    def __init__(self, *args: Any, members: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for member in members:
            others = [(role.value, _("Role from now on: %(role)s") % {"role": role.label}) for role in Role]
            choices = [
                ("", _("Choose")),
                (KEEP, _("Keep as it is")),
                *(choice for choice in others if choice[0] != member.role),
                (REMOVE, _("Remove")),
            ]
            self.fields[str(member.pk)] = forms.ChoiceField(label=str(member.user), choices=choices)


def decisions(data: Mapping[str, str]) -> dict[uuid.UUID, str]:
    """Return what the form was filled with, by the membership's id."""
    return {uuid.UUID(name): decision for name, decision in data.items()}
