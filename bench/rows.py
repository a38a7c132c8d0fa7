"""One line of `make bench`: a number of ours beside a named rival's of the same run, and whether the bound is met.

A benchmark is a module of this folder with `rows(faces)`: it takes the folder given by FACES (or None: then it uses
photos from packages) and yields its rows. Each rival is measured in the same process minutes, on the same input.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """`ours` and `rival` are in `unit`; `met` says whether `ratio` keeps the `bound`, which is in words."""

    name: str
    ours: float
    rival: float
    rival_name: str
    unit: str
    ratio: float
    bound: str
    met: bool

    def line(self) -> str:
        verdict = "met" if self.met else "MISSED"
        ours, rival = (f"{value:.4g} {self.unit}".strip() for value in (self.ours, self.rival))
        return f"{self.name}: {ours}; {self.rival_name}: {rival}; ratio {self.ratio:.4g}; {self.bound}; {verdict}"

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def faster(name: str, *, ours: float, rival: float, rival_name: str, times: float, unit: str = "s") -> Row:
    """Both in time for the same work: the rival's must be at least `times` ours. Ratio: rival / ours."""
    ratio = rival / ours
    return Row(name, ours, rival, rival_name, unit, ratio, f"at least {times:g} times as fast", ratio >= times)


def within(name: str, *, ours: float, rival: float, rival_name: str, times: float, unit: str = "s") -> Row:
    """Ours must be at most `times` the rival's, in time or memory. Ratio: ours / rival."""
    ratio = ours / rival
    return Row(name, ours, rival, rival_name, unit, ratio, f"at most {times:g} times the rival's", ratio <= times)


def higher(name: str, *, ours: float, rival: float, rival_name: str, unit: str = "") -> Row:
    """Ours must be more than the rival's, as an area under a curve or a gap. Ratio: ours / rival."""
    return Row(name, ours, rival, rival_name, unit, ours / rival, "more than the rival's", ours > rival)


def below(name: str, *, ours: float, limit: float, unit: str) -> Row:
    """Ours must stay under a fixed limit, which is a promise to people and no rival's number. Ratio: ours / limit."""
    return Row(name, ours, limit, "what was promised", unit, ours / limit, "under what was promised", ours < limit)
