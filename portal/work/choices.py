"""What a member chose for a list: which columns, which filters under which name, which column of their tables is what.

Each is the member's own, in one property; nobody else sees it.
"""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.work.models import ListChoice
from tenants.organizations.models import Property, User

MOST_SAVED, LONGEST_NAME, LONGEST_QUERY = 12, 30, 500


def choice_of(*, tenant: Property, user: User, listing: str) -> ListChoice:
    """Return what was chosen; a row that is not saved yet when nothing was. One query."""
    found = ListChoice.objects.filter(tenant=tenant, user=user, listing=listing).first()
    return found or ListChoice(tenant=tenant, user=user, listing=listing)


@transaction.atomic
def choose_columns(*, tenant: Property, user: User, listing: str, columns: Sequence[str]) -> None:
    """Remember which columns are shown. None brings the usual ones back."""
    _save(tenant, user, listing, columns=list(columns))


@transaction.atomic
def remember_mapping(*, tenant: Property, user: User, listing: str, mapping: Mapping[str, str]) -> None:
    """Remember which name of a column means which fact, for the next table."""
    known = choice_of(tenant=tenant, user=user, listing=listing).mapping
    _save(tenant, user, listing, mapping=dict(list({**known, **mapping}.items())[-100:]))


@transaction.atomic
def save_filter(*, tenant: Property, user: User, listing: str, name: str, query: str) -> None:
    """Keep the filters of an address under a name; one of the same name is replaced. Raises ValidationError."""
    name = name.strip()
    if not name:
        raise ValidationError(_("Give these filters a name."), code="no_name")
    if len(name) > LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise ValidationError(_("The name is too long: at most 30 signs."), code="too_long")
    if not query:
        raise ValidationError(_("Choose a filter first."), code="no_filter")
    saved = [kept for kept in choice_of(tenant=tenant, user=user, listing=listing).saved if kept["name"] != name]
    if len(saved) >= MOST_SAVED:
        raise ValidationError(_("At most 12 sets of filters. Delete one first."), code="too_many")
    _save(tenant, user, listing, saved=[*saved, {"name": name, "query": query}])


@transaction.atomic
def drop_filter(*, tenant: Property, user: User, listing: str, name: str) -> None:
    """Forget filters. Twice changes nothing."""
    choice = choice_of(tenant=tenant, user=user, listing=listing)
    _save(tenant, user, listing, saved=[kept for kept in choice.saved if kept["name"] != name])


def _save(tenant: Property, user: User, listing: str, **facts: object) -> None:
    ListChoice.objects.update_or_create(tenant=tenant, user=user, listing=listing, defaults=facts)
