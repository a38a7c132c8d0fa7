"""Random histories of one property: what happens to it, and what must hold whatever happened."""
