"""The sampler against its exact distribution: first every path of its choices, then many real draws."""

import ast
import inspect
import math
import random
from fractions import Fraction

import pytest

from bot.statistics import noise
from bot.statistics.noise import discrete_laplace
from tests.statistics.laplace import check_distribution, probability

EPSILONS = [Fraction(1), Fraction(1, 2), Fraction(1, 4)]
N = 40_000


class Choose(Exception):
    """A run needs one choice more than its path holds: the chances of each option."""


class Again(Exception):
    """The sampler refused what it had and begins again."""


def paths(run, least):
    """(result, chance) of every run of choices with at least this chance; None is the result of one that begins again."""
    todo = [([], Fraction(1))]
    while todo:
        path, chance = todo.pop()
        if chance < least:
            continue
        choices = iter(path)

        def choose(chances, choices=choices):
            try:
                return next(choices)
            except StopIteration:
                raise Choose(chances) from None

        try:
            yield run(choose), chance
        except Again:
            yield None, chance
        except Choose as needed:
            todo += [([*path, option], chance * Fraction(own)) for option, own in needed.args[0].items()]


def fair(number):
    return dict.fromkeys(range(number), Fraction(1, number))


@pytest.mark.parametrize("gamma", [Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4), Fraction(1)])
def test_a_coin_falls_with_probability_e_to_the_minus_gamma(gamma):
    found = list(paths(lambda choose: noise._happens(gamma, lambda number: choose(fair(number))), Fraction(1, 10**7)))
    yes, no = (sum(chance for result, chance in found if result is wanted) for wanted in (True, False))
    unexplored = 1 - yes - no  # exact: every chance is a fraction
    assert 0 <= unexplored < Fraction(1, 500)
    assert yes <= Fraction(math.exp(-gamma)) + Fraction(1, 10**12) and no <= 1 - Fraction(math.exp(-gamma)) + Fraction(1, 10**12)


@pytest.mark.parametrize("epsilon", [*EPSILONS, Fraction(2, 3)])
def test_every_path_together_gives_the_discrete_laplace_distribution(epsilon, monkeypatch):
    """The coin, whose chance is tested above, is one choice here; all else is the sampler's own."""
    first = []

    def coin(gamma, below):
        yes = Fraction(math.exp(-gamma))
        first.append(below("coin", {True: yes, False: 1 - yes} if gamma else {True: Fraction(1)}))
        return first[-1]

    monkeypatch.setattr(noise, "_happens", coin)

    def run(choose):
        first.clear()
        drawn = []

        def below(number, chances=None):
            if chances is None:
                if len(drawn) == 2 or drawn and first == [False]:
                    raise Again
                drawn.append(number)
            return choose(chances or fair(number))

        return discrete_laplace(epsilon, below)

    masses = {}
    for result, chance in paths(run, Fraction(1, 10**14)):
        masses[result] = masses.get(result, 0) + chance
    again = masses.pop(None, 0)
    for value in range(-12, 13):
        assert float(masses[value] / (1 - again)) == pytest.approx(probability(value, epsilon), rel=1e-6), value
    assert float(sum(masses.values()) + again) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_real_draws_follow_the_distribution(epsilon):
    draws = [discrete_laplace(epsilon) for _ in range(N)]
    check_distribution(draws, epsilon)
    # symmetry: positive minus negative has variance at most N, and 6.2 standard deviations are passed once in 2e9
    assert abs(sum((draw > 0) - (draw < 0) for draw in draws)) < 6.2 * math.sqrt(N)
    alpha = math.exp(-epsilon)
    variance = 2 * alpha / (1 - alpha) ** 2
    # (x^2 - variance) has a standard deviation under 2.4 * variance: 6.2 of them over sqrt(N), rounded up for its longer tail
    assert sum(draw**2 for draw in draws) / N == pytest.approx(variance, rel=8 * 2.4 / math.sqrt(N))


def without_the_refusal_of_minus_zero(epsilon, below):
    size = -1
    while size < 0:
        size = discrete_laplace(epsilon, below)
    return -size if below(2) else size


def shifted(epsilon, below):
    return discrete_laplace(epsilon, below) + 1


def too_narrow(epsilon, below):
    return discrete_laplace(epsilon * 11 / 10, below)


@pytest.mark.parametrize("broken", [without_the_refusal_of_minus_zero, shifted, too_narrow])
@pytest.mark.parametrize("epsilon", EPSILONS)
def test_a_wrong_sampler_is_found_out(broken, epsilon):
    below = random.Random(5411).randrange
    draws = [broken(epsilon, below) for _ in range(N // 2)]
    with pytest.raises(AssertionError, match="chi-square"):
        check_distribution(draws, epsilon)


def test_no_float_and_no_predictable_source_takes_part():
    nodes = list(ast.walk(ast.parse(inspect.getsource(noise))))
    modules = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert modules == {"secrets", "fractions", "typing"}
    assert not [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, float)
                or isinstance(node, ast.Name) and node.id == "float" or isinstance(node, ast.Div)]
    assert inspect.signature(discrete_laplace).parameters["below"].default.__module__ == "secrets"
    assert all(type(discrete_laplace(epsilon)) is int for epsilon in EPSILONS for _ in range(50))
