"""What an assessment covers and lacks, in words, and how its risks lie."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.security.figures import people_of
from portal.web.forms.assessments import GUIDE, IMPACT_WORDS, ITEM_TITLES, LIKELIHOOD_WORDS, TONES
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceMode, DevicePurpose, ZoneKind
from tenants.premises.models import Device
from tenants.transparency.models import Assessment, AssessmentState, Conclusion, Risk, RiskBand
from tenants.transparency.rules import assessments as rules
from tenants.transparency.services.refusals import refusals as refusals_of
from tenants.transparency.services.scopes import IN_USE, PLANNED, facts_of, scope_of

# code: (what changed, what to do)
REASONS = {
    "purpose": (
        gettext_lazy("A device is used for a purpose that was not assessed"),
        gettext_lazy("Assess the new purpose, or set the device back."),
    ),
    "mode": (
        gettext_lazy("A device works in a way that was not assessed (1:1 or 1:N)"),
        gettext_lazy("1:N looks at everybody who passes: say how people who declined are protected."),
    ),
    "vendor": (
        gettext_lazy("A vendor was added"),
        gettext_lazy("Each vendor is a reason of its own to assess (PIPL Art 55)."),
    ),
    "algorithm": (
        gettext_lazy("A device has another generation of its algorithm"),
        gettext_lazy("Look at its test report again: who is not recognised, and who is let in wrongly."),
    ),
    "place": (
        gettext_lazy("A device stands in another kind of place"),
        gettext_lazy("Say why a face is needed there, and what the camera sees."),
    ),
    "storage": (
        gettext_lazy("Faces are stored elsewhere than was assessed"),
        gettext_lazy("Assess the new place of storage, or set it back in the settings."),
    ),
    "incident": (
        gettext_lazy("There was a major security incident"),
        gettext_lazy("Say what happened and what was changed since."),
    ),
}


def people_count(tenant: Property) -> int:
    return people_of(tenant.handler_id)


def scope_rows(scope: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return what is covered in the reader's words: (what, values)."""
    return [
        (_("Purposes"), _named(scope.get("purposes", ()), DevicePurpose)),
        (_("Modes"), _named(scope.get("modes", ()), DeviceMode)),
        (_("Vendors"), _named(scope.get("vendors", ()), None)),
        (_("Algorithms"), _named(scope.get("algorithms", ()), None)),
        (_("Kinds of place"), _named(scope.get("place_kinds", ()), ZoneKind)),
        (_("Where faces are stored"), _named([scope.get("storage_mode", "")], StorageMode)),
    ]


def _named(codes: Iterable[str], kinds: type[models.TextChoices] | None) -> list[str]:
    labels = dict(kinds.choices) if kinds else {}
    return [str(labels.get(code, code)) if code else _("not stated") for code in codes]


def staleness(tenant: Property, assessment: Assessment) -> list[dict[str, Any]]:
    """Return why the assessment in force is not enough any more: what was written down, and what holds right now."""
    now = rules.stale_reasons(assessment.coverage, **scope_of(tenant, states=IN_USE))
    codes = [code for code in rules.STALE_CODES if code in {*now, *assessment.stale_for}]
    return [{"code": code, "title": REASONS[code][0], "detail": REASONS[code][1]} for code in codes]


def uncovered_devices(tenant: Property, assessment: Assessment) -> list[dict[str, Any]]:
    """Return the devices that cannot be activated under this assessment, and what of each is new. One query."""
    devices = Device.objects.filter(tenant=tenant, state__in=PLANNED).select_related("access_point__zone")
    storage_mode = str(tenant.storage_mode)
    rows = []
    for device in devices:
        codes = rules.covers(assessment.coverage, **facts_of(device), storage_mode=storage_mode)
        own = [code for code in codes if code != "storage"]
        if own:
            url = reverse("device", args=[tenant.slug, device.pk])
            rows.append({"device": device, "url": url, "reasons": [REASONS[code][0] for code in own]})
    return rows


