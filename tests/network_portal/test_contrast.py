"""Colours of the style sheet: every pair of every theme stays above its floor."""

import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static/css/portal.css").read_text(encoding="utf-8")
THEMES = {
    "notebook": r":root \{\s*color-scheme: light(.*?)\n  \}",
    "blackboard": r':root\[data-theme="dark"\] \{(.*?)\n  \}',
    "black on white": r':root\[data-contrast="bw"\] \{(.*?)\n  \}',
    "white on black": r':root\[data-contrast="wb"\] \{(.*?)\n  \}',
    "blue on light blue": r':root\[data-contrast="blue"\] \{(.*?)\n  \}',
}
LOW_VISION = ("black on white", "white on black", "blue on light blue")
# ground: what stands on it; 7 for text, 4.5 for the rest that is read, 3 for shapes
PAIRS = {
    7: {"paper": "text", "surface": "text", "sunken": "text"},
    4.5: {
        "paper": "text-2 ink red",
        "surface": "text-2 ink ink-strong red green amber violet teal",
        "sunken": "text-2 ink",
        "mark": "text",
        "ink": "on-ink",
        "ink-strong": "on-ink",
        "ink-soft": "ink text text-2",
        "halo": "on-halo",
        "red-soft": "red text",
        "green-soft": "green",
        "amber-soft": "amber ink red text-2",
        "violet-soft": "violet",
        "teal-soft": "teal",
        "green": "surface",
    },
    3: {
        "paper": "control margin focus",
        "surface": "control margin focus green amber",
        "sunken": "control",
    },
}


def tokens(pattern):
    block = re.search(pattern, CSS, re.S).group(1)
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})\b", block))


def luminance(colour):
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(d * 2 for d in digits)
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def below_floor(theme, colours):
    for floor, grounds in PAIRS.items():
        needed = 7 if theme in LOW_VISION and floor == 4.5 else floor
        for ground, names in grounds.items():
            for name in names.split():
                value = contrast(colours[name], colours[ground])
                if value < needed:
                    yield f"{name} on {ground}: {value:.2f} < {needed}"


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_stays_above_its_floor(theme):
    assert list(below_floor(theme, tokens(THEMES[theme]))) == []


def test_the_check_notices_a_pale_text():
    colours = tokens(THEMES["notebook"]) | {"text": "#999999"}
    assert "text on paper: 2.63 < 7" in list(below_floor("notebook", colours))


def test_contrast_follows_the_standard():
    assert contrast("#000", "#ffffff") == pytest.approx(21)


def test_both_dark_themes_are_the_same():
    by_system = tokens(r":root:not\(\[data-theme\]\)[^{]*\{(.*?)\n    \}")
    assert by_system == tokens(THEMES["blackboard"])
