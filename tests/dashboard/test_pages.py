"""What the pages say, and what they never say."""

import re
from contextlib import closing
from functools import partial

import pytest

from bot import topics
from bot.statistics.periods import Period
from tests.dashboard.conftest import running_dashboard, settings_env
from tests.dashboard.figures import (
    EXPORTS,
    NEVER,
    OPEN,
    PAGES,
    WITHOUT_FIGURES,
    Page,
    prepare,
    release,
    with_example,
)

SENSITIVE = [priority.id for priority in topics.load().priorities.values() if priority.sensitive]


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return Page(answer.text)


@pytest.mark.parametrize("path", with_example((*PAGES, *WITHOUT_FIGURES)))
def test_every_page_opens(staff, path):
    text = page(staff, path).text
    assert "None" not in text and "{" not in text and "Undefined" not in text


def test_the_overview_answers_how_many_and_whether_that_is_more(staff):
    overview = page(staff, "/")
    assert overview.all("h1") == ["Contacten in oktober 2026"]
    assert "28/09/2026 tot en met 1/11/2026" in overview.text
    labels = [priority.label for priority in topics.load().priorities.values()]
    assert [text for text in overview.all("a") if text in labels] == labels
    for sentence in ("In oktober 2026 waren er", "tegenover", "in september 2026", "Niet begrepen:"):
        assert sentence in overview.text
    assert any(word in overview.text for word in ("meer", "minder", "ongeveer gelijk"))


def test_the_overview_of_an_earlier_month(staff):
    assert page(staff, "/?periode=2026-M03").all("h1") == ["Contacten in maart 2026"]


@pytest.mark.parametrize("path", with_example(PAGES))
def test_a_figure_is_rounded_or_hidden_and_never_small(staff, path):
    found = page(staff, path).figures
    assert found
    for figure in found:
        assert figure in ("<5", "<10", "–") or int(figure) % 5 == 0 and int(figure) >= 5, figure


@pytest.mark.parametrize("path", [f"/prioriteit/{id}" for id in SENSITIVE] + ["/afloop", "/verwijzingen", "/dagdelen"])
def test_pages_with_sensitive_contacts_show_nothing_under_ten(staff, path):
    found = page(staff, path)
    drawn = found.all("text", "value") + found.all("text", "number") + found.all("span", "figure")
    for figure in (re.match(r"<?\d+", text)[0] for text in drawn if text[0] != "–"):
        assert figure == "<10" or int(figure) >= 10, figure


@pytest.mark.parametrize("path", with_example(PAGES))
def test_a_hidden_figure_has_no_bar(staff, path):
    found = page(staff, path)
    shown = [text for text in found.all("text", "value") if re.match(r"\d", text)]
    bars = [own for tag, own in found.tags if tag == "rect" and own.get("class", "") in ("bar", "bar-part")]
    assert len(bars) == len(shown)
    assert all(float(own[size].rstrip("em%")) > 0 for own in bars for size in ("width", "height"))


def test_what_is_hidden_changes_nothing_on_any_page_or_in_any_file(tmp_path_factory, clock):
    """Two databases that differ in figures under the threshold give the same bytes everywhere."""
    def set_hidden(pair, table, period, values):
        if table in ("topic", "referral"):  # two cells that nobody may see; their sum stays
            values.update(zip(list(values)[:2], pair, strict=True))

    answers = []
    for pair in ((1, 2), (2, 1)):
        folder = tmp_path_factory.mktemp("hidden")
        release(settings_env(folder), partial(set_hidden, pair))
        with running_dashboard(folder, clock) as dashboard, closing(dashboard.login()) as client:
            found = {path: client.get(path) for path in (*PAGES, *WITHOUT_FIGURES, *EXPORTS)}
        csrf = re.compile(rb'name="csrf" value="[0-9a-f]+"')
        answers.append({path: (answer.status_code, csrf.sub(b"", answer.content), answer.headers.get("etag"))
                        for path, answer in found.items()})
    assert answers[0] == answers[1]
    assert {status for status, _, _ in answers[0].values()} == {200}


@pytest.mark.parametrize("period", OPEN + NEVER)
def test_an_open_or_unknown_period_is_not_found(staff, period):
    for path in ("/", "/prioriteit/cybercrime", "/prioriteit/integriteit", "/themas", "/afloop", "/verwijzingen", "/dagdelen"):
        assert staff.get(path, params={"periode": period}).status_code == 404, path
    assert staff.get(f"/verslag/{period}").status_code == 404
    assert staff.get(f"/briefing/{period}").status_code == 404
    for field in ("kwartaal", "maand"):
        assert staff.get("/verslagen", params={field: period}).status_code == 404


@pytest.mark.parametrize("id", SENSITIVE)
def test_a_sensitive_priority_has_no_week_and_no_topic(staff, id):
    found = page(staff, f"/prioriteit/{id}")
    assert "Waarom zie je hier geen thema’s en geen weken?" in found.text
    options = [own["value"] for tag, own in found.tags if tag == "option"]
    assert options and not any("W" in value for value in options)
    assert staff.get(f"/prioriteit/{id}?periode=2026-W44").status_code == 404
    for topic in topics.load().of_priority(id):
        assert topic.title not in found.text