def items(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the four items as they were written."""
    return [
        {
            "title": ITEM_TITLES[item],
            "texts": [
                {"title": GUIDE[field][0], "article": GUIDE[field][2], "text": getattr(assessment, field)}
                for field in fields
            ],
        }
        for item, fields in rules.ITEMS.items()
    ]


def annex(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the rows of the table for small handlers (Order No. 25, Annex 2), from the same words as the full form.

    `conclusion` is None while nobody has decided; the remarks name the law and, where they belong, the risks.
    """
    decided = {Conclusion.ACCEPTABLE.value: True, Conclusion.NOT_ACCEPTABLE.value: False}.get(assessment.conclusion)
    risks = "; ".join(f"{risk.number}. {risk.title}" for risk in assessment.risks.all())
    measured = {"harm": _("Risks: %(risks)s") % {"risks": risks}} if risks else {}
    return [
        {
            "number": number,
            "situation": GUIDE[field][0],
            "content": text,
            "conclusion": decided,
            "article": GUIDE[field][2],
            "remarks": measured.get(field, ""),
        }
        for number, (field, text) in enumerate(assessment.texts.items(), start=1)
    ]


def risk_rows(risks: Iterable[Risk]) -> list[dict[str, Any]]:
    return [{"risk": risk, "tone": TONES[risk.band], "band": risk.band.label} for risk in risks]


def matrix(risks: Iterable[Risk]) -> list[dict[str, Any]]:
    """Return the table of likelihood by impact, the likeliest first: each cell its band and the risks in it."""
    risks = list(risks)
    return [
        {
            "number": likelihood,
            "label": LIKELIHOOD_WORDS[likelihood],
            "cells": [
                {
                    "number": impact,
                    "impact": IMPACT_WORDS[impact],
                    "tone": TONES[RiskBand(rules.band(likelihood, impact))],
                    "band": RiskBand(rules.band(likelihood, impact)).label,
                    "risks": [r for r in risks if (r.likelihood, r.impact) == (likelihood, impact)],
                }
                for impact in IMPACT_WORDS
            ],
        }
        for likelihood in reversed(LIKELIHOOD_WORDS)
    ]


def incidents(assessment: Assessment | None) -> list[dict[str, Any]]:
    """Return what happened while this version was in force, oldest first: the day, and in words what."""
    return [
        {"on": date.fromisoformat(told["happened_on"]), "text": told["description"]}
        for told in (assessment.incidents if assessment else [])
    ]


def is_intact(assessment: Assessment) -> bool:
    """Say whether a signed version still is what was signed."""
    return rules.content_hash(assessment.content) == assessment.content_hash


def readiness(tenant: Property, assessment: Assessment, *, edit_url: str) -> list[dict[str, Any]]:
    """Return what signing asks as rows of `components/blockers.html`: done, or what is missing."""
    refusals = refusals_of(tenant=tenant, assessment=assessment, people_count=people_count(tenant))
    asked = [(field, GUIDE[field][0], GUIDE[field][2], field) for field in rules.TEXTS] + [
        ("risks", _("Risks and their measures"), _("Measures Art 9(3), (4)"), "risks"),
        ("conclusion", _("Conclusion"), "", "conclusion"),
        ("track", _("Form"), _("Order No. 25"), "conclusion"),
        ("scope", _("What it covers"), _("Measures Art 9"), "scope"),
    ]
    return [
        {
            "ok": field not in refusals,
            "title": title,
            "detail": " ".join(refusals[field].messages) if field in refusals else _("Complete."),
            "article": article,
            "url": f"{edit_url}#{place}",
            "label": _("Mend it"),
        }
        for field, title, article, place in asked
    ]


def steps(assessment: Assessment) -> list[dict[str, str]]:
    """Return the five steps of a draft for `components/steps.html`: done, where to go on, still to come."""
    open_texts = rules.unfinished(assessment.texts)
    risks = list(assessment.risks.all())
    done = {
        "scope": True,
        "items": not open_texts,
        "risks": bool(risks) and all(risk.is_settled for risk in risks if risk.band == RiskBand.HIGH),
        "conclusion": assessment.conclusion == Conclusion.ACCEPTABLE,
        "sign": assessment.state == AssessmentState.SIGNED,
    }
    labels = {
        "scope": _("What it covers"),
        "items": _("Four items"),
        "risks": _("Risks"),
        "conclusion": _("Comment and conclusion"),
        "sign": _("Sign"),
    }
    current = next((name for name, is_done in done.items() if not is_done), "")
    return [
        {
            "label": label,
            "state": "done" if done[name] else "current" if name == current else "todo",
            "url": "" if name == "sign" else f"#{name}",
        }
        for name, label in labels.items()
    ]
