"""The two properties of the sweeps, with a row of everything."""

from tests.architecture.conftest import foreign, members, ours, two

__all__ = ["foreign", "members", "ours", "two"]
