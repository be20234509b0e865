"""Released figures for tests, addresses of pages and files that show them, and what a test reads from a page."""

import html.parser
import random
import re
from typing import Callable, Optional

from bot.dashboard.source import INVENTED
from bot.settings import load
from bot.statistics import parameters as parameters_module
from bot.statistics.periods import MONTH, QUARTER, WEEK, Period
from bot.statistics.store import Store

FIRST, LAST = Period(WEEK, 2026, 1), Period(WEEK, 2026, 44)
LAST_MONTH, LAST_QUARTER = Period(MONTH, 2026, 10), Period(QUARTER, 2026, 3)
INCOMPLETE = Period(WEEK, 2026, 43)
OPEN = ("2026-W45", "2026-M11", "2026-Q4", "2026")
NEVER = ("2025-M12", "2027-M01", "2026-M13", "x", "2026-M1", "2026-W54", "'--")
PAGES = ("/", "/prioriteit/inbraak", "/prioriteit/integriteit", "/prioriteit/samenleving", "/prioriteit/cybercrime",
         "/prioriteit/cybercrime?periode=2026-W44", "/prioriteit/verkeer?periode=2026-Q3", "/prioriteit/dienstverlening",
         "/themas", "/afloop", "/verwijzingen", "/dagdelen", "/verslag/2026-Q3", "/briefing/2026-M10")
WITHOUT_FIGURES = ("/verslagen", "/volledigheid", "/bescherming")
EXPORTED = (("priority_week", "2026-W44"), ("priority_week", "2026-M10"), ("priority_week", "tot-2026-M10"),
            ("priority_month", "2026-M10"), ("priority_month", "tot-2026-Q3"), ("topic", "2026-M10"), ("topic", "2026-Q3"),
            ("outcome", "tot-2026-M10"), ("daypart", "2026-Q3"), ("referral", "2026-Q3"))
EXPORTS = tuple(f"/export/{table}/{period}.{format}" for table, period in EXPORTED for format in ("csv", "ods", "json"))

Change = Callable[[str, Period, dict[str, int]], None]


def release(environment: dict[str, str], change: Optional[Change] = None) -> None:
    """Fill a database with figures that are always the same, from none to some hundreds; `change` may alter a table."""
    settings = load(environment)
    parameters = parameters_module.load(settings)
    store = Store.for_service(settings, parameters)
    store.prepare()
    chance = random.Random(1)
    for kind in (WEEK, MONTH, QUARTER):
        period = Period.on(kind, FIRST.start)
        while period.end <= LAST.end:
            tables = {name: {cell: chance.choice((-2, 0, 1, 3, 4, 6, 9, 12, 30, 60)) for cell in table.cells}
                      for name, table in parameters.tables.items() if table.period == kind}
            for name, values in tables.items():
                if change:
                    change(name, period, values)
            store.write(period, tables, not period.start <= INCOMPLETE.start < period.end)
            period = period.next()
    store.engine.dispose()


def prepare(environment: dict[str, str]) -> None:
    """A database without any figure, as on the first day."""
    settings = load(environment)
    store = Store.for_service(settings, parameters_module.load(settings))
    store.prepare()
    store.engine.dispose()


class Page(html.parser.HTMLParser):
    """The parts of a page: `texts` by tag and class, every attribute that is read aloud, every position that is drawn."""

    VOID = ("meta", "link", "input", "br", "rect", "line")
    DRAWN = ("x", "y", "x1", "x2", "y1", "y2", "width", "height")
    ALOUD = ("aria-label", "title", "alt", "aria-description")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str, str]] = []
        self.aloud: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs) -> None:
        own = {name: value or "" for name, value in attrs}
        self.tags.append((tag, own))
        self.aloud += [own[name] for name in self.ALOUD if name in own]
        if tag not in self.VOID and not self.get_starttag_text().endswith("/>"):
            self._open.append((tag, own.get("class", "")))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open:
            self.texts.append((*self._open[-1], " ".join(data.split())))

    def all(self, tag: str, kind: str = "") -> list[str]:
        """Texts of elements of a tag that have a class."""
        return [text for name, classes, text in self.texts if name == tag and (not kind or kind in classes.split())]

    @property
    def text(self) -> str:
        """Everything that stands on the page."""
        return " ".join(text for _, _, text in self.texts)

    @property
    def figures(self) -> list[str]:
        """Every figure as it stands there, in sentences, tables and drawings."""
        drawn = self.all("text", "value") + self.all("text", "number")
        return self.all("span", "figure") + [re.sub(r"[*]?( \(\d+ %\))?$", "", text) for text in drawn]


def with_example(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses of the released figures and of the invented ones."""
    return (*paths, *(INVENTED + path for path in paths))
