"""Pure rules about requests: their states, their clock, and what may be sent along."""

from tenants.rights.rules.clocks import (
    ANSWER_WORKING_DAYS,
    EXTENSION_WORKING_DAYS,
    Clock,
    Deadline,
    add_working_days,
    is_past_target,
    working_days_left,
)
from tenants.rights.rules.transitions import OPEN_STATES, TRANSITIONS, may_become

__all__ = [
    "ANSWER_WORKING_DAYS",
    "EXTENSION_WORKING_DAYS",
    "OPEN_STATES",
    "TRANSITIONS",
    "Clock",
    "Deadline",
    "add_working_days",
    "is_past_target",
    "may_become",
    "working_days_left",
]
