"""Functions that change handlers, properties and members."""
