"""The style sheet: readable in light and dark, small, and free of what the policy forbids."""

import gzip
import re

import pytest

from whistle.web import assets

CSS = (assets.DIST.parent / "css" / "app.css").read_text(encoding="utf-8")
BUDGET = 6 * 1024
PHYSICAL = re.compile(
    r"(?:^|[;{\s])((?:margin|padding|border)-(?:left|right|top|bottom)|width|height|left|right|top"
    r"|bottom|min-width|max-width|min-height|max-height|text-align: (?:left|right))\s*:"
)

ON_PAPER = ("paper", "card", "sunk", "tint")
TEXT = [
    *(("ink", ground) for ground in (*ON_PAPER, "bad-tint", "warn-tint", "good-tint")),
    *(("soft", ground) for ground in ON_PAPER),
    *(("link", ground) for ground in ON_PAPER),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("bad", "paper"),
    ("bad", "card"),
    ("card", "bad"),
    ("warn", "warn-tint"),
    ("good", "card"),
    ("good", "paper"),
    ("paper", "ink"),
]
"""Pairs of text and ground: 4.5:1 at least (WCAG 1.4.3)."""
SHAPES = [("edge", ground) for ground in ON_PAPER] + [
    ("focus", "paper"),
    ("focus", "card"),
    ("focus", "sunk"),
    ("focus", "halo"),
    ("brand", "card"),
    ("warn", "warn-tint"),
    ("good", "good-tint"),
]
"""Pairs of an edge, a ring or a bar and its ground: 3:1 at least (WCAG 1.4.11)."""


def tokens(dark: bool) -> dict[str, str]:  # noqa: FBT001 - two schemes, read at the call
    """The colours of one scheme by name."""
    first = re.search(r":root \{(.*?)\}", CSS, re.DOTALL)
    assert first
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", first[1]))
    if dark:
        second = re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", CSS, re.DOTALL)
        assert second
        changed = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", second[1]))
        assert set(changed) == set(found)
        found = changed
    return found


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_is_right() -> None:
    """Black on white is 21, a colour on itself 1, and one known grey lies just above 4.5."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#123456", "#123456") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(dark: bool, text: str, ground: str) -> None:  # noqa: FBT001 - a parameter of pytest
    """4.5:1 or more in both schemes."""
    colours = tokens(dark)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen(dark: bool, shape: str, ground: str) -> None:  # noqa: FBT001 - a parameter of pytest
    """3:1 or more in both schemes."""
    colours = tokens(dark)
    assert contrast(colours[shape], colours[ground]) >= 3


def test_the_sheet_is_within_its_budget() -> None:
    """Six KiB on the wire."""
    assert len(gzip.compress(CSS.encode(), 9)) <= BUDGET


@pytest.mark.parametrize("sign", ["url(", "@import", "data:", "@font-face", "http"])
def test_the_sheet_loads_nothing(sign: str) -> None:
    """No picture, font or other sheet: one request is all."""
    assert sign not in CSS


def test_directions_are_logical() -> None:
    """Start and end instead of left and right: a language from right to left needs no new sheet."""
    assert PHYSICAL.findall("a { margin-left: 1px; width: 2px }") == ["margin-left", "width"]
    plain = re.sub(r"@media[^{]*\{", "", CSS)
    assert PHYSICAL.findall(plain) == []


@pytest.mark.parametrize(
    "sign",
    [
        "color-scheme: light dark",
        "@media (prefers-color-scheme: dark)",
        "@media (forced-colors: active)",
        "@media print",
        "@media (prefers-reduced-motion: no-preference)",
        ":focus-visible { outline: 3px solid",
        "--tap: 2.75rem",
    ],
)
def test_the_sheet_heeds_the_persons_own_settings(sign: str) -> None:
    """Dark, forced colours, paper, motion, focus and size of touch."""
    assert sign in CSS


def test_motion_only_where_it_is_wished() -> None:
    """No transition or animation outside of the block for those who have nothing against it."""
    wished = re.search(
        r"@media \(prefers-reduced-motion: no-preference\) \{.*?\n\}", CSS, re.DOTALL
    )
    assert wished
    assert not re.search(r"transition|animation", CSS.replace(wished[0], ""))
