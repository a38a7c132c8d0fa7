"""Pure rules about places, methods and devices: no database, no clock."""

from tenants.premises.rules.devices import TRANSITIONS, algorithm_generation, may_become, test_faults
from tenants.premises.rules.methods import (
    BLOCKING,
    Inconvenience,
    Terms,
    compare_methods,
    convenient_methods,
    has_alternative,
    inconveniences,
    is_open,
)
from tenants.premises.rules.places import is_private, is_private_place, lies_within

__all__ = [
    "BLOCKING",
    "TRANSITIONS",
    "Inconvenience",
    "Terms",
    "algorithm_generation",
    "compare_methods",
    "convenient_methods",
    "has_alternative",
    "inconveniences",
    "is_open",
    "is_private",
    "is_private_place",
    "lies_within",
    "may_become",
    "test_faults",
]
