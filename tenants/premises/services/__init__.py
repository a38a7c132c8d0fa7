"""Functions that change zones, doors and devices."""
