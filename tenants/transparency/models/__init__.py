"""What people are told, and what is assessed before a face is used."""

from tenants.transparency.models.assessments import (
    Assessment,
    AssessmentState,
    AssessmentTrack,
    Conclusion,
    Contribution,
)
from tenants.transparency.models.notices import Notice, NoticeState
from tenants.transparency.models.risks import Risk, RiskBand, RiskKind

__all__ = [
    "Assessment",
    "AssessmentState",
    "AssessmentTrack",
    "Conclusion",
    "Contribution",
    "Notice",
    "NoticeState",
    "Risk",
    "RiskBand",
    "RiskKind",
]
