"""Many rows at once: chosen on the list, looked at, confirmed once; a worker does it. Nothing is kept in between."""

import uuid
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.web import bulk
from portal.web.exports import LISTINGS
from portal.web.forms.bulk import BulkForm
from portal.web.views.manager import ManagerPage
from portal.work import services
from portal.work.kinds import JobKind
from tenants.organizations.roles import Permission


class BulkPage(ManagerPage):
    """The rows travel as their keys, or as the filters of the list with “all that fit”."""

    http_method_names = ["get", "post"]
    listing_name: ClassVar[str]
    template_name = "web/work/bulk.html"
    request: HttpRequest

    @property
    def list_url(self) -> str:
        query = self.request.POST.get("query", "")
        address = reverse(self.listing_name, args=[self.tenant.slug])
        return f"{address}?{QueryDict(query).urlencode()}" if query else address

    @cached_property
    def action(self) -> bulk.Action | None:
        return bulk.find(self.listing_name, self.request.POST.get("action", ""))

    @cached_property
    def rows(self) -> list[Any]:
        """The rows that were chosen, and are this property's; one more than may be, when there are too many."""
        listing, sent = LISTINGS[self.listing_name], self.request.POST
        if "all" in sent:
            found = listing.found(self.tenant, self.request.user, QueryDict(sent.get("query", "")))
            return list(found[: bulk.MOST_ROWS + 1])
        keys = [key for key in sent.getlist("rows") if _is_key(key)]
        return list(bulk.rows_of(self.tenant, self.request.user, self.listing_name, keys))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.list_url)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        action = self.action
        if action is None:
            return self._back(_("Choose what to do with those ticked."))
        if not self.rows:
            return self._back(_("Tick at least one row, or all that fit."))
        if len(self.rows) > bulk.MOST_ROWS:
            return self._back(_("At most %(count)s at once. Narrow the filters.") % {"count": f"{bulk.MOST_ROWS:,}"})
        asked = "confirmed" in request.POST or "looked" in request.POST or not action.fields
        form = BulkForm(request.POST if asked else None, action=action, tenant=self.tenant)
        if not asked or not form.is_valid():
            return self._show(action, form=form, preview=None)
        shown = bulk.preview(tenant=self.tenant, actor=request.user, action=action, rows=self.rows, data=form.answers)
        if "confirmed" not in request.POST or not shown.good:
            return self._show(action, form=form, preview=shown)
        if str(len(shown.good)) != request.POST["confirmed"]:
            messages.warning(request, _("Something changed since. Nothing was done; look again."))
            return self._show(action, form=form, preview=shown)
        return self._start(action, shown, form.answers)

    def _start(self, action: bulk.Action, shown: bulk.Preview, data: dict[str, str]) -> HttpResponse:
        name = action.name
        keys = sorted(str(key) for key in shown.good)
        try:
            job = services.start(
                tenant=self.tenant,
                actor=self.request.user,
                kind=JobKind.BULK,
                what=f"{self.listing_name}.{name}",
                asked={"listing": self.listing_name, "action": name, "keys": keys, "data": data},
                total=len(keys),
            )
        except ValidationError as broken:
            return self._back(" ".join(broken.messages))
        return HttpResponseRedirect(reverse("job", args=[self.tenant.slug, job.pk]))

    def _back(self, sentence: str) -> HttpResponse:
        messages.error(self.request, sentence)
        return HttpResponseRedirect(self.list_url)

    def _show(self, action: bulk.Action, **context: Any) -> HttpResponse:
        sent = self.request.POST
        shown = self.get_context_data(
            action=action,
            listing=LISTINGS[self.listing_name],
            list_url=self.list_url,
            count=len(self.rows),
            chosen=[] if "all" in sent else [row.pk for row in self.rows],
            is_all="all" in sent,
            query=sent.get("query", ""),
            **context,
        )
        if context["preview"]:
            shown["left"] = [(action.code(row), why) for row, why in context["preview"].left]
        return self.render_to_response(shown)


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


class PeopleBulk(BulkPage):
    listing_name, section, permission = "people", "people", Permission.MANAGE_PEOPLE


class DeviceBulk(BulkPage):
    listing_name, section, permission = "devices", "devices", Permission.MANAGE_PREMISES


class RequestBulk(BulkPage):
    listing_name, section, permission = "requests", "requests", Permission.HANDLE_REQUESTS
