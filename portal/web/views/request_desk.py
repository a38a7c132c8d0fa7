"""What the desk does before an answer: enter, confirm who asks, assign, extend, merge."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.filters.people import matching
from portal.web.forms.requests import AssignForm, ConfirmForm, EnterForm, ExtendForm, MergeForm
from portal.web.qr import qr_svg
from portal.web.reads import request_pages
from portal.web.reads import requests as reads
from portal.web.reads.requests import require_open_record
from portal.web.undo import Act, Note, offer
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm
from portal.web.views.requests import OneRequest
from tenants.organizations.roles import Permission
from tenants.people.models import Person
from tenants.rights.models import Package, RightsRequest
from tenants.rights.services import clocks, identity, merging, replacing, requests

CANDIDATES = 20


class CodeSlip(ManagerForm):
    """A form whose answer is the slip with a tracking code: shown in this one answer, in no session, in no address."""

    def form_valid(self, form: Form) -> HttpResponse:
        if not self.carry_out(form):
            return self.form_invalid(form)
        made, code = self.result
        address = self.request.build_absolute_uri(reverse("request_track", args=[self.tenant.slug, code]))
        context = self.get_context_data(
            form=form,
            made=made,
            code=code,
            find_address=self.request.build_absolute_uri(reverse("request_find", args=[self.tenant.slug])),
            qr=qr_svg(address, label=_("QR code of the page of this request")),
        )
        response = self.response_class(self.request, ["web/requests/slip.html"], context)
        response["Cache-Control"] = "no-store"
        return response


class RequestEnter(CodeSlip):
    """Write down what somebody asks on paper or by phone; the slip with the tracking code is printed at once.

    Whoever sees requests may: anybody at all may send one by the public form, and nothing is confirmed by this.
    """

    permission = Permission.VIEW_REQUESTS
    section = "requests"
    template_name = "web/requests/enter.html"
    form_class = EnterForm

    @property
    def may_search(self) -> bool:
        return Permission.VIEW_PEOPLE in self.tenant.granted

    @cached_property
    def chosen(self) -> Person | None:
        """The person whose name and room the form begins with; only for members who see people."""
        wanted = self.request.GET.get("person", "")
        if not wanted or not self.may_search:
            return None
        form = ConfirmForm({"person": wanted}, people=reads.candidates(self.tenant, self.request.user))
        return form.cleaned_data["person"] if form.is_valid() else None

    def get_initial(self) -> dict[str, Any]:
        if self.chosen is None:
            return {}
        known = self.chosen.identity
        return {"name": known.name, "contact": known.phone or known.email, "room": known.room}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()[:80]
        found = []
        if words and self.may_search:
            found = list(matching(reads.candidates(self.tenant, self.request.user), words)[:CANDIDATES])
        return super().get_context_data(words=words, found=found, may_search=self.may_search, **kwargs)

    def perform(self, data: dict[str, Any]) -> tuple[RightsRequest, str]:
        return requests.receive(tenant=self.tenant, entered_by=self.request.user, **data)


class RequestCode(OneRequest, CodeSlip, ConfirmPage):
    """A new tracking code for somebody who lost theirs; the slip with it is printed at once."""

    permission = Permission.HANDLE_REQUESTS
    question = gettext_lazy("Give out a new tracking code?")
    label = gettext_lazy("Give out a new code")
    warning = gettext_lazy("Whoever has the code reads what the request is about. Give it to that person alone.")

    def get_effects(self) -> list[Any]:
        return [
            _("You know the person who stands before you. A face is not compared, and nothing is copied."),
            _("The old code opens nothing from now on. A package that it opened is built anew for the new one."),
            _("The person is told by a message that a new code was given out."),
        ]

    def perform(self, _data: dict[str, Any]) -> tuple[RightsRequest, str]:
        require_open_record(self.rights_request, self.request.user)
        return replacing.replace_code(tenant=self.tenant, request=self.rights_request, actor=self.request.user)


class RequestPackageAgain(OneRequest, ConfirmPage):
    permission = Permission.HANDLE_REQUESTS
    question = gettext_lazy("Build the package once more?")
    label = gettext_lazy("Build it once more")
    done = gettext_lazy("The package is being built once more.")

    def get_effects(self) -> list[Any]:
        return [_("The person finds it on the tracking page when it is ready. The tracking code stays the same.")]

    def perform(self, _data: dict[str, Any]) -> Package:
        return replacing.build_again(tenant=self.tenant, request=self.rights_request, actor=self.request.user)


class RequestConfirm(OneRequest, ManagerForm):
    """Say who asks: from the record that is already held, never by a face, never by more papers."""

    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/confirm.html"
    form_class = ConfirmForm
    done = gettext_lazy("The identity is confirmed. Now the request can be answered.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"people": reads.candidates(self.tenant, self.request.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()[:80]
        if words:
            found = list(matching(reads.candidates(self.tenant, self.request.user), words)[:CANDIDATES])
        else:
            found = list(reads.suggestions(self.tenant, self.rights_request, self.request.user)[:CANDIDATES])
        for person in found:
            person.same = reads.agreements(person, self.rights_request)
        found.sort(key=lambda person: -len(person.same))
        return super().get_context_data(words=words, found=found, **kwargs)

    def perform(self, data: dict[str, Any]) -> RightsRequest:
        return identity.prove_in_person(
            tenant=self.tenant, request=self.rights_request, person=data["person"], actor=self.request.user
        )


class RequestAskProof(OneRequest, ConfirmPage):
    permission = Permission.HANDLE_REQUESTS
    question = gettext_lazy("Ask to prove who asks?")
    label = gettext_lazy("Ask for proof")
    done = gettext_lazy("The person is asked, and the clock waits for the proof.")

    def get_effects(self) -> list[Any]:
        return [
            _("The person reads on the tracking page how to prove it: a code to the contact on file, or at the desk."),
            _("The days to answer stand still until then. After 30 days without proof the request closes by itself."),
        ]

    def perform(self, _data: dict[str, Any]) -> RightsRequest:
        return identity.ask_for_proof(tenant=self.tenant, request=self.rights_request, actor=self.request.user)


class RequestAssign(OneRequest, ManagerForm):
    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/one_field.html"
    form_class = AssignForm
    done = gettext_lazy("Saved who looks after it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        members = request_pages.members_who_answer(self.tenant)
        return super().get_form_kwargs() | {"members": members}

    def get_initial(self) -> dict[str, Any]:
        return {"to": self.rights_request.assigned_to_id}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=_("Who looks after it?"), label=_("Save"), **kwargs)

    def perform(self, data: dict[str, Any]) -> RightsRequest:
        self.before = self.rights_request.assigned_to_id
        return requests.assign(tenant=self.tenant, request=self.rights_request, to=data["to"], actor=self.request.user)

    def undoable(self) -> str:
        after = self.result.assigned_to_id
        note = Note(Act.REQUEST_ASSIGNED, self.result.pk, str(self.before or ""), str(after or ""))
        return offer(tenant=self.tenant, user=self.request.user, note=note)


class RequestExtend(OneRequest, ManagerForm):
    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/extend.html"
    form_class = ExtendForm
    done = gettext_lazy("Extended once by 15 working days. The person has been told why.")

    def perform(self, data: dict[str, Any]) -> RightsRequest:
        return clocks.extend(
            tenant=self.tenant, request=self.rights_request, reason=data["reason"], actor=self.request.user
        )


class RequestMerge(OneRequest, ManagerForm):
    """A button on the request's page. Opened by its address it leads back there."""

    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/one_field.html"
    form_class = MergeForm
    done = gettext_lazy("Merged. The person reads it on the tracking page.")

    def get_form_kwargs(self) -> dict[str, Any]:
        others = RightsRequest.objects.filter(
            tenant=self.tenant, pk__in=[row.pk for row in merging.similar(self.rights_request)]
        )
        return super().get_form_kwargs() | {"others": others}

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page_title=_("It could not be merged"), label="", **kwargs)

    def perform(self, data: dict[str, Any]) -> RightsRequest:
        return merging.merge(
            tenant=self.tenant, request=self.rights_request, into=data["into"], actor=self.request.user
        )
