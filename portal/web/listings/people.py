"""People as a list. Of a minor whose record is closed to the member nothing but the code stands in it."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.web.filters.people import PeopleFilter
from portal.web.listings.listing import Column, Listing
from portal.web.reads.people import people_rows, tell_consents, with_consent
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.people.kinds import ConsentStatus


def _of_identity(field: str) -> Any:
    def cell(person: Any) -> str:
        identity = None if person.is_hidden else getattr(person, "identity", None)
        return str(getattr(identity, field, ""))

    return cell


def _name(person: Any) -> str:
    return _of_identity("name")(person) or str(person.code)


def _narrow(rows: QuerySet[Any], query: QueryDict, tenant: Property, _actor: User) -> QuerySet[Any]:
    if query.get("consent"):
        rows = with_consent(rows, tenant)
    return PeopleFilter(query, queryset=rows).qs


PEOPLE = Listing(
    name="people",
    title=_("People"),
    permission=Permission.VIEW_PEOPLE,
    columns=(
        Column("name", _("Name"), _name, is_kept=True),
        Column("code", _("Code"), lambda person: person.code, is_usual=False),
        Column("phone", _("Phone"), _of_identity("phone"), is_usual=False),
        Column("email", _("E-mail"), _of_identity("email"), is_usual=False),
        Column("room", _("Home or room"), _of_identity("room")),
        Column("kind", _("Kind"), lambda person: person.get_kind_display()),
        Column("age", _("Age"), lambda person: person.band.label, on_page=False),
        Column("consent", _("Consent"), lambda person: ConsentStatus(person.consent).label),
        Column("face", _("Face"), lambda person: person.get_face_state_display()),
        Column("stay", _("Stay ends"), lambda person: person.stay_ends_on),
        Column("added", _("Added on"), lambda person: person.created_at, is_usual=False),
    ),
    rows=people_rows,
    complete=tell_consents,
    narrow=_narrow,
    person=lambda person: None if person.erased_at else person.pk,
)
