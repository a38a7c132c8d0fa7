"""Move-outs: a list, a look at what goes and what stays, one confirmation, and what came of it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from portal.web.filters.people import matching
from portal.web.forms.move_outs import MoveOutForm, MoveOutListForm
from portal.web.reads import move_outs as reads
from portal.web.reads import requests as request_reads
from portal.web.views.manager import ManagerForm
from tenants.organizations.roles import Permission
from tenants.rights.services import move_outs
from tenants.rights.services.move_outs import Moved

CANDIDATES = 50


class MoveOuts(ManagerForm):
    """Three pages at one address. Nothing is kept between them: the people travel as ticked boxes."""

    permission = Permission.HANDLE_REQUESTS
    section = "requests"
    template_name = "web/requests/move_outs.html"
    form_class = MoveOutListForm

    @property
    def is_confirmed(self) -> bool:
        return self.request.method == "POST" and "confirmed" in self.request.POST

    def get_form_class(self) -> Any:
        return MoveOutForm if self.is_confirmed else MoveOutListForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs() | {"people": reads.movable(self.tenant)}
        if "rows" in self.request.POST:  # ticked on the list of people
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"].setlist("people", self.request.POST.getlist("rows"))
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()[:80]
        found = []
        if words:
            found = list(matching(request_reads.candidates(self.tenant, self.request.user), words)[:CANDIDATES])
        return super().get_context_data(words=words, found=found, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if not self.is_confirmed:
            return self._preview(form)
        if not self.carry_out(form):
            return self.form_invalid(form)
        return self._show("web/requests/move_outs_done.html", moved=self.result)

    def form_invalid(self, form: Any) -> HttpResponse:
        if not self.is_confirmed:
            return super().form_invalid(form)
        # The list itself is not lost: it is looked at again, with what stands against it.
        picked = [value for value in self.request.POST.getlist("people") if value]
        again = QueryDict(mutable=True)
        again.setlist("people", [str(pk) for pk in _alive(self, picked)])
        list_form = MoveOutListForm(again, people=reads.movable(self.tenant))
        if not list_form.is_valid():
            return self._show(self.template_name, form=list_form)
        return self._preview(list_form, broken=form)

    def perform(self, data: dict[str, Any]) -> list[Moved]:
        return move_outs.move_out(tenant=self.tenant, people=list(data["people"]), actor=self.request.user)

    def _preview(self, form: MoveOutListForm, broken: MoveOutForm | None = None) -> HttpResponse:
        data = form.cleaned_data
        listed = reads.resolve(tenant=self.tenant, actor=self.request.user, words=data["words"], picked=data["people"])
        if len(listed.people) + len(listed.doubtful) > move_outs.MOST_AT_ONCE:
            form.add_error(None, _("At most 200 people at once. Make two lists."))
            return super().form_invalid(form)
        return self._show(
            "web/requests/move_outs_preview.html",
            form=form,
            broken=broken,
            listed=listed,
            effects=reads.effects(self.tenant, listed.people),
        )

    def _show(self, template: str, **context: Any) -> HttpResponse:
        context.setdefault("form", None)
        return self.response_class(self.request, [template], self.get_context_data(**context))


def _alive(page: MoveOuts, keys: list[str]) -> list[str]:
    """Return those of the ticked keys that name a record that is still there."""
    known = {str(pk) for pk in reads.movable(page.tenant).values_list("pk", flat=True).filter(pk__in=_keys(keys))}
    return [key for key in dict.fromkeys(keys) if key in known]


def _keys(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[: move_outs.MOST_AT_ONCE]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
