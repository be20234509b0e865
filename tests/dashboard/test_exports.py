"""Exports: the same figures as on the pages, in three formats, the same bytes for ever."""

import csv
import hashlib
import io
import json
import zipfile
from contextlib import closing
from xml.etree import ElementTree

import pytest

from bot.dashboard.files import as_csv, as_json, as_ods
from bot.dashboard.sheet import Sheet
from bot.dashboard.staff import EXPORTED
from bot.settings import load
from bot.statistics import parameters as parameters_module
from bot.statistics.periods import Period
from bot.statistics.queries import Figures
from tests.dashboard.conftest import running_dashboard, settings_env
from tests.dashboard.figures import EXPORTS, NEVER, OPEN, release, with_example

HEAD = ["label", "cijfer", "marge", "periode", "van", "tot en met", "volledig", "drempel"]
MARK = "VERZONNEN VOORBEELD"
KINDS = {"csv": "text/csv; charset=utf-8", "ods": "application/vnd.oasis.opendocument.spreadsheet", "json": "application/json"}
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def rows_of_csv(content):
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheets_of_ods(content):
    """{sheet: rows of (kind, value, text)} of an OpenDocument spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    return {table.get(f"{TABLE}name"): [[cell_of_ods(cell) for cell in row] for row in table.iter(f"{TABLE}table-row")]
            for table in root.iter(f"{TABLE}table")}


def cell_of_ods(cell):
    value = cell.get(f"{OFFICE}value") or cell.get(f"{OFFICE}date-value")
    return cell.get(f"{OFFICE}value-type"), value, cell.findtext(f"{TEXT}p")


@pytest.mark.parametrize("path", with_example(EXPORTS))
def test_every_export_comes_with_its_type_a_neutral_name_and_a_strong_etag(staff, path):
    answer = staff.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == KINDS[path.rpartition(".")[2]]
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    name = answer.headers["content-disposition"].removeprefix('attachment; filename="').removesuffix('"')
    assert name.startswith("verzonnen-voorbeeld-wijkwijzer-" if "/voorbeeld/" in path else "wijkwijzer-")
    assert name.endswith(path.rpartition("/")[2]) and "geweld" not in name and "gevoelig" not in name


@pytest.mark.parametrize("path", EXPORTS[:3])
def test_a_head_request_tells_the_same_without_the_file(staff, path):
    asked, told = staff.get(path), staff.head(path)
    assert (told.status_code, told.content) == (200, b"")
    for header in ("etag", "content-type", "content-length", "content-disposition"):
        assert told.headers[header] == asked.headers[header]


def test_who_has_the_file_already_gets_only_told_so(staff):
    answer = staff.get(EXPORTS[0])
    again = staff.get(EXPORTS[0], headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("period", OPEN + NEVER)
def test_an_open_or_unknown_period_is_not_found(staff, period):
    for table in ("priority_week", "priority_month", "topic", "outcome", "daypart", "referral"):
        for name in (f"{period}.csv", f"tot-{period}.json", f"{period}.ods"):
            assert staff.get(f"/export/{table}/{name}").status_code == 404, (table, name)


@pytest.mark.parametrize("path", [
    "/export/contacten/2026-M10.csv", "/export/topic/2026-W40.csv", "/export/priority_month/2026-W40.csv",
    "/export/daypart/2026-M09.csv", "/export/topic/2026-M10.xlsx", "/export/topic/2026-M10", "/export/topic/.csv",
    "/export/../2026-M10.csv", "/export/topic/tot-.csv", "/export/topic/2026-M10.csv.csv"])
def test_another_table_kind_or_format_is_not_found(staff, path):
    assert staff.get(path).status_code == 404


def test_csv_has_a_row_a_cell_with_dutch_heads(staff):
    head, *rows = rows_of_csv(staff.get("/export/priority_week/2026-M10.csv").content)
    assert head == HEAD
    assert [row[0] for row in rows] == ["Inbraken in gebouwen", "Cybercrime", "Verkeersveiligheid en leefbaarheid",
                                        "Dienstverlening en werking van de zone"]
    assert {tuple(row[3:]) for row in rows} == {("oktober 2026", "28/09/2026", "01/11/2026", "nee", "5")}  # week 43 is incomplete


def test_a_series_has_every_period_that_its_chart_shows(staff):
    _, *rows = rows_of_csv(staff.get("/export/priority_month/tot-2026-M10.csv").content)
    assert [row[3] for row in rows[::2]] == ["januari 2026", "februari 2026", "maart 2026", "april 2026", "mei 2026", "juni 2026",
                                             "juli 2026", "augustus 2026", "september 2026", "oktober 2026"]


@pytest.mark.parametrize("path", with_example(EXPORTS))
def test_no_small_figure_in_any_format(staff, path):
    content, sensitive = staff.get(path).content, not any(name in path for name in ("priority_week", "topic"))
    least = 10 if sensitive else 5
    for figure in figures_of(path, content):
        assert figure == f"<{least}" or int(figure) >= least and int(figure) % 5 == 0, figure


def figures_of(path, content):
    """The figures of a file, as text, whatever its format."""
    invented = "/voorbeeld/" in path
    if path.endswith(".csv"):
        return [row[1 + invented] for row in rows_of_csv(content)[1 + invented:]]
    if path.endswith(".json"):
        return [str(figure["cijfer"]) for period in json.loads(content)["periodes"] for figure in period["cijfers"]]
    return [row[1 + invented][2] for row in sheets_of_ods(content)["Cijfers"][1 + invented:]]


@pytest.mark.parametrize("path", [path.removesuffix(".csv") for path in with_example(EXPORTS) if path.endswith(".csv")])
def test_the_three_formats_hold_the_same_figures(staff, path):
    in_csv, in_ods, in_json = (figures_of(file, staff.get(file).content) for file in (f"{path}.{format}" for format in KINDS))
    assert in_csv == in_ods == in_json and in_csv


def test_ods_is_a_file_that_the_standard_describes(staff):
    content = staff.get("/export/topic/2026-M10.ods").content
    assert content[30:38] == b"mimetype" and content[38:84] == KINDS["ods"].encode()  # where file types are recognised
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first, *others = archive.infolist()
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert {entry.date_time for entry in (first, *others)} == {(1980, 1, 1, 0, 0, 0)}
        listed = {entry.get("{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}full-path")
                  for entry in ElementTree.fromstring(archive.read("META-INF/manifest.xml"))}
        assert listed == {"/"} | {entry.filename for entry in others} - {"META-INF/manifest.xml"}
        for entry in others:
            ElementTree.fromstring(archive.read(entry))


def test_in_ods_numbers_are_numbers_and_days_are_days(staff):
    head, *rows = sheets_of_ods(staff.get("/export/topic/2026-M10.ods").content)["Cijfers"]
    assert [text for _, _, text in head] == HEAD
    for row in rows:
        figure = "string" if row[1][2] == "<5" else "float"
        assert [kind for kind, _, _ in row] == ["string", figure, "float", "string", "date", "date", "string", "float"]
        assert (row[4][1], row[4][2]) == ("2026-09-28", "28/09/2026")
    assert {row[1][0] for row in rows} == {"string", "float"}


def test_ods_explains_itself_on_a_second_sheet(staff):
    told = [cell[2] for row in sheets_of_ods(staff.get("/export/topic/2026-M10.ods").content)["Toelichting"] for cell in row]
    assert "In 95 op 100 gevallen ligt het echte aantal hoogstens de marge plus 2 (afronding) van dit cijfer." in told
    assert "0,5" in told and "politiezone Vilvoorde-Machelen" in told


def test_json_tells_the_parameters(staff):
    told = json.loads(staff.get("/export/outcome/tot-2026-M10.json").content)
    assert told["parameters"] == {"epsilon": "1/4", "ruis": "discrete Laplace", "drempel": 10, "afgerond_op": 5,
                                  "wachttijd_dagen": 1, "geteld_per": "month"}
    assert told["verzonnen"] is False and "let_op" not in told
    assert told["periodes"][-1]["van"] == "2026-09-28" and told["periodes"][-1]["tot_en_met"] == "2026-11-01"


def test_invented_figures_are_marked_in_every_format(staff):
    mark, head, *rows = rows_of_csv(staff.get("/voorbeeld/export/outcome/2026-M10.csv").content)
    assert mark == [MARK] and head == ["let op", *HEAD] and {row[0] for row in rows} == {MARK}
    figures, method = sheets_of_ods(staff.get("/voorbeeld/export/outcome/2026-M10.ods").content).values()
    assert figures[0][0][2] == MARK and {row[0][2] for row in figures[2:]} == {MARK}
    assert method[0][0][2].startswith(MARK)
    told = json.loads(staff.get("/voorbeeld/export/outcome/2026-M10.json").content)
    assert told["verzonnen"] is True and told["let_op"] == MARK and told["uitleg"][0].startswith(MARK)


def test_released_figures_are_never_marked_as_invented(staff):
    for path in EXPORTS:
        assert b"VERZONNEN" not in staff.get(path).content, path


def test_the_same_question_gives_the_same_bytes_in_another_process_on_another_day(tmp_path, clock, staff):
    before = {path: staff.get(path).content for path in with_example(EXPORTS)}
    release(settings_env(tmp_path))
    clock.forward(days=3)
    with running_dashboard(tmp_path, clock) as dashboard, closing(dashboard.login()) as client:
        assert {path: client.get(path).content for path in before} == before


def test_every_export_is_recorded_and_nothing_else_is(released):
    with closing(released.login()) as client:
        seen = len(released.staff.audit(1000))
        client.head("/export/topic/2026-M10.csv")
        client.get("/export/topic/2026-M11.csv")
        assert len(released.staff.audit(1000)) == seen
        client.get("/export/topic/2026-M10.csv")
        client.get("/voorbeeld/export/daypart/tot-2026-Q3.ods")
    last, before = released.staff.audit(2)
    assert (before.what, before.about) == (EXPORTED, "topic 2026-M10 csv")
    assert (last.what, last.about) == (EXPORTED, "voorbeeld daypart tot-2026-Q3 ods")


@pytest.mark.parametrize("label", ["=1+1", "+32", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_calculate_is_made_harmless(label):
    sheet = one_cell(label)
    assert rows_of_csv(as_csv(sheet))[1][0] == f"'{label}"
    (kind, value, text), *_ = sheets_of_ods(as_ods(sheet))["Cijfers"][1]
    assert (kind, value) == ("string", None) and text.strip() == label.strip()
    assert json.loads(as_json(sheet))["periodes"][0]["cijfers"][0]["label"] == label


@pytest.mark.parametrize("label", ['a;b', 'zegt "neen"', "<b>&amp;", "é €"])
def test_text_comes_back_as_it_was(label):
    sheet = one_cell(label)
    assert rows_of_csv(as_csv(sheet))[1][0] == label
    assert sheets_of_ods(as_ods(sheet))["Cijfers"][1][0][2] == label


def one_cell(label):
    """A sheet with one row, under a label that no zone would choose."""
    parameters = parameters_module.load(load({}))
    week = Period.parse("2026-W44")
    log = {name: {week: True} if name == "priority_week" else {} for name in parameters.tables}
    values = {"priority_week": {week: dict.fromkeys(parameters.table("priority_week").cells, 12)}}
    cells = Figures(parameters, values, log).cells("priority_week", week)
    return Sheet(cells.table, parameters, "zone", {"cybercrime": label}, [cells], False)
