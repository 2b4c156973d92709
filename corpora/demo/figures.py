"""Draw the figures of the demo card as pictures without text, so that a reader cannot read them.

Run ``python figures.py`` to draw them again; the drawings are kept beside the source, because
their bytes depend on the version of Pillow.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parent / "source" / "figures"
INK, GRID, LINE, SECOND = "#1d2733", "#d5dce3", "#1f6f8b", "#c8743c"
SIZE, MARGIN = (1200, 520), 70
COLOURS = [LINE, SECOND, "#6a8f3c", "#7d5a96"]


def _axes() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    for step in range(1, 6):
        y = height - MARGIN - step * (height - 2 * MARGIN) // 5
        draw.line((MARGIN, y, width - MARGIN, y), fill=GRID, width=2)
    draw.line((MARGIN, MARGIN, MARGIN, height - MARGIN), fill=INK, width=3)
    draw.line((MARGIN, height - MARGIN, width - MARGIN, height - MARGIN), fill=INK, width=3)
    return picture, draw


def _place(x: float, y: float) -> tuple[int, int]:
    width, height = SIZE
    return (
        round(MARGIN + x * (width - 2 * MARGIN)),
        round(height - MARGIN - y * (height - 2 * MARGIN)),
    )


def lines(name: str, series: list[list[tuple[float, float]]]) -> None:
    """Draw line charts; coordinates run from 0 to 1 on both axes."""
    picture, draw = _axes()
    for points, colour in zip(series, COLOURS, strict=False):
        places = [_place(x, y) for x, y in points]
        draw.line(places, fill=colour, width=5, joint="curve")
        for x, y in places:
            draw.ellipse((x - 8, y - 8, x + 8, y + 8), fill=colour)
    _save(picture, name)


def bars(name: str, values: list[tuple[float, float]]) -> None:
    """Draw bars with intervals; values and half-intervals are parts of the full height."""
    picture, draw = _axes()
    for index, (value, half) in enumerate(values):
        left = 0.12 + index * 0.3
        draw.rectangle((*_place(left, value), *_place(left + 0.18, 0)), fill=COLOURS[index])
        middle = left + 0.09
        draw.line((*_place(middle, value - half), *_place(middle, value + half)), fill=INK, width=4)
    _save(picture, name)


def _save(picture: Image.Image, name: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture.quantize(32).save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    hours = [0.02, 0.1, 0.25, 0.45, 0.7, 0.95]
    search, hand = [0.05, 0.24, 0.43, 0.6, 0.76, 0.88], [0.02, 0.1, 0.17, 0.25, 0.32, 0.38]
    lines("bio-attempts", [list(zip(hours, v, strict=True)) for v in (search, hand)])
    tries = [0.05, 0.5, 0.95]
    rates = ([0.2, 0.5, 0.71], [0.1, 0.42, 0.63], [0.04, 0.21, 0.48], [0.48, 0.74, 0.9])
    lines("injection", [list(zip(tries, v, strict=True)) for v in rates])
    bars("audit", [(0.82, 0.04), (0.61, 0.03), (0.54, 0.03)])
    steps = [0.08, 0.34, 0.62, 0.93]
    scores = ([0.55, 0.68, 0.8, 0.9], [0.22, 0.36, 0.47, 0.56])
    lines("effort", [list(zip(steps, v, strict=True)) for v in scores])


if __name__ == "__main__":
    main()
