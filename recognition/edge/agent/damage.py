"""What cannot be read any more."""


class Damaged(Exception):
    """A file of this terminal does not hold what it should. The message says which, and what to do."""
