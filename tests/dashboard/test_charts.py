"""Where the parts of charts stand: only what may be shown has a place."""

import re

import pytest

from bot.dashboard import charts, views
from bot.dashboard.views import Row
from bot.settings import load
from bot.statistics import parameters as parameters_module
from bot.statistics.figures import Figure
from bot.statistics.periods import Period
from bot.statistics.queries import Figures
from tests.dashboard.figures import PAGES, Page, with_example

CELL = "cybercrime"


def points(*values, incomplete=()):
    """Weeks with these released values of one cell; None is a week without figures."""
    parameters = parameters_module.load(load({}))
    weeks = [Period.parse(f"2026-W{number:02d}") for number in range(10, 10 + len(values))]
    given = {week: dict.fromkeys(parameters.table("priority_week").cells, value)
             for week, value in zip(weeks, values, strict=True) if value is not None}
    log = {name: {} for name in parameters.tables}
    log["priority_week"] = {week: place not in incomplete for place, week in enumerate(weeks) if week in given}
    figures = Figures(parameters, {"priority_week": given}, log)
    return [(week, figures.cells("priority_week", week) if week in given else None) for week in weeks]


def row(label, value, margin=6, limit=5):
    return Row("topic", label, label, Figure(value, limit, margin), "same", None)


def number(position):
    return float(re.match(r"-?[\d.]+", position)[0])


def test_bars_stand_on_zero_and_are_as_high_as_their_figure():
    chart = charts.columns(points(20, 40, 60), CELL)
    heights = [number(mark.bar["height"]) for mark in chart.marks]
    assert heights == pytest.approx([heights[0], 2 * heights[0], 3 * heights[0]], abs=0.02)
    for mark in chart.marks:
        assert number(mark.bar["y"]) + number(mark.bar["height"]) == pytest.approx(number(chart.at["zero"]), abs=0.02)


def test_the_margin_reaches_as_far_above_as_under_the_figure_and_never_under_zero():
    few, many = charts.columns(points(5, 60), CELL).marks
    assert number(many.bar["bottom"]) - number(many.bar["y"]) == \
        pytest.approx(number(many.bar["y"]) - number(many.bar["top"]), abs=0.02)
    assert number(few.bar["bottom"]) <= number(charts.columns(points(5, 60), CELL).at["zero"]) + 0.01


def test_everything_fits_in_the_chart():
    chart = charts.columns(points(*[800] * 13), CELL)
    assert all(0 <= number(mark.at["x"]) and number(mark.at["x"]) + number(mark.at["width"]) <= 100 for mark in chart.marks)
    assert all(number(mark.bar["value"]) >= 0.9 for mark in chart.marks)


@pytest.mark.parametrize("hidden", [-3, 0, 1, 2])
def test_a_hidden_figure_stands_nowhere(hidden):
    first, second = charts.columns(points(hidden, 40), CELL).marks
    assert first.bar == {} and first.figure.shown == "<5" and second.bar
    assert charts.columns(points(hidden, 40), CELL) == charts.columns(points(2 - hidden % 2, 40), CELL)


def test_all_hidden_gives_a_chart_without_bars():
    chart = charts.columns(points(0, 1), CELL)
    assert [mark.bar for mark in chart.marks] == [{}, {}]
    assert [mark.bar for mark in charts.bars([row("a", None)], True).marks] == [{}]


def test_a_period_without_figures_keeps_its_place():
    first, gap, last = charts.columns(points(30, None, 30), CELL).marks
    assert gap.figure is None and gap.bar == {}
    assert number(gap.at["middle"]) - number(first.at["middle"]) == pytest.approx(100 / 3, abs=0.02)
    assert last.figure.value == 30


def test_incomplete_periods_are_told():
    chart = charts.columns(points(30, 30, incomplete=(1,)), CELL)
    assert [mark.complete for mark in chart.marks] == [True, False] and chart.incomplete
    assert not charts.columns(points(30, 30), CELL).incomplete


def test_the_year_stands_under_its_first_period_only():
    assert [mark.names for mark in charts.columns(points(9, 9), CELL).marks] == [("w10", "2026"), ("w11", "")]


def test_long_names_are_broken_and_push_what_follows_down():
    chart = charts.bars([row("Kort", 10), row("Misdrijven tegen de lichamelijke integriteit", 10), row("c", 10)], True)
    assert [len(mark.names) for mark in chart.marks] == [1, 2, 1]
    tops = [number(mark.at["y"]) for mark in chart.marks]
    assert tops[1] - tops[0] == pytest.approx(tops[2] - tops[1] + charts.LINE, abs=0.02)


def test_lying_bars_leave_room_for_their_number():
    chart = charts.bars([row("a", 500), row("b", 5)], True)
    assert max(number(mark.bar["high"]) for mark in chart.marks) == charts.WIDEST


@pytest.mark.parametrize("value, shade", [(None, 0), (5, 1), (30, 1), (50, 2), (80, 3), (100, 4)])
def test_shades_of_the_map(value, shade):
    field = Figure(value, 10, 12)
    assert charts.shade(field, [field, Figure(100, 10, 12)]) == shade


def test_rows_are_ranked_by_what_is_seen_and_equal_ones_by_name():
    visible, hidden = views.ranked([row("d", None), row("c", 10), row("b", 10), row("a", None), row("e", 50)])
    assert [one.label for one in visible] == ["e", "b", "c"] and [one.label for one in hidden] == ["a", "d"]


@pytest.mark.parametrize("values, message", [
    ((100, 20, 20), "Thema’s: vooral ‘a’"),
    ((100, 90, 20), "Thema’s: vooral ‘a’ en ‘b’"),
    ((20, 20, 20, 20), "Thema’s: verdeeld over veel soorten"),
    ((None, None), "Thema’s: te weinig contacten om te tonen"),
])
def test_the_message_names_only_what_the_margin_tells_apart(values, message):
    assert views.message("Thema’s", [row("abcdef"[place], value) for place, value in enumerate(values)]) == message


@pytest.mark.parametrize("path", with_example(tuple(path for path in PAGES if not path.startswith("/briefing"))))
def test_every_chart_has_a_name_a_description_a_heading_and_the_same_numbers_as_a_table(staff, path):
    found = Page(staff.get(path).text)
    ids = {own["id"] for _, own in found.tags if "id" in own}
    drawings = [own for tag, own in found.tags if tag == "svg"]
    assert len([1 for tag, _ in found.tags if tag == "figure"]) >= len(drawings)
    for drawing in drawings:
        assert drawing["role"] == "img" and set(drawing["aria-labelledby"].split()) <= ids
    assert len(ids) == len([own for _, own in found.tags if "id" in own]), "an id stands twice"
    numbers = found.all("span", "figure")
    for value in found.all("text", "value"):
        assert re.sub(r"[*]?( \(\d+ %\))?$", "", value) in (*numbers, "–")


def test_every_table_has_a_caption_and_headings_with_a_scope(staff):
    for path in with_example(PAGES):
        tags = Page(staff.get(path).text).tags
        assert [tag for tag, _ in tags].count("table") == [tag for tag, _ in tags].count("caption"), path
        assert all(own.get("scope") in ("col", "row") for tag, own in tags if tag == "th"), path


def test_headings_go_down_one_step_at_a_time(staff):
    for path in with_example((*PAGES, "/volledigheid", "/bescherming", "/verslagen")):
        levels = [int(tag[1]) for tag, _ in Page(staff.get(path).text).tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)), path
