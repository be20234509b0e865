"""A zone profile that would show unreadable colours or lead to an unsafe place stops the start, with one clear sentence."""

import copy

import pytest

from bot import facts
from bot.errors import FactsError
from bot.facts.profile import COLOURS, checked_web, contrast

WEB = {"origins": ["https://www.zone.be", "http://localhost:8000"], "exit_site": "https://www.google.be", "exit_name": "Google",
       "theme": {"accent": "#123a63", "accent_text": "#ffffff", "surface": "#ffffff", "text": "#16202b", "accent_dark": "#9cc7f0",
                 "accent_text_dark": "#0a1a2a", "surface_dark": "#12181f", "text_dark": "#e9eef3"}}
LOGO = {"view_box": "0 0 24 24", "path": "M2 2h20v20z"}


def changed(**fields):
    """A right profile with some wrong fields; a colour is named theme_<colour>."""
    web = copy.deepcopy(WEB)
    for name, value in fields.items():
        if name.startswith("theme_"):
            web["theme"][name.removeprefix("theme_")] = value
        else:
            web[name] = value
    return web


def test_a_right_profile_passes_unchanged():
    assert checked_web(WEB, "zone.yml: web") == WEB
    assert checked_web({**WEB, "logo": LOGO}, "zone.yml: web")["logo"] == LOGO


def test_the_default_profile_has_every_colour_and_the_example_site(settings):
    web = facts.load(settings.facts_dir).web
    assert set(web["theme"]) == set(COLOURS)
    assert {"http://localhost:8000", "http://127.0.0.1:8000"} <= set(web["origins"])


@pytest.mark.parametrize(("first", "second", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48),
                                                         ("#FFFFFF", "#ffffff", 1), ("#0000ff", "#ffffff", 8.59)])
def test_contrast_is_that_of_wcag(first, second, ratio):
    assert contrast(first, second) == contrast(second, first) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(("fields", "named"), [
    ({"exit_site": "http://www.google.be"}, "exit_site"), ({"exit_site": "javascript:alert(1)"}, "exit_site"),
    ({"exit_site": "https://"}, "exit_site"), ({"exit_site": None}, "exit_site"),
    ({"exit_site": "https://a.be@b.be"}, "exit_site"), ({"exit_site": 'https://a.be/"x'}, "exit_site"),
    ({"exit_name": ""}, "exit_name"), ({"exit_name": 5}, "exit_name"),
    ({"origins": "https://zone.be"}, "origins"), ({"origins": ["*"]}, "origins"), ({"origins": ["http://zone.be"]}, "origins"),
    ({"origins": ["https://zone.be/"]}, "origins"), ({"origins": ["null"]}, "origins"),
    ({"theme": None}, "theme"), ({"theme": {"accent": "#123a63"}}, "theme"), ({"theme_extra": "#123a63"}, "theme"),
    ({"theme_accent": "blue"}, "accent"), ({"theme_accent": "#12"}, "accent"), ({"theme_text_dark": "#12345g"}, "text_dark"),
    ({"theme_surface": "#fff;}body{display:none"}, "surface"), ({"theme_text": 123456}, "text"),
    ({"theme_accent": "#9cc7f0"}, r"accent_text on accent .* 1\.\d\d"), ({"theme_text": "#888888"}, "text on surface"),
    ({"theme_accent_dark": "#123a63"}, "accent_text_dark on accent_dark"), ({"theme_surface_dark": "#ffffff"}, "surface_dark"),
    ({"theme_accent": "#6e6e6e", "theme_text": "#000000"}, r"accent on soft .* 4\.\d\d"),
    ({"theme_accent": "#7a7a7a", "theme_accent_text": "#000000"}, "accent on surface"),
    ({"logo": "star.svg"}, "logo"), ({"logo": {"path": "M0 0z"}}, "logo"), ({"logo": {**LOGO, "path": "<script>"}}, "logo: path"),
    ({"logo": {**LOGO, "path": 'M0 0" onload="x'}}, "logo: path"), ({"logo": {**LOGO, "view_box": "0 0 24"}}, "logo: view_box"),
    ({"logo": None}, "logo"), ({"extra": 1}, "extra")])
def test_a_wrong_profile_is_one_sentence_that_names_the_field(fields, named):
    with pytest.raises(FactsError, match=f"zone.yml: web.*{named}") as error:
        checked_web(changed(**fields), "zone.yml: web")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("missing", sorted(WEB))
def test_nothing_may_be_missing(missing):
    with pytest.raises(FactsError, match=missing):
        checked_web({name: value for name, value in WEB.items() if name != missing}, "zone.yml: web")


@pytest.mark.parametrize("raw", [None, [], "https://zone.be"])
def test_the_block_is_a_mapping(raw):
    with pytest.raises(FactsError, match="missing"):
        checked_web(raw, "zone.yml: web")
