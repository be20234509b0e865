"""Facts: the only place where a telephone number, address, legal figure or date of an answer stands."""

from bot.facts.store import Facts, load

__all__ = ["Facts", "load"]
