"""Lists with a member's own columns and filters; and lists in parts, whose rows have a clock."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.bulk import actions_for
from portal.web.exports import LISTINGS
from portal.web.listings.listing import Listing
from portal.web.views.manager import ManagerList
from portal.work import choices
from tenants.organizations.roles import Permission

MOST_COUNTED = 10_000
# The colour of a part's count, when anything is in it.
_TONES = {"overdue": "stop", "soon": "due", "escalated": "due"}


class CappedPaginator(Paginator):
    """Counts no further than MOST_COUNTED, and has no page beyond: whoever looks for older rows narrows the filters."""

    @cached_property
    def _counted(self) -> int:
        return int(self.object_list[: MOST_COUNTED + 1].count())

    @property
    def count(self) -> int:  # type: ignore[override] - Django's is cached, this one's part is
        return min(self._counted, MOST_COUNTED)

    @property
    def is_cut(self) -> bool:
        return self._counted > MOST_COUNTED


def filters_in(asked: QueryDict) -> str:
    """Return the filters of an address without its page and without what is empty."""
    kept = asked.copy()
    kept.pop("page", None)
    for name in [name for name, values in kept.lists() if not any(values)]:
        kept.pop(name)
    return kept.urlencode()


class ListedPage(ManagerList):
    """A list of `listing`: the columns that the member chose, their filters with a name, what can be done to many."""

    listing: ClassVar[Listing]

    def get_rows(self) -> Any:
        return self.listing.rows(self.tenant, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listing, query = self.listing, filters_in(self.request.GET)
        choice = choices.choice_of(tenant=self.tenant, user=self.request.user, listing=listing.name)
        shown = set(listing.shown(choice.columns))
        saved = [{**kept, "is_current": kept["query"] == query} for kept in choice.saved]
        return super().get_context_data(
            listing=listing,
            query=query,
            columns=dict.fromkeys(shown, True),
            column_choices=[
                {"key": column.key, "label": column.label, "is_shown": column.key in shown}
                for column in listing.columns
                if column.on_page and not column.is_kept
            ],
            saved_filters=saved,
            is_saved=any(kept["is_current"] for kept in saved),
            bulk_actions=actions_for(listing.name, self.tenant.granted),
            export_name=f"{listing.name}_export",
            **kwargs,
        )


class ClockList(ListedPage):
    """`tabs` names the parts; the filter says which one is `current`. One query counts them all."""

    tabs: Sequence[tuple[str, Any]] = ()

    def get_counts(self, today: date) -> dict[str, int]:
        raise NotImplementedError

    def get_clock(self, row: Any, today: date) -> dict[str, Any]:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        counts = self.get_counts(today)
        tabs = [
            {
                "name": name,
                "label": label,
                "count": counts[name],
                "tone": _TONES.get(name, "") if counts[name] else "",
                "is_current": name == self.filterset.current,  # type: ignore[union-attr] - every such list has a filter
            }
            for name, label in self.tabs
        ]
        context = super().get_context_data(tabs=tabs, counts=counts, **kwargs)
        for row in context["object_list"]:
            row.clock = self.get_clock(row, today)
        return context


class ListChoices(TenantPage, View):
    """Keeps what a member chose for one of their lists: the columns, filters under a name. Leads back to the list."""

    permission = Permission.VIEW_HOME
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        listing = LISTINGS.get(str(kwargs["listing"]))
        if listing is None or listing.permission not in self.tenant.granted:
            raise Http404
        query = filters_in(QueryDict(request.POST.get("query", "")[: choices.LONGEST_QUERY]))
        try:
            self._keep(listing, request.POST, query)
        except ValidationError as broken:
            messages.error(request, " ".join(broken.messages))
        address = reverse(listing.name, args=[self.tenant.slug])
        return HttpResponseRedirect(f"{address}?{query}" if query else address)

    def _keep(self, listing: Listing, sent: QueryDict, query: str) -> None:
        """Do what one of the three buttons asks. Raises ValidationError."""
        whose = {"tenant": self.tenant, "user": self.request.user, "listing": listing.name}
        if "save" in sent:
            choices.save_filter(**whose, name=sent.get("name", ""), query=query)
            messages.success(self.request, _("Kept. You find it above the list."))
        elif "drop" in sent:
            choices.drop_filter(**whose, name=sent["drop"])
        elif "columns" in sent:
            known = [column.key for column in listing.columns if column.key in sent.getlist("column")]
            kept = [column.key for column in listing.columns if column.is_kept]
            choices.choose_columns(**whose, columns=[] if "usual" in sent else [*kept, *known])
