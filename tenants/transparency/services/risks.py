"""Write the risk matrix of a draft as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.transparency.models import Assessment, Risk
from tenants.transparency.models.risks import RISK_FIELDS

MOST = 60


def replace_risks(assessment: Assessment, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make a locked draft's list equal to these rows, in order. A row keeps its place: the log says what changed in it.

    Raises ValidationError by the row's number.
    """
    if len(rows) > MOST:
        raise ValidationError({"risks": ValidationError(_("At most 60 risks."), code="too_many")})
    kept = {risk.number: risk for risk in assessment.risks.all()}
    for number, row in enumerate(rows, start=1):
        risk = kept.pop(number, None) or Risk(tenant=assessment.tenant, assessment=assessment, number=number)
        written = Risk(**{field: row[field] for field in RISK_FIELDS if field in row})
        for field, value in written.values.items():
            setattr(risk, field, value)
        _check(risk)
        risk.save()
    for risk in kept.values():
        risk.delete()


def _check(risk: Risk) -> None:
    try:
        risk.clean_fields(exclude=["tenant", "assessment"])
    except ValidationError as broken:
        params = {"number": risk.number, "texts": " ".join(broken.messages)}
        refusal = ValidationError(_("Risk %(number)s: %(texts)s"), code="out_of_shape", params=params)
        raise ValidationError({"risks": refusal}) from broken
