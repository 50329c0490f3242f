"""The drawings of docs/performance.md: plain SVG, without anything to load."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench.parts.targets import MOST, Line, Verdict

MET, MISSED, BESIDE = "#2a7f78", "#b4552d", "#9aa5a3"
ROW, LEFT, WIDTH = 22, 360, 300


def targets(verdicts: Sequence[Verdict]) -> str:
    """A bar for each target: how much of it is used up; the line is the target itself."""
    bars = []
    for what, found, which, target, met in verdicts:
        used = found / max(target, 1e-9) if which == MOST else target / max(found, 1e-9)
        bars.append((what, found, min(used, 2) * WIDTH / 2, MET if met else MISSED))
    height = ROW * len(bars) + 10
    line = f'<path d="M{LEFT + WIDTH / 2:.0f} 0V{height}" stroke="#333" stroke-dasharray="3 3"/>'
    return drawn("How much of each target is used up", bars, line)


def fanout(lines: Sequence[Line]) -> str:
    """Milliseconds until the last socket has an entry: ours, and each beside it."""
    found = [
        (f"{line['sockets']} sockets: {name}", line[key], MET if name == "rondo" else BESIDE)
        for line in sorted((line for line in lines if line["bench"] == "fanout"), key=lambda line: line["sockets"])
        for name in ("rondo", "c", "websockets", "tutorial")
        if (key := f"{name}_last_ms") in line
    ]
    return measured("Milliseconds until the last socket has an entry (median)", found)


def growth(lines: Sequence[Line]) -> str:
    """Milliseconds of one request, with few and with many."""
    found = [
        (f"{name}, {line['from' if which == 'few' else 'to']} {line['of']}", line[f"{name}_ms_{which}"], colour)
        for line in lines
        if line["bench"] == "growth"
        for name in ("list", "search", "snapshot", "command")
        for which, colour in (("few", BESIDE), ("many", MET))
    ]
    return measured("Milliseconds that one request takes, with few and with many", found)


def measured(title: str, found: Sequence[tuple[str, float, str]]) -> str:
    """Bars beside one measure: the longest is as wide as there is room."""
    longest = max((value for _, value, _ in found), default=1.0)
    return drawn(title, [(what, value, value * WIDTH / longest, colour) for what, value, colour in found])


def drawn(title: str, bars: Sequence[tuple[str, float, float, str]], more: str = "") -> str:
    """`bars`: what, its value, how long, in what colour."""
    height = ROW * len(bars) + 10
    rows = []
    for number, (what, value, long, colour) in enumerate(bars):
        y = 5 + number * ROW
        rows.append(
            f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(what)}</text>'
            f'<rect x="{LEFT}" y="{y + 3}" width="{long:.0f}" height="{ROW - 8}" fill="{colour}"/>'
            f'<text x="{LEFT + long + 6:.0f}" y="{y + 15}">{value:g}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 60}" height="{height}" '
        f'font-family="sans-serif" font-size="12" role="img"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(rows)}{more}</svg>\n'
    )
