"""Why a draft of the impact assessment cannot be signed yet (Measures Art 9; Order No. 25)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.transparency.models import Assessment, AssessmentTrack, Conclusion, RiskBand
from tenants.transparency.rules import assessments as rules
from tenants.transparency.services.scopes import scope_of


def refusals(*, tenant: Property, assessment: Assessment, people_count: int) -> dict[str, ValidationError]:
    """Return why this draft cannot be signed yet, by field; `risks` and `scope` name those parts as a whole."""
    errors = {
        field: ValidationError(
            _("This item is required.")
            if code == "missing"
            else _("A place in this text is still open: ____. Fill it in or take it out."),
            code=code,
        )
        for field, code in rules.unfinished(assessment.texts).items()
    }
    if assessment.conclusion != Conclusion.ACCEPTABLE:
        errors["conclusion"] = ValidationError(
            _("Only an assessment that finds the risk acceptable can be signed. Change the measures, or use no faces."),
            code="not_acceptable",
        )
    if assessment.track == AssessmentTrack.SMALL and not rules.is_small(people_count):
        errors["track"] = ValidationError(
            _("With 100,000 people or more the form for small handlers cannot be used (Order No. 25)."),
            code="not_small",
        )
    risks = list(assessment.risks.all())
    unsettled = [risk.title for risk in risks if risk.band == RiskBand.HIGH and not risk.is_settled]
    if not risks:
        errors["risks"] = ValidationError(_("Name at least one risk (Measures Art 9(3))."), code="no_risks")
    elif unsettled:
        errors["risks"] = ValidationError(
            _("A high risk needs a measure, somebody who sees to it, and a date: %(risks)s."),
            code="unsettled",
            params={"risks": "; ".join(unsettled)},
        )
    before = Assessment.objects.filter(tenant=tenant).current()
    happened_at = before.last_incident_at if before else None
    happened_at = before.last_incident_at if before else None
    if "harm" not in errors and happened_at is not None and assessment.updated_at < happened_at:
        errors["harm"] = ValidationError(
            _("Something serious was recorded after this draft was saved. Say what was changed since, then save it."),
            code="incident_since",
        )
    if rules.stale_reasons(assessment.coverage, **scope_of(tenant)):
        errors["scope"] = ValidationError(
            _("The property changed since this draft was saved. Save it again and read what it covers."),
            code="scope_changed",
        )
    return errors
