"""The colours of the zone profile as a style sheet."""

from typing import Mapping

from bot.facts.profile import DARK


def style(theme: Mapping[str, str]) -> str:
    """CSS custom properties (`--accent-text` and so on) for a bright and a dark screen; `theme` was checked by bot.facts."""
    day = {name: colour for name, colour in theme.items() if not name.endswith(DARK)}
    dark = {name: theme[name + DARK] for name in day}
    return f"{_root(day)}\n@media (prefers-color-scheme: dark) {{ {_root(dark)} }}\n"


def _root(colours: Mapping[str, str]) -> str:
    properties = "; ".join(f"--{name.replace('_', '-')}: {colour}" for name, colour in colours.items())
    return f":root {{ color-scheme: light dark; {properties} }}"