def test_sensitive_topics_are_named_nowhere(staff):
    titles = [topic.title for topic in topics.load().by_id.values() if topic.sensitive]
    for path in with_example(("/themas", "/briefing/2026-M10", "/verslag/2026-Q3", "/prioriteit/cybercrime")):
        text = page(staff, path).text
        assert not [title for title in titles if title in text]


def test_an_unknown_priority_is_not_found(staff):
    assert staff.get("/prioriteit/alles").status_code == 404


def test_the_forms_offer_released_periods_only(staff):
    for path in PAGES:
        offered = [own["value"] for tag, own in page(staff, path).tags if tag == "option"]
        assert not set(offered) & set(OPEN), path
        assert all(Period.parse(value) for value in offered)


def test_every_page_with_figures_says_what_the_margin_means(staff):
    for path in PAGES:
        text = page(staff, path).text
        assert "95 op 100 gevallen ligt het echte aantal hoogstens de marge plus 2 (afronding)" in text, path
        assert "afgerond op 5" in text, path


def test_incomplete_periods_are_marked(staff):
    found = page(staff, "/prioriteit/cybercrime")
    assert "Onvolledig geteld" in found.text and "Gestreept" in found.text
    assert [own for tag, own in found.tags if own.get("class") == "bar-part" and own["fill"].startswith("url(#")]
    assert "week 43 van 2026 (19/10/2026 tot en met 25/10/2026)" in page(staff, "/volledigheid").text


@pytest.mark.parametrize("path", ["/?periode=2026-M01", "/prioriteit/cybercrime?periode=2026-W01", "/verslag/2026-Q1"])
def test_the_first_period_says_that_there_is_nothing_before_it(staff, path):
    assert "Er zijn nog geen cijfers van" in page(staff, path).text


def test_months_of_five_weeks_are_named_where_months_stand_side_by_side(staff):
    text = page(staff, "/prioriteit/cybercrime").text
    assert "Maanden van 5 weken: januari 2026, april 2026, juli 2026 en oktober 2026." in text
    assert "Per week is dat" in text or "te weinig" in text


def test_the_report_and_briefing_open_from_their_forms(staff):
    for field, value, leads_to in (("kwartaal", "2026-Q2", "/verslag/2026-Q2"), ("maand", "2026-M09", "/briefing/2026-M09")):
        answer = staff.get("/verslagen", params={field: value})
        assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


def test_the_report_has_everything_that_a_reader_needs_to_trust_it(staff):
    found = page(staff, "/verslag/2026-Q3")
    for part in ("Derde kwartaal van 2026", "29/06/2026 tot en met 27/09/2026", "In het kort", "6. Methode en marges",
                 "geen misdrijven en geen aangiften", "Politiezone Vilvoorde-Machelen"):
        assert part in found.text, part
    assert not [tag for tag, _ in found.tags if tag == "details"]  # a printed document hides nothing


def test_the_page_on_protection_tells_the_parameters_in_force(tmp_path, clock):
    prepare(settings_env(tmp_path))
    with running_dashboard(tmp_path, clock, STATISTICS_THRESHOLD="20", STATISTICS_THRESHOLD_SENSITIVE="25",
                           STATISTICS_EMBARGO_DAYS="3", STATISTICS_YEARS="7", CHAT_TTL_MINUTES="45") as dashboard:
        with closing(dashboard.login()) as client:
            text = page(client, "/bescherming").text
    for part in ("<20", "<25", "nog 3 volle dagen later", "7 jaar lang", "45 minuten", "hoogstens 74", "hoogstens 91 op 100",
                 "hoogstens 86 op 100"):
        assert part in text, part


@pytest.mark.parametrize("path", ["/", "/prioriteit/cybercrime", "/prioriteit/integriteit", "/themas", "/afloop", "/verwijzingen",
                                  "/dagdelen", "/volledigheid", "/verslagen"])
def test_before_the_first_release_a_page_says_when_it_comes_and_offers_the_example(first_day, path):
    with closing(first_day.login()) as client:
        found = page(client, path)
        assert f"/voorbeeld{path}" in [own["href"] for tag, own in found.tags if tag == "a"]
        assert page(client, f"/voorbeeld{path}")
    assert ("5/01/2027" if path in ("/verwijzingen", "/dagdelen") else "1/12/2026") in found.text
    assert found.figures == []


def test_without_a_database_every_page_says_that_it_is_not_there(dashboard):
    with closing(dashboard.login()) as client:
        assert client.get("/").status_code == 503
        assert client.get("/voorbeeld/").status_code == 200


def test_a_head_request_opens_a_page_too(staff):
    answer = staff.head("/")
    assert (answer.status_code, answer.content) == (200, b"")


def test_no_page_has_a_script_or_a_style_of_its_own(staff):
    for path in with_example((*PAGES, *WITHOUT_FIGURES)):
        for tag, own in page(staff, path).tags:
            assert tag not in ("script", "style", "iframe", "img") and "style" not in own, path
            assert not [name for name in own if name.startswith("on")], path
