"""Guided topics: which question is still needed, which route the answers lead to, and what that route says."""

from bot.routes.tables import UNKNOWN, Row, Table, load

__all__ = ["UNKNOWN", "Row", "Table", "load"]
