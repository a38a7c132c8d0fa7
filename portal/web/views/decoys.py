"""Decoys of a property: what is laid out, and laying out another. For owners: who knows a decoy does not touch it."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.security.detection import decoys
from portal.security.models import ApiToken, Decoy
from portal.web.forms.decoys import InventedKeyForm, InventedPersonForm
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.people.models import PersonIdentity


class DecoysSection(ManagerMixin):
    permission = Permission.MANAGE_PROPERTY
    section = "alerts"

    def get_success_url(self) -> str:
        return reverse("decoys", args=[self.tenant.slug])


class DecoyList(DecoysSection, ManagerList):
    template_name = "web/decoys/list.html"

    def get_rows(self) -> Any:
        return decoys.live(self.tenant).select_related("made_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["rows"] = named(self.tenant, list(context["object_list"]))
        return context


class PersonDecoy(DecoysSection, ManagerForm):
    sensitive = True
    template_name = "web/decoys/add.html"
    form_class = InventedPersonForm
    done = gettext_lazy("The decoy is laid out. Whoever opens it rings.")
    extra_context = {
        "heading": gettext_lazy("Invent a person"),
        "lede": gettext_lazy(
            "The person stands among the others, never agrees to anything and opens no door. Do not open the record "
            "yourself: that rings too."
        ),
    }

    def perform(self, data: dict[str, Any]) -> Decoy:
        return decoys.invent_person(tenant=self.tenant, actor=self.request.user, **data)


class KeyDecoy(DecoysSection, ManagerForm):
    """Answers with the key itself, once: not in the session, not in an address, not in any cache."""

    sensitive = True
    template_name = "web/decoys/add.html"
    form_class = InventedKeyForm
    extra_context = {
        "heading": gettext_lazy("Make a key to be found"),
        "lede": gettext_lazy(
            "It looks like any API token and opens next to nothing. Lay it out where a thief would look: in a file "
            "on the desk's computer, in a mailbox."
        ),
    }

    def perform(self, data: dict[str, Any]) -> tuple[Decoy, str]:
        return decoys.invent_key(tenant=self.tenant, actor=self.request.user, **data)

    def form_valid(self, form: Form) -> HttpResponse:
        if not self.carry_out(form):
            return self.form_invalid(form)
        _decoy, text = self.result
        response = TemplateResponse(self.request, "web/decoys/shown.html", self.get_context_data(form=form, text=text))
        response["Cache-Control"] = "no-store"
        return response


class DecoyEnd(DecoysSection, ConfirmPage):
    label = gettext_lazy("End the decoy")
    done = gettext_lazy("The decoy has ended. Nobody rings by it any more.")

    @cached_property
    def decoy(self) -> Decoy:
        return get_object_or_404(decoys.live(self.tenant), pk=self.kwargs["pk"])

    def get_question(self) -> str:
        return _("End this decoy?")

    def get_effects(self) -> list[str]:
        if self.decoy.subject.startswith("token:"):
            return [_("The key is stopped and opens nothing any more.")]
        return [
            _("Whoever opens this record does not ring any more."),
            _("The record itself stays. Delete it under “People”, as any other."),
        ]

    def perform(self, data: dict[str, Any]) -> Decoy:
        return decoys.end(tenant=self.tenant, decoy=self.decoy, actor=self.request.user)


def named(tenant: Property, rows: list[Decoy]) -> list[tuple[Decoy, bool, str]]:
    """Return each decoy, whether it is a key, and what it is called. Two queries."""
    ids = [row.subject.partition(":")[2] for row in rows]
    people = PersonIdentity.objects.filter(tenant=tenant, person_id__in=ids).values_list("person_id", "name")
    keys = ApiToken.objects.filter(tenant=tenant, pk__in=ids).values_list("pk", "name")
    names = {str(pk): name for pk, name in [*people, *keys]}
    return [(row, row.subject.startswith("token:"), names.get(pk, "–")) for row, pk in zip(rows, ids, strict=True)]
