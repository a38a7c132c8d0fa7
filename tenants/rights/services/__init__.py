"""Functions that change requests and order erasures."""
