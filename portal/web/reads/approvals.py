"""What another member began and this one may complete: nobody does it alone (docs/roles.md)."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.web.reads.today import SHOWN, Facts
from portal.web.reads.todo import folded
from recognition.edge.models import DeviceLoss
from tenants.clearance.checks import article_name
from tenants.organizations.models import User
from tenants.organizations.roles import SHARED_ACTS, SharedAct
from tenants.people.models import MinorAccess
from tenants.rights.models import LegalHold
from tenants.transparency.models import Assessment, AssessmentState
from tenants.transparency.services.assessments import writers


def approvals(facts: Facts, actor: User) -> Iterator[dict[str, Any]]:
    """Return what waits for this member's yes, what concerns an erasure first. Five queries at most."""
    makers = {
        SharedAct.LOSS: _losses,
        SharedAct.MINOR: _minors,
        SharedAct.HOLD: _holds,
        SharedAct.ASSESSMENT: _assessments,
    }
    for act, make in makers.items():
        if SHARED_ACTS[act].completes in facts.tenant.granted:
            yield from make(facts, actor)


def _item(facts: Facts, *, title: str, detail: str, article: str, url: str, label: str) -> dict[str, Any]:
    return {
        "tone": "due",
        "title": title,
        "detail": detail,
        "article": article_name(article),
        "badge": _("Your approval"),
        "url": url,
        "label": label,
    }


def _asked(who: User, when: Any) -> str:
    said = {"who": who, "when": date_format(localtime(when), "DATETIME_FORMAT")}
    return _("%(who)s asked on %(when)s.") % said


def _losses(facts: Facts, actor: User) -> Iterator[dict[str, Any]]:
    slug = facts.tenant.slug
    rows = DeviceLoss.objects.filter(tenant=facts.tenant, confirmed_at__isnull=True, taken_back_at__isnull=True)
    rows = rows.exclude(declared_by=actor).select_related("device", "declared_by").order_by("declared_at")[:SHOWN]

    def make(loss: DeviceLoss) -> dict[str, Any]:
        return _item(
            facts,
            title=_("Is “%(device)s” lost?") % {"device": loss.device.name},
            detail=_asked(loss.declared_by, loss.declared_at),
            article="PIPL 47",
            url=reverse("device_loss_confirm", args=[slug, loss.device_id]),
            label=_("Look and confirm"),
        )

    yield from folded(list(rows), make, what=_("Lost devices"), url=reverse("devices", args=[slug]))


def _minors(facts: Facts, actor: User) -> Iterator[dict[str, Any]]:
    slug = facts.tenant.slug
    rows = MinorAccess.objects.filter(tenant=facts.tenant, decided_at__isnull=True).exclude(asked_by=actor)
    rows = rows.select_related("person", "asked_by").order_by("asked_at")[:SHOWN]

    def make(access: MinorAccess) -> dict[str, Any]:
        return _item(
            facts,
            title=_("May the record of minor %(person)s be opened?") % {"person": access.person.code},
            detail=_asked(access.asked_by, access.asked_at),
            article=_("Minors Network Protection Regulation Art 36"),
            url=reverse("access_decide", args=[slug, access.pk]),
            label=_("Decide"),
        )

    yield from folded(list(rows), make, what=_("Records of minors"), url=reverse("minors", args=[slug]))


def _holds(facts: Facts, actor: User) -> Iterator[dict[str, Any]]:
    slug = facts.tenant.slug
    rows = LegalHold.objects.filter(
        tenant=facts.tenant, approved_at__isnull=True, lifted_at__isnull=True, ends_on__gte=facts.today
    )
    rows = rows.exclude(asked_by=actor).select_related("asked_by").order_by("asked_at")[:SHOWN]

    def make(hold: LegalHold) -> dict[str, Any]:
        return _item(
            facts,
            title=_("Approve a legal hold: %(what)s") % {"what": hold.get_kind_display()},
            detail=_asked(hold.asked_by, hold.asked_at),
            article=hold.article,
            url=reverse("hold_approve", args=[slug, hold.pk]),
            label=_("Look and approve"),
        )

    yield from folded(list(rows), make, what=_("Legal holds"), url=reverse("holds", args=[slug]))


def _assessments(facts: Facts, actor: User) -> Iterator[dict[str, Any]]:
    """A draft that says its conclusion and that somebody else wrote; whoever wrote in it cannot sign it (Art 9)."""
    draft = Assessment.objects.filter(tenant=facts.tenant, state=AssessmentState.DRAFT).exclude(conclusion="").first()
    if draft is not None and actor.pk not in writers(draft):
        yield _item(
            facts,
            title=_("Version %(version)s of the impact assessment waits for a signature") % {"version": draft.version},
            detail=_("Last changed %(when)s. Who did not write in it signs it.")
            % {"when": date_format(localtime(draft.updated_at), "DATETIME_FORMAT")},
            article="Art 9",
            url=reverse("assessment_sign", args=[facts.tenant.slug, draft.pk]),
            label=_("Read and sign"),
        )
