"""The rows of an export, before it becomes a file of some format."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Mapping, Sequence, Union

from bot.dashboard import texts
from bot.statistics.figures import ROUNDED_TO
from bot.statistics.parameters import Parameters, Table
from bot.statistics.queries import Cells

Value = Union[str, int, dt.date]


@dataclass(frozen=True)
class Sheet:
    """Figures of one table over one or more periods, oldest first."""

    table: Table
    parameters: Parameters
    zone: str
    labels: Mapping[str, str]
    periods: Sequence[Cells]
    invented: bool

    @property
    def limit(self) -> int:
        """The threshold of the table."""
        return self.parameters.limit(self.table)

    @property
    def title(self) -> str:
        """What the table is about."""
        return texts.load()["tables"][self.table.name]["title"]

    @property
    def mark(self) -> str:
        """The words that go with every invented figure, empty for real ones."""
        return texts.load()["invented"]["mark"] if self.invented else ""

    def head(self) -> list[str]:
        """Names of the columns; invented figures have one more, in front."""
        columns = texts.load()["export"]["columns"]
        names = [columns[name] for name in ("label", "figure", "margin", "period", "first", "last", "complete", "limit")]
        return [columns["mark"], *names] if self.invented else names

    def rows(self) -> list[list[Value]]:
        """One row a cell of each period: days as dates, a visible figure as a number, a hidden one as <5 or <10."""
        complete = texts.load()["complete"]
        front = [self.mark] if self.invented else []
        return [[*front, label, _value(cells, cell), cells.figures[cell].margin, texts.period(cells.period), cells.period.start,
                 texts.last_day(cells.period), complete[cells.complete], self.limit]
                for cells in self.periods for cell, label in self.labels.items()]

    def method(self) -> list[str]:
        """Sentences on how to read the figures."""
        lines = [line.format(rounded=ROUNDED_TO, limit=self.limit) for line in texts.load()["export"]["method"]]
        return [texts.load()["invented"]["note"], *lines] if self.invented else lines

    def details(self) -> list[tuple[str, Value]]:
        """The parameters that the figures were made with."""
        words = texts.load()["export"]["parameters"]
        return [(words["title"], self.title), (words["zone"], self.zone),
                (words["kind"], texts.load()["kinds"][self.table.period]["one"]),
                (words["epsilon"], texts.decimal(float(self.table.epsilon))), (words["limit"], self.limit),
                (words["rounded"], ROUNDED_TO), (words["embargo"], self.parameters.embargo_days)]

    def as_dict(self) -> dict[str, Any]:
        """The same as one nested object, with ids and ISO dates for programs."""
        return {
            "verzonnen": self.invented,
            **({"let_op": self.mark} if self.invented else {}),
            "tabel": self.table.name, "titel": self.title, "zone": self.zone,
            "parameters": {"epsilon": str(self.table.epsilon), "ruis": "discrete Laplace", "drempel": self.limit,
                           "afgerond_op": ROUNDED_TO, "wachttijd_dagen": self.parameters.embargo_days,
                           "geteld_per": self.table.period},
            "uitleg": self.method(),
            "periodes": [{
                "periode": str(cells.period), "naam": texts.period(cells.period), "van": cells.period.start.isoformat(),
                "tot_en_met": texts.last_day(cells.period).isoformat(), "volledig": cells.complete,
                "cijfers": [{"id": cell, "label": label, "cijfer": _value(cells, cell), "marge": cells.figures[cell].margin}
                            for cell, label in self.labels.items()],
            } for cells in self.periods],
        }


def _value(cells: Cells, cell: str) -> Union[str, int]:
    figure = cells.figures[cell]
    return figure.shown if figure.value is None else figure.value
