"""The discrete Laplace distribution as a formula, to compare what is drawn with."""

import math
from collections import Counter
from fractions import Fraction
from typing import Iterable

FALSE_ALARM = 21  # e^-21 < 1e-9


def probability(value: int, epsilon: Fraction) -> float:
    """The exact probability of a value."""
    e = float(epsilon)
    return math.expm1(e) / (math.exp(e) + 1) * math.exp(-e * abs(value))


def tail(value: int, epsilon: Fraction) -> float:
    """The exact probability of a value or more, for values above 0."""
    return math.exp(-float(epsilon) * value) / (1 + math.exp(-float(epsilon)))


def check_distribution(draws: Iterable[int], epsilon: Fraction, enough: int = 200) -> None:
    """Raises AssertionError when draws do not follow the distribution; a false alarm has a chance below 1e-9.

    Chi-square over the values that are expected at least `enough` times, and one bin for each tail. With k degrees of freedom
    P(chi2 >= k + 2 sqrt(k x) + 2x) <= e^-x (Laurent and Massart 2000, lemma 1); x = 21 gives 7.6e-10.
    """
    found = Counter(draws)
    n = sum(found.values())
    last = 0
    while n * probability(last + 1, epsilon) >= enough and n * tail(last + 2, epsilon) >= enough:
        last += 1
    bins = [(found[value], n * probability(value, epsilon)) for value in range(-last, last + 1)]
    for sign in (-1, 1):
        beyond = sum(number for value, number in found.items() if value * sign > last)
        bins.append((beyond, n * tail(last + 1, epsilon)))
    chi2 = sum((seen - expected) ** 2 / expected for seen, expected in bins)
    k = len(bins) - 1
    assert k >= 4, "too few draws to say anything"
    assert chi2 <= k + 2 * math.sqrt(k * FALSE_ALARM) + 2 * FALSE_ALARM, f"chi-square {chi2:.0f} with {k} degrees of freedom"
