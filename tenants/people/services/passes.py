"""Passes: the way through a door without a face."""
