"""Invented figures: always the same, plausible, and never without their mark or beside a real figure."""

from contextlib import closing

import pytest

from bot.dashboard import example
from bot.settings import load
from bot.statistics import parameters as parameters_module
from bot.statistics.periods import Period
from tests.dashboard.figures import PAGES, WITHOUT_FIGURES, Page

MARK = "VERZONNEN VOORBEELD"
MONTH, QUARTER = Period.parse("2026-M10"), Period.parse("2026-Q3")


@pytest.fixture(scope="module")
def figures():
    return example.figures(parameters_module.load(load({})))


def test_they_are_the_same_for_ever(figures):
    assert figures == example.figures(parameters_module.load(load({})))
    first = figures.values["priority_week"][Period.parse("2026-W44")]
    assert first == {"inbraak": 15, "cybercrime": 47, "verkeer": 30, "dienstverlening": 60}


def test_every_table_has_figures_of_a_year_and_more(figures):
    for name, table in figures.parameters.tables.items():
        assert set(figures.values[name]) == set(figures.log[name])
        assert all(set(values) == set(table.cells) for values in figures.values[name].values())
    assert len(figures.periods("priority_month", "month")) > 13


def test_they_are_plausible(figures):
    month = figures.cells("outcome", MONTH)
    assert 500 <= month.total.value <= 1500
    shown = {cell: figure.value for cell, figure in figures.cells("priority_week", MONTH).figures.items()}
    assert shown["cybercrime"] > shown["inbraak"] > 0
    hidden = [figure for figure in figures.cells("topic", MONTH).figures.values() if figure.value is None]
    assert 0 < len(hidden) < 40  # an example without a hidden figure would teach the wrong thing


def test_something_rises_falls_stays_and_is_incomplete(figures):
    trends = {figures.trend("priority_week", cell, MONTH) for cell in figures.parameters.table("priority_week").cells}
    assert trends == {"up", "down", "same"}
    assert not all(figures.log["priority_week"].values())


@pytest.mark.parametrize("path", PAGES)
def test_every_invented_page_is_marked_in_its_title_banner_charts_and_tables(staff, path):
    found = Page(staff.get(f"/voorbeeld{path}").text)
    titles = found.all("title")
    assert all(MARK in title for title in titles) and titles
    assert all(MARK in caption for caption in found.all("caption"))
    assert f"{MARK} Alle cijfers op deze pagina zijn verzonnen" in found.text
    assert [own for tag, own in found.tags if own.get("class") == "watermark"]  # on every printed page


@pytest.mark.parametrize("path", WITHOUT_FIGURES)
def test_pages_without_figures_are_marked_too(staff, path):
    assert MARK in Page(staff.get(f"/voorbeeld{path}").text).text


@pytest.mark.parametrize("path", PAGES + WITHOUT_FIGURES)
def test_released_figures_are_never_marked(staff, path):
    assert MARK not in staff.get(path).text


def test_links_of_invented_pages_stay_among_them(staff):
    ways_out = {"#inhoud", "/", "/static/dashboard.css"}
    for path in PAGES + WITHOUT_FIGURES:
        links = {own["href"] for tag, own in Page(staff.get(f"/voorbeeld{path}").text).tags if "href" in own}
        assert not {link for link in links if not link.startswith("/voorbeeld/")} - ways_out, path


def test_links_of_real_pages_never_lead_to_invented_figures(staff):
    for path in PAGES + WITHOUT_FIGURES:
        links = [own["href"] for tag, own in Page(staff.get(path).text).tags if "href" in own]
        assert not [link for link in links if "voorbeeld" in link], path


def test_the_example_does_not_depend_on_what_was_released(staff, first_day):
    with closing(first_day.login()) as client:
        for path in ("/voorbeeld/export/topic/tot-2026-M10.json", "/voorbeeld/export/daypart/2026-Q3.csv"):
            assert client.get(path).content == staff.get(path).content
