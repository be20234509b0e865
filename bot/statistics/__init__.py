"""Anonymous contact statistics: exact counts live in memory, only noisy figures of closed periods are stored.

Promise: from anything that is stored or shown, nobody can tell whether a given person contacted the assistant. A session
falls in at most one cell of each table; one exact discrete Laplace draw a cell, after the period has closed, is all that
leaves memory. Knows neither Rasa nor Sanic. Model, parameters and attacks: docs/privacy.md, tests/attacks.
"""
