"""The `web:` block of a zone profile: where the chat may stand, where "leave this page" leads, which colours it has."""

import re
from typing import Any, Mapping
from urllib.parse import urlsplit

from bot.errors import FactsError

NEEDED = frozenset({"origins", "exit_site", "exit_name", "theme"})
ALLOWED = NEEDED | {"logo"}
LOOPBACK = frozenset({"localhost", "127.0.0.1"})
DAY, DARK = "", "_dark"
SOFT = "soft"  # the ground of messages: style.js and page.css mix it
# text or link, and the ground under it
PAIRS = (("accent_text", "accent"), ("text", "surface"), ("accent", "surface"), ("accent", SOFT))
SOFT_TEXT = 0.07  # how much of the text colour is in it
COLOURS = tuple(name + variant for variant in (DAY, DARK) for name in ("accent", "accent_text", "surface", "text"))
HEX = re.compile(r"#[0-9a-f]{6}", re.I)
VIEW_BOX = re.compile(r"[0-9.-]+( [0-9.-]+){3}")
PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9 ,.+-]+")  # no markup, no address: what theme.js draws
MIN_CONTRAST = 4.5  # WCAG 2.2, 1.4.3


def checked_web(raw: Any, where: str) -> Mapping[str, Any]:
    """The block itself when it is right, else a FactsError that names the field.

    {"origins": [https address, or http on loopback], "exit_site": https address, "exit_name": its name on screen,
    "theme": {each of COLOURS: "#rrggbb"}, "logo": {"view_box": "0 0 24 24", "path": SVG path data in it}, which may be left out}
    """
    if not isinstance(raw, dict) or not NEEDED <= set(raw) <= ALLOWED:
        given = set(raw) if isinstance(raw, dict) else set()
        raise FactsError(f"{where}: must have {sorted(NEEDED)} and may have a logo (missing: {sorted(NEEDED - given)}, "
                         f"unknown: {sorted(given - ALLOWED)})")
    if not isinstance(raw["origins"], list) or not all(_is_origin(origin) for origin in raw["origins"]):
        raise FactsError(f"{where}: origins must be a list of addresses such as https://www.zone.be, without a path")
    if not _is_https(raw["exit_site"]):
        raise FactsError(f"{where}: exit_site must be an https address")
    if not isinstance(raw["exit_name"], str) or not raw["exit_name"].strip():
        raise FactsError(f"{where}: exit_name must be the name of the exit site, as a resident knows it")
    _check_theme(raw["theme"], f"{where}: theme")
    if "logo" in raw:
        _check_logo(raw["logo"], f"{where}: logo")
    return raw


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours "#rrggbb" by the formula of WCAG 2: 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _check_theme(theme: Any, where: str) -> None:
    if not isinstance(theme, dict) or set(theme) != set(COLOURS):
        raise FactsError(f"{where}: must have exactly the colours {', '.join(COLOURS)}")
    for name, colour in theme.items():
        if not isinstance(colour, str) or not HEX.fullmatch(colour):
            raise FactsError(f'{where}: {name} must be a colour such as "#123a63", in quotes')
    for variant in (DAY, DARK):
        for text, ground in PAIRS:
            under = _soft(theme, variant) if ground == SOFT else theme[ground + variant]
            ratio = contrast(theme[text + variant], under)
            if ratio < MIN_CONTRAST:
                raise FactsError(f"{where}: {text}{variant} on {ground}{variant} has a contrast of {ratio:.2f}; "
                                 f"{MIN_CONTRAST} is the least that people can read")


def _check_logo(logo: Any, where: str) -> None:
    if not isinstance(logo, dict) or set(logo) != {"view_box", "path"}:
        raise FactsError(f"{where}: must have exactly view_box and path")
    for name, form in (("view_box", VIEW_BOX), ("path", PATH)):
        if not isinstance(logo[name], str) or not form.fullmatch(logo[name]):
            raise FactsError(f"{where}: {name} is not what SVG calls that, such as \"0 0 24 24\" or \"M2 2h20v20z\"")


def _soft(theme: Mapping[str, str], variant: str) -> str:
    text, surface = ([int(theme[name + variant][at:at + 2], 16) for at in (1, 3, 5)] for name in ("text", "surface"))
    mixed = (round(SOFT_TEXT * one + (1 - SOFT_TEXT) * other) for one, other in zip(text, surface, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at:at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _is_https(address: Any) -> bool:
    if not isinstance(address, str) or re.search(r"[\s\"'<>\\]", address):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None


def _is_origin(address: Any) -> bool:
    if not isinstance(address, str) or not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", address):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in LOOPBACK
