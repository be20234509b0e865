"""The colours of the profile as a style sheet, by day and dark."""

import re

from bot import facts
from bot.widget.theme import style
from tests.facts.test_profile import WEB


def test_every_colour_has_its_property_in_both_variants():
    day, dark = style(WEB["theme"]).split("@media (prefers-color-scheme: dark)")
    assert "--accent-text: #ffffff" in day and "--accent: #123a63" in day and "_" not in day
    assert "--accent-text: #0a1a2a" in dark and "--surface: #12181f" in dark and "_" not in dark


def test_style_sheets_use_no_property_that_the_profile_does_not_give(settings):
    from bot.widget.example.app import FOLDER
    from bot.widget.routes import STYLE

    known = set(re.findall(r"(--[a-z-]+):", style(facts.load(settings.facts_dir).web["theme"])))
    for sheet in (STYLE, FOLDER / "static" / "site.css"):
        text = sheet.read_text(encoding="utf-8")
        assert set(re.findall(r"var\((--[a-z-]+)\)", text)) <= known
        assert "url(" not in text and "@import" not in text and "outline: 0" not in text
