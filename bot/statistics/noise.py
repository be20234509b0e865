"""Noise from the discrete Laplace distribution, drawn exactly: whole numbers and `secrets`, never a float.

Canonne, Kamath and Steinke, The Discrete Gaussian for Differential Privacy (2020), algorithms 1 and 2. Floats would leave
traces in the low bits of the noise from which the exact count can be read (Mironov 2012).
"""

import secrets
from fractions import Fraction
from typing import Callable

Below = Callable[[int], int]  # a uniform whole number from 0 up to, not including, its argument
ONE = Fraction(1)


def discrete_laplace(epsilon: Fraction, below: Below = secrets.randbelow) -> int:
    """A whole number x with probability (e^epsilon - 1) / (e^epsilon + 1) * e^(-epsilon * |x|)."""
    while True:
        rest = below(epsilon.denominator)
        if not _happens(Fraction(rest, epsilon.denominator), below):
            continue
        whole = 0
        while _happens(ONE, below):
            whole += 1
        size = (rest + epsilon.denominator * whole) // epsilon.numerator
        negative = below(2) == 1
        if not (negative and size == 0):  # else zero would be twice as likely
            return -size if negative else size


def _happens(gamma: Fraction, below: Below) -> bool:
    """True with probability e^-gamma, for gamma from 0 to 1."""
    turn = 1
    while below(gamma.denominator * turn) < gamma.numerator:
        turn += 1
    return turn % 2 == 1
