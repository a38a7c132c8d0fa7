"""People: who they are, what they answered, and what is kept of their face."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from portal.reading import note_read
from portal.web.filters.people import PeopleFilter
from portal.web.forms.people import PersonForm
from portal.web.listings.people import PEOPLE
from portal.web.reads import checks, people
from portal.web.reads.invitations import last_invitation
from portal.web.reads.older_faces import count_older_faces
from portal.web.reads.passes import pass_rows
from portal.web.reads.terminals import places
from portal.web.views.lists import ListedPage
from portal.web.views.manager import ManagerForm, ManagerMixin, ManagerPage
from tenants.clearance.checks import blockers
from tenants.clearance.services import check_person
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.organizations.trail import Kind
from tenants.people.kinds import AgeBand, ConsentStatus, FaceState, PassKind, PassState
from tenants.people.models import Consent, Person
from tenants.people.services import minors, persons

HISTORY = 10


class PeopleList(ListedPage):
    listing = PEOPLE
    permission = Permission.VIEW_PEOPLE
    section = "people"
    template_name = "web/people/list.html"
    filterset_class = PeopleFilter

    def get_rows(self) -> Any:
        rows = super().get_rows()
        return people.with_consent(rows, self.tenant) if self.request.GET.get("consent") else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        people.tell_consents(self.tenant, context["object_list"])
        for person in context["object_list"]:
            person.face_tone = people.FACE_TONES[FaceState(person.face_state)]
            person.consent_label = ConsentStatus(person.consent).label
            person.consent_tone = people.CONSENT_TONES.get(ConsentStatus(person.consent), "neutral")
        context["older_faces"] = count_older_faces(self.tenant)
        count = len(context["object_list"])
        note_read(Kind.IDENTITIES_LISTED, user=self.request.user, tenant=self.tenant, count=count)
        return context


class _Minors:
    """Keeps a minor's record closed until a second member said yes, and writes each opening down.

    After the property and before the view, so that no page about a person can forget it (Minors Reg. 36).
    """

    shows_identity = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person: Person = self.person  # type: ignore[attr-defined] - of OnePerson
        if self.shows_identity:
            if not minors.may_see(actor=request.user, person=person):
                return redirect("person_access", person.tenant.slug, person.pk)
            if request.method == "GET":
                minors.record_opening(actor=request.user, person=person)
                tenant: Property = self.tenant  # type: ignore[attr-defined] - of OnePerson
                note_read(Kind.IDENTITY_READ, user=request.user, tenant=tenant, subject=f"person:{person.pk}")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc] - mixed into a View


class OnePerson(ManagerMixin, _Minors):
    """A page about the person that the address names."""

    section = "people"

    @cached_property
    def person(self) -> Person:
        rows = Person.objects.filter(tenant=self.tenant).select_related("identity", "tenant")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def consents(self) -> list[Consent]:
        return list(self.person.consents.select_related("notice", "paper__assisted_by").defer("paper__scan"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            person=self.person, person_url=reverse("person", args=[self.tenant.slug, self.person.pk]), **kwargs
        )


class PersonPage(OnePerson, ManagerPage):
    permission = Permission.VIEW_PEOPLE
    template_name = "web/people/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.person
        enrollments = list(person.enrollments.select_related("requested_by", "resembles")[:HISTORY])
        erasures = list(person.erasures.prefetch_related("receipts")[:HISTORY])
        links = list(person.links.select_related("made_by")[:HISTORY])
        passes = pass_rows(person, today=timezone.localdate())
        answers = check_person(person)
        blocked = len(blockers(answers))
        return super().get_context_data(
            consents=self.consents,
            enrollments=enrollments,
            erasures=erasures,
            passes=passes,
            has_qr=any(row.kind == PassKind.QR and row.state == PassState.ACTIVE for row in passes),
            invitation=last_invitation(person),
            link=next((link for link in links if not link.revoked_at and link.expires_at > timezone.now()), None),
            declined=people.declined_at(self.consents),
            sentence=people.face_sentence(person),
            ends_on=people.ends_on(person),
            face_tone=people.FACE_TONES[FaceState(person.face_state)],
            checks=checks.person_rows(tenant=self.tenant, person=person, checks=answers),
            blocked=blocked,
            score=f"{sum(check.holds for check in answers)} / {len(answers)}",
            guardians=list(person.guardians.select_related("guardian__identity", "recorded_by")),
            children=list(person.guardian_of.filter(ended_at__isnull=True).select_related("child")),
            is_child=person.band == AgeBand.UNDER_14,
            takes_photos=self.tenant.storage_mode == StorageMode.PORTAL,
            places=places(person),
            takes_faces=self._takes_faces(blocked),
            **kwargs,
        )

    def _takes_faces(self, blocked: int) -> bool:
        """Say whether a member may have a terminal take this face now."""
        is_on_device = self.tenant.storage_mode == StorageMode.ON_DEVICE
        return is_on_device and not blocked and Permission.MANAGE_PEOPLE in self.tenant.granted


class PersonAdd(ManagerForm):
    permission = Permission.MANAGE_PEOPLE
    section = "people"
    template_name = "web/people/form.html"
    form_class = PersonForm
    done = gettext_lazy("The person was added. Nothing about a face has happened yet.")

    def perform(self, data: dict[str, Any]) -> Person:
        return persons.add_person(tenant=self.tenant, **data)

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.result.pk])


class PersonEdit(OnePerson, ManagerForm):
    permission = Permission.MANAGE_PEOPLE
    template_name = "web/people/form.html"
    form_class = PersonForm
    done = gettext_lazy("The record was changed.")

    def get_initial(self) -> dict[str, Any]:
        person = self.person
        if not hasattr(person, "identity"):
            raise Http404
        identity = person.identity
        return {
            "name": identity.name,
            "kind": person.kind,
            "age_band": person.band,
            "room": identity.room,
            "phone": identity.phone,
            "email": identity.email,
            "stay_ends_on": person.stay_ends_on,
        }

    def perform(self, data: dict[str, Any]) -> Person:
        return persons.update_person(tenant=self.tenant, person=self.person, **data)

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.person.pk])
