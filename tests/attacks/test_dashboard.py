"""Attacks on the dashboard: open periods, small figures in any corner, answers that differ."""

import io
import json
import re
import zipfile

import pytest

from bot.settings import load
from bot.statistics.parameters import Parameters
from bot.statistics.periods import Period
from bot.statistics.release import noisy
from bot.statistics.store import Store
from tests.attacks import attacks
from tests.dashboard.conftest import running_dashboard

WEEKS = [Period("week", 2026, number) for number in range(27, 47)]
FIGURE = re.compile(r'class="figure"[^>]*>\s*(?:&lt;)?([0-9.]+)\s*<')
COUNTED = re.compile(r"\b([0-9]+) contact(?:en)?\b")  # in sentences, titles, labels and descriptions


@pytest.fixture(scope="module")
def staff(parameters: Parameters, tmp_path_factory):
    """(client, dashboard) with figures of twenty weeks, most of them small."""
    folder = tmp_path_factory.mktemp("dashboard")
    store = Store.for_service(load({"STATISTICS_URL": f"sqlite:///{folder / 'statistics.db'}"}), parameters)
    store.prepare()
    periods = {period for week in WEEKS for period in (week, Period.on("month", week.start), Period.on("quarter", week.start))}
    for period in sorted(periods):
        if period.end <= WEEKS[-1].end:
            tables = {name: noisy({cell: place for place, cell in enumerate(table.cells)}, table)
                      for name, table in parameters.tables.items() if table.period == period.kind}
            store.write(period, tables, True)
    store.engine.dispose()
    with running_dashboard(folder) as dashboard:
        yield dashboard.login(), dashboard


PAGES = ("/", "/prioriteit/cybercrime", "/prioriteit/integriteit", "/themas", "/afloop", "/verwijzingen", "/dagdelen",
         "/volledigheid", "/verslag/2026-Q3", "/briefing/2026-M10")
EXPORTS = [("priority_week", "2026-W40"), ("priority_week", "2026-M10"), ("priority_month", "2026-M10"), ("topic", "2026-M10"),
           ("outcome", "2026-M10"), ("daypart", "2026-Q3"), ("referral", "2026-Q3")]


@pytest.mark.parametrize("path", PAGES)
def test_no_figure_under_five_or_ten_stands_on_a_page(staff, path):
    client, _ = staff
    answer = client.get(path)
    assert answer.status_code == 200, path
    found = FIGURE.findall(answer.text)
    assert found or path == "/volledigheid", "there are figures to look at"
    for value in [*found, *COUNTED.findall(answer.text)]:
        assert int(value.replace(".", "")) % 5 == 0 and int(value.replace(".", "")) >= 5, (path, value)


@pytest.mark.parametrize(("table", "period"), EXPORTS)
def test_no_figure_under_five_or_ten_stands_in_an_export(staff, parameters, table, period):
    client, _ = staff
    least = parameters.limit(parameters.table(table))
    text = client.get(f"/export/{table}/{period}.csv").content.decode("utf-8-sig")
    shown = [line.split(";")[1].strip('"') for line in text.splitlines() if line.count(";") > 4][1:]
    assert shown, text[:300]
    for value in shown:
        assert value == f"<{least}" or int(value) >= least and int(value) % 5 == 0, value
    assert json.loads(client.get(f"/export/{table}/{period}.json").content)
    with zipfile.ZipFile(io.BytesIO(client.get(f"/export/{table}/{period}.ods").content)) as book:
        assert book.namelist()[0] == "mimetype"


@pytest.mark.parametrize("path", [f"/export/{table}/{period}.{kind}" for table, period in
                                  [("priority_week", "2026-W48"), ("priority_month", "2026-M12"), ("priority_month", "2026-W40"),
                                   ("outcome", "2027-M01"), ("x", "2026-M10"), ("priority_week", "2026-W47")]
                                  for kind in ("csv", "ods", "json")] + ["/verslag/2026-Q4", "/briefing/2026-M12"])
def test_an_open_or_unknown_period_by_direct_url_is_a_404(staff, path):
    client, _ = staff
    assert client.get(path).status_code == 404


def test_a_page_asked_for_a_thousand_times_has_one_answer(staff):
    client, _ = staff
    answers = {client.get("/").content for _ in range(1000)}
    assert len(answers) == 1, "figures, chart and print are this one page"


@pytest.mark.parametrize("kind", ["csv", "ods", "json"])
def test_the_same_question_a_thousand_times_has_one_answer(staff, kind):
    client, _ = staff
    answers = {(answer.content, answer.headers["etag"]) for answer in
               (client.get(f"/export/priority_week/2026-W40.{kind}") for _ in range(1000))}
    assert len(answers) == 1


def test_length_and_etag_do_not_depend_on_live_counts(staff, system):
    client, dashboard = staff
    paths = [*PAGES, "/export/priority_week/2026-W40.csv"]

    def look():
        answers = [client.get(path) for path in paths]
        return [(len(answer.content), answer.headers.get("etag")) for answer in answers]

    before = look()
    for _ in range(200):
        attacks.contact(system.service)
    assert look() == before
    assert not any(name.startswith("STATISTICS_STATE") for name in dashboard.settings_env), "it does not know where they stand"
