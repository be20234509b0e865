"""What the protection of residents amounts to, told from the parameters in force."""

import math
from dataclasses import dataclass
from fractions import Fraction

from bot.statistics.figures import margin
from bot.statistics.parameters import Parameters, Table

ORDINARY, SENSITIVE = "priority_week", "priority_month"
BY_SENSITIVITY = (ORDINARY, SENSITIVE, "topic")  # the other tables hold contacts of either


@dataclass(frozen=True)
class Protection:
    """One table: `guess` is how often, in a hundred, somebody who knows every other contact guesses right at most."""

    table: Table
    epsilon: float
    limit: int
    margin: int
    guess: int


def tables(parameters: Parameters) -> list[Protection]:
    """The protection of every table, one period each."""
    return [Protection(table, float(table.epsilon), parameters.limit(table), margin(table.epsilon, 1), guess(table.epsilon))
            for table in parameters.tables.values()]


def together(parameters: Parameters, sensitive: bool) -> int:
    """The same for one contact about one priority, when all tables that it falls in are laid side by side."""
    own = {SENSITIVE} if sensitive else {ORDINARY, "topic"}
    return guess(sum((table.epsilon for table in parameters.tables.values()
                      if table.name in own or table.name not in BY_SENSITIVITY), Fraction(0)))


def guess(epsilon: Fraction) -> int:
    """e^epsilon / (1 + e^epsilon) in a hundred, rounded up; 50 is what a coin gives."""
    return math.ceil(100 / (1 + math.exp(-float(epsilon))))
