"""The ROC and the DET curve as one picture (SVG): lines and numbers, nothing of a photo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from statistics import NormalDist

from recognition.engine.evaluation import Curve

_SIDE, _LEFT, _TOP, _GAP = 320, 70, 50, 110
_DET_LEAST, _DET_MOST = 0.0005, 0.5
_DET_TICKS = (0.001, 0.01, 0.05, 0.2, 0.5)
_ROC_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_MOST_POINTS = 2000  # more cannot be told apart on a screen
_NORMAL = NormalDist()

Scale = Callable[[float], float]  # a rate to its place on an axis, 0 to 1


def draw(found: Curve, *, auc: float, eer: float, title: str) -> str:
    """Both curves side by side: ROC on plain axes, DET on normal deviates as is usual (Martin et al., 1997)."""
    step = max(1, len(found.thresholds) // _MOST_POINTS)
    kept = [*range(0, len(found.thresholds), step), len(found.thresholds) - 1]
    fmr, fnmr = [float(found.fmr[at]) for at in kept], [float(found.fnmr[at]) for at in kept]
    right = _LEFT + _SIDE + _GAP
    matches = [1 - rate for rate in fnmr]
    width, height = right + _SIDE + 30, _TOP + _SIDE + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        _text(width / 2, 20, title),
        *_panel(_LEFT, f"ROC, area {auc:.4f}", ("false match rate", "match rate"), _ROC_TICKS, lambda rate: rate),
        _line(_LEFT, zip(fmr, matches, strict=True), lambda rate: rate),
        *_panel(
            right, f"DET, equal error {eer:.2%}", ("false match rate", "false non-match rate"), _DET_TICKS, _deviate
        ),
        _line(right, zip(fmr, fnmr, strict=True), _deviate),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _deviate(rate: float) -> float:
    least, most = _NORMAL.inv_cdf(_DET_LEAST), _NORMAL.inv_cdf(_DET_MOST)
    return (_NORMAL.inv_cdf(min(_DET_MOST, max(_DET_LEAST, rate))) - least) / (most - least)


def _panel(left: int, title: str, names: tuple[str, str], ticks: Iterable[float], scale: Scale) -> Iterable[str]:
    bottom = _TOP + _SIDE
    yield _text(left + _SIDE / 2, _TOP - 10, title)
    yield f'<rect x="{left}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="black"/>'
    for tick in ticks:
        x, y = left + scale(tick) * _SIDE, bottom - scale(tick) * _SIDE
        yield f'<path d="M{x:.1f} {_TOP}V{bottom}M{left} {y:.1f}H{left + _SIDE}" stroke="#ccc"/>'
        yield _text(x, bottom + 16, f"{tick:.4g}")
        yield _text(left - 22, y + 4, f"{tick:.4g}")
    yield _text(left + _SIDE / 2, bottom + 40, names[0])
    turned = f"rotate(-90 {left - 48} {_TOP + _SIDE / 2})"
    yield _text(left - 48, _TOP + _SIDE / 2, names[1], f' transform="{turned}"')


def _line(left: int, points: Iterable[tuple[float, float]], scale: Scale) -> str:
    places = (f"{left + scale(x) * _SIDE:.1f},{_TOP + _SIDE - scale(y) * _SIDE:.1f}" for x, y in points)
    return f'<polyline points="{" ".join(places)}" fill="none" stroke="#0b57d0" stroke-width="2"/>'


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle"{more}>{escape(text)}</text>'
