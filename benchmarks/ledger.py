"""The true counts of a simulation, told from the messages that residents saw: nothing of the code that counts is used."""

import collections
import datetime as dt
import re
from typing import Any, Optional

from bot import topics as topics_module
from bot.responses import all_responses, topic_of
from bot.statistics.periods import BRUSSELS, Period

PERIODS = {"priority_week": "week", "priority_month": "month", "topic": "month", "outcome": "month", "daypart": "quarter",
           "referral": "quarter"}
GOOD = {"answered", "referred", "handed_over"}
SAID = {"utter_onbegrepen": "not_understood", "utter_niet_geholpen": "not_understood", "utter_onbegrepen_mens": "handed_over",
        "utter_mens_spreken": "handed_over", "utter_nuttig_nee": "handed_over", "utter_hulpkaart": "referred",
        "utter_veilig_weet_niet": "referred", "utter_onzeker": "broken_off"}


class Ledger:
    """`true[table][period][cell]` is the number of conversations that deserved the cell."""

    def __init__(self) -> None:
        self.true: dict[str, dict[Period, collections.Counter]] = {
            table: collections.defaultdict(collections.Counter) for table in PERIODS}
        self._patterns = [(name, _pattern(variations[0].get("text") or "")) for name, variations in all_responses().items()]
        self._moment: Optional[dt.datetime] = None
        self._mine: dict[str, str] = {}

    def begins(self, moment: dt.datetime) -> None:
        """A conversation begins at this moment."""
        self._moment, self._mine = moment, {}

    def saw(self, messages: list[dict[str, Any]]) -> None:
        """A turn showed these messages of the chat API."""
        turn: Optional[str] = None
        for message in messages:
            name = self._response(message["text"])
            topic = topics_module.load().by_id.get(topic_of(name)) if name else None
            if topic and topic.priority:
                self._first("priority_month" if topic.priority.sensitive else "priority_week", topic.priority.id)
                if not topic.priority.sensitive:
                    self._first("topic", topic.id)
            how = SAID.get(name or "") or ("referred" if message["kind"] == "language" else None)
            if how is None and topic and topic.priority:
                how = "answered" if topic.kind in ("advice", "service") else "referred"
            if how and turn is None:
                turn = name
                self._outcome(how, unhappy=name in ("utter_niet_geholpen", "utter_nuttig_nee"))
                local = self._moment.astimezone(BRUSSELS)
                self._first("daypart", ("weekend" if local.weekday() > 4 else "week")
                            + ("_night", "_morning", "_afternoon", "_evening")[local.hour // 6])
            if how:
                links = ((all_responses()[name][0].get("custom") or {}).get("links") or []) if name else []
                if links:
                    self._first("referral", links[0].partition(".")[0])

    def _first(self, table: str, cell: str) -> None:
        if table not in self._mine:
            self._mine[table] = cell
            self._add(table, cell, 1)

    def _outcome(self, how: str, unhappy: bool) -> None:
        before = self._mine.get("outcome")
        if before in GOOD and how not in GOOD and not unhappy:
            return
        if before:
            self._add("outcome", before, -1)
        self._mine["outcome"] = how
        self._add("outcome", how, 1)

    def _add(self, table: str, cell: str, by: int) -> None:
        self.true[table][Period.of(PERIODS[table], self._moment)][cell] += by

    def _response(self, text: str) -> Optional[str]:
        return next((name for name, pattern in self._patterns if pattern.fullmatch(text)), None)


def _pattern(template: str) -> re.Pattern[str]:
    """What a response looks like once its facts are filled in."""
    parts = re.split(r"\{[^}]*\}", template.strip())
    return re.compile(".+?".join(map(re.escape, parts)), re.S)
