"""The desk issues and stops passes. Nothing here asks what a person answered about their face."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.passes import CardForm, CodeForm, PassForm
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, add_errors
from portal.web.views.people import OnePerson
from recognition.matching import answers
from tenants.organizations.roles import Permission
from tenants.people.kinds import PassKind, PassState
from tenants.people.models import Pass, Person
from tenants.people.services import passes
from tenants.people.services.passing import prove_code


class IssuePass(OnePerson, ManagerForm):
    """A form with days and doors. A stay that ends proposes the last day; the desk may take it out.

    A new PIN or QR pass begins with the days and doors of the one that it replaces, so that none grows unseen.
    """

    permission = Permission.MANAGE_PEOPLE
    template_name = "web/passes/form.html"
    form_class: type[Form] = PassForm
    kind: PassKind

    @cached_property
    def earlier(self) -> Pass | None:
        """The pass that this one replaces; a card replaces none."""
        if self.kind == PassKind.CARD:
            return None
        return Pass.objects.filter(person=self.person, kind=self.kind, state=PassState.ACTIVE).first()

    def get_initial(self) -> dict[str, Any]:
        earlier = self.earlier
        if earlier is None:
            return {"valid_until": self.person.stay_ends_on}
        is_over = earlier.valid_until is not None and earlier.valid_until < timezone.localdate()
        return {
            "valid_from": earlier.valid_from,
            "valid_until": self.person.stay_ends_on if is_over else earlier.valid_until,
            "doors": [door.access_point_id for door in earlier.doors.all()],
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tenant": self.tenant}

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.person.pk]) + "#passes"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind.value, replaces=self.earlier is not None, **kwargs)


class PersonCard(IssuePass):
    form_class = CardForm
    kind = PassKind.CARD
    done = gettext_lazy("The card opens its doors from now on.")

    def perform(self, data: dict[str, Any]) -> Pass:
        return passes.issue_card(tenant=self.tenant, person=self.person, **data)


class PersonQr(IssuePass):
    kind = PassKind.QR
    done = gettext_lazy("The QR pass is on the person's own page now.")

    def perform(self, data: dict[str, Any]) -> Pass:
        return passes.issue_qr(tenant=self.tenant, person=self.person, **data)


class PersonPin(IssuePass):
    """The PIN is in one answer only: not in the session, not in an address of ours."""

    kind = PassKind.PIN

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            with transaction.atomic():
                record, pin = passes.issue_pin(tenant=self.tenant, person=self.person, **form.cleaned_data)
        except ValidationError as broken:
            add_errors(form, broken)
            return self.form_invalid(form)
        context = self.get_context_data(form=form, number=record.pass_number, pin=pin)
        response = self.response_class(self.request, ["web/passes/pin.html"], context)
        response["Cache-Control"] = "no-store"
        return response


class PersonCode(OnePerson, ManagerForm):
    """The person reads the number under their code out: is it theirs, and of now? The desk is a way to pass as well."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "web/passes/code.html"
    form_class = CodeForm
    done = gettext_lazy("Right: this is the person's pass, valid today. The number is used up now.")

    def perform(self, data: dict[str, Any]) -> None:
        answer = prove_code(tenant=self.tenant, person=self.person, code=data["code"])
        if not answer.allowed:
            raise ValidationError({"code": ValidationError(answers.sentence(answer.rule), code=answer.rule)})

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.person.pk])


class PassStop(OnePerson, ConfirmPage):
    """A page about the person whose pass it is, so whatever guards a person's page guards this one."""

    permission = Permission.MANAGE_PEOPLE
    label = gettext_lazy("Stop this pass")
    danger = True
    done = gettext_lazy("The pass is stopped. It opens nothing any more.")

    @cached_property
    def pass_(self) -> Pass:
        rows = Pass.objects.filter(tenant=self.tenant).select_related("person__identity", "person__tenant")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def person(self) -> Person:
        return self.pass_.person

    def get_question(self) -> str:
        name = self.person.identity.name if hasattr(self.person, "identity") else self.person.code
        return _("Stop this pass of %(name)s: %(kind)s?") % {"kind": self.pass_.get_kind_display(), "name": name}

    def get_effects(self) -> list[Any]:
        return [
            _("It opens no door from this moment."),
            _("Every other pass of this person goes on."),
            _("It cannot be switched on again; a new one can be issued at any time."),
        ]

    def perform(self, _data: dict[str, Any]) -> Pass:
        return passes.stop(tenant=self.tenant, pass_=self.pass_)

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.person.pk]) + "#passes"
