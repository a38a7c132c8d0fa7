"""The setup guide: from an empty property to the first lawful door, one decision on each screen.

Every step calls the same service as the page that it stands for; what is on record decides which step comes next.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.forms import setup as forms
from portal.web.forms.devices import SignForm
from portal.web.forms.notices import EXAMPLES
from portal.web.reads import setup as reads
from portal.web.reads.setup import Step
from portal.web.views.devices import PairingShown
from portal.web.views.manager import ManagerForm, ManagerPage
from tenants.clearance.services import activate_device
from tenants.organizations.roles import Permission as P
from tenants.organizations.services.notifications import show_setup, wishes_of
from tenants.people.kinds import AgeBand
from tenants.people.services.persons import add_person
from tenants.premises.kinds import DeviceMode, MethodKind, ZoneKind
from tenants.premises.models import Device
from tenants.premises.services.devices import record_sign, register
from tenants.premises.services.doors import create_door
from tenants.premises.services.zones import create_zone
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.services import notices

PERMISSIONS = {
    Step.DOOR: P.MANAGE_PREMISES,
    Step.DEVICE: P.MANAGE_PREMISES,
    Step.ASSESSMENT: P.MANAGE_ASSESSMENTS,
    Step.NOTICE: P.MANAGE_NOTICES,
    Step.SIGN: P.MANAGE_PREMISES,
    Step.ACTIVATE: P.MANAGE_PREMISES,
    Step.PERSON: P.MANAGE_PEOPLE,
}


class Setup(ManagerPage):
    """Where the property is, and the way on. A finished guide says so."""

    permission = P.VIEW_HOME
    section = "readiness"
    template_name = "web/setup/setup.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = reads.progress(self.tenant)
        step = found.current
        return super().get_context_data(
            steps=reads.steps(found, shown=step),
            step=step,
            next_url=reverse(f"setup_{step}", args=[self.tenant.slug]) if step else "",
            may_go_on=step is not None and PERMISSIONS[step] in self.tenant.granted,
            found=found,
            others=reads.notes(found, found.others),
            is_hidden=wishes_of([self.request.user.pk])[self.request.user.pk].hides_setup,
            **kwargs,
        )


class SetupShown(TenantPage, View):
    """Put the checklist on Today away, or bring it back: each member for themselves."""

    permission = P.VIEW_HOME
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        is_shown = request.POST.get("is_shown") == "1"
        show_setup(user=request.user, is_shown=is_shown)
        if is_shown:
            messages.success(request, _("The first steps are on Today again."))
        else:
            messages.success(request, _("Put away. Bring it back under Readiness, Set up step by step."))
        return redirect("today", self.tenant.slug)


class SetupStep(ManagerForm):
    """One step. One that is done, or not reached, leads to the one at hand."""

    step: Step
    section = "readiness"
    template_name = "web/setup/step.html"
    why: Any = ""
    label: Any = gettext_lazy("Save and go on")

    @cached_property
    def found(self) -> reads.Progress:
        return reads.progress(self.tenant)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.is_at_hand else redirect(self.get_success_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.is_at_hand else redirect(self.get_success_url())

    @property
    def is_at_hand(self) -> bool:
        return self.found.current == self.step

    def get_success_url(self) -> str:
        current = reads.progress(self.tenant).current
        return reverse(f"setup_{current}" if current else "setup", args=[self.tenant.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            steps=reads.steps(self.found, shown=self.step),
            number=list(Step).index(self.step) + 1,
            total=len(Step),
            title=reads.LABELS[self.step],
            why=self.why,
            label=self.label,
            found=self.found,
            **kwargs,
        )


class DoorStep(SetupStep):
    permission = PERMISSIONS[Step.DOOR]
    step = Step.DOOR
    form_class = forms.DoorStep
    why = gettext_lazy("The first door where a face may help. Whoever says no passes the same door another way.")

    def perform(self, data: dict[str, Any]) -> None:
        kind = ZoneKind(data["place"])
        zone = create_zone(tenant=self.tenant, name=f"{data['name']} · {kind.label}"[:80], kind=kind)
        create_door(tenant=self.tenant, zone=zone, name=data["name"], methods=[MethodKind.FACE, *data["methods"]])


class DeviceStep(SetupStep, PairingShown):
    """Ends on the pairing code, which is shown once."""

    permission = PERMISSIONS[Step.DEVICE]
    step = Step.DEVICE
    form_class = forms.DeviceStep
    section = "readiness"
    why = gettext_lazy("What the law wants to know of a device. What is filled in already is a suggestion: change it.")
    label = gettext_lazy("Register and show the pairing code")

    def get_initial(self) -> dict[str, Any]:
        return {"name": _("%(door)s terminal") % {"door": self.found.door.name}}

    def perform(self, data: dict[str, Any]) -> tuple[Device, str]:
        return register(tenant=self.tenant, access_point=self.found.door, **data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next_url=self.get_success_url(), **kwargs)


class NoticeStep(SetupStep):
    """Publishes the very first notice. Any later one, and a colleague's draft, goes the long way: through the
    builder, where nobody's words are overwritten, and the question who is asked again (PIPL 14).
    """

    permission = PERMISSIONS[Step.NOTICE]
    step = Step.NOTICE
    form_class = forms.NoticeStep
    template_name = "web/setup/notice.html"
    why = gettext_lazy("What people read before they decide. Seven of the nine items are written already.")
    label = gettext_lazy("Publish the notice")

    @cached_property
    def first(self) -> Notice | None:
        """The draft that may be published from here, or None."""
        return notices.first_draft(tenant=self.tenant, actor=self.request.user)

    def get_initial(self) -> dict[str, Any]:
        draft = self.first
        if draft is None:
            return {}
        # The examples speak of one face that is checked: they would be untrue of a device that searches.
        fits = self.found.device is not None and self.found.device.mode == DeviceMode.VERIFY
        return {"seen": draft.updated_at.isoformat()} | {
            f"{item}_{language}": draft.texts[f"{item}_{language}"] or (example if fits else "")
            for item, examples in EXAMPLES.items()
            for language, example in examples.items()
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Notice.objects.filter(tenant=self.tenant)
        return super().get_context_data(
            is_first=self.first is not None,
            draft=self.first or rows.exclude(state=NoticeState.PUBLISHED).first(),
            published=rows.published().order_by("-version").first(),
            waiting=rows.waiting().order_by("version").first(),
            **kwargs,
        )

    def form_invalid(self, form: forms.NoticeStep) -> HttpResponse:
        """Once it was said that the draft was saved meanwhile, the next press is meant."""
        if form.has_error(NON_FIELD_ERRORS, "edited_meanwhile"):
            del self.first
            form.data = form.data.copy()
            form.data["seen"] = self.first.updated_at.isoformat() if self.first else ""
        return super().form_invalid(form)

    def perform(self, data: dict[str, Any]) -> None:
        if self.first is None:
            raise ValidationError(
                _("Meanwhile a colleague wrote or published a notice. Your words are still here; put them there."),
                code="not_the_first",
            )
        # A form that does not say what it was made from has seen nothing.
        seen = data.pop("seen") or "nothing"
        draft = notices.edit(tenant=self.tenant, notice=self.first, actor=self.request.user, seen=seen, **data)
        notices.publish(tenant=self.tenant, notice=draft, actor=self.request.user, shown=())


class SignStep(SetupStep):
    permission = PERMISSIONS[Step.SIGN]
    step = Step.SIGN
    form_class = SignForm
    template_name = "web/setup/sign.html"
    why = gettext_lazy(
        "Print the sign, hang it where people see it before the camera sees them, and take a photo of it."
    )

    def get_initial(self) -> dict[str, Any]:
        return {"taken_on": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> None:
        record_sign(tenant=self.tenant, device=self.found.device, **data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = Notice.objects.filter(tenant=self.tenant).current()
        return super().get_context_data(notice=notice, **kwargs)


class ActivateStep(SetupStep):
    permission = PERMISSIONS[Step.ACTIVATE]
    step = Step.ACTIVATE
    form_class = forms.ActivateStep
    template_name = "web/setup/activate.html"
    why = gettext_lazy("The gate looks at every rule once more. From then on it looks at every match.")
    label = gettext_lazy("Switch the device on")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(blocked=reads.notes(self.found, self.found.blocked), **kwargs)

    def perform(self, data: dict[str, Any]) -> None:
        activate_device(tenant=self.tenant, device=self.found.device)


class PersonStep(SetupStep):
    permission = PERMISSIONS[Step.PERSON]
    step = Step.PERSON
    form_class = forms.PersonStep
    why = gettext_lazy(
        "Nobody's face is used yet. Give the first person their own link; they say yes or no themselves."
    )
    label = gettext_lazy("Add the person")

    def perform(self, data: dict[str, Any]) -> None:
        self.person = add_person(tenant=self.tenant, age_band=AgeBand.ADULT, **data)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if isinstance(response, HttpResponseRedirect):
            return redirect("person_link", self.tenant.slug, self.person.pk)
        return response
