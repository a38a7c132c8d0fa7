"""Functions that change persons, links and consents."""
