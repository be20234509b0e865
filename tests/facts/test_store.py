"""Facts are read strictly, filled in by name, and never shown when they are not sure."""

import datetime as dt

import pytest
import yaml

from bot import facts as facts_package
from bot.errors import FactsError, UnknownFact
from bot.facts.store import Facts, placeholders
from tests.facts.test_profile import WEB

ENTRY = {"naam": "Kaartlijn", "telefoon": "078 170 170", "source": ["https://voorbeeld.be"],
         "checked": dt.date(2026, 11, 22), "confidence": "A"}


def make(folder, services=None, denied=None) -> Facts:
    """A folder with one service and empty other files."""
    files = {"services.yml": services or {"kaartlijn": ENTRY}, "zone.yml": {"web": WEB}, "rules.yml": {},
             "denied.yml": denied or {"numbers": [], "phrases": []}}
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    return facts_package.load(folder)


def test_a_fact_is_filled_in_by_name(tmp_path):
    assert make(tmp_path).fill("Bel {kaartlijn.telefoon}.") == "Bel 078 170 170."


def test_a_changed_number_needs_one_edit(tmp_path):
    (tmp_path / "new").mkdir()
    facts = make(tmp_path / "new", {"kaartlijn": {**ENTRY, "telefoon": "02 000 00 00"}})
    assert facts.fill("{kaartlijn.telefoon}") == "02 000 00 00"


@pytest.mark.parametrize("name", ["onbekend.telefoon", "kaartlijn.fax", "kaartlijn.open"])
def test_an_unknown_fact_raises_instead_of_showing_a_brace(tmp_path, name):
    with pytest.raises(UnknownFact):
        make(tmp_path).fill("Bel {" + name + "}.")


@pytest.mark.parametrize("confidence", ["C", "CONFLICT", "X"])
def test_an_unsure_fact_is_not_shown(tmp_path, confidence):
    facts = make(tmp_path, {"kaartlijn": {**ENTRY, "confidence": confidence}})
    with pytest.raises(UnknownFact):
        facts.value("kaartlijn.telefoon")


@pytest.mark.parametrize("missing", ["source", "checked", "confidence"])
def test_a_fact_without_source_date_or_confidence_is_refused(tmp_path, missing):
    with pytest.raises(FactsError, match="kaartlijn"):
        make(tmp_path, {"kaartlijn": {key: value for key, value in ENTRY.items() if key != missing}})


def test_an_unquoted_number_is_refused(tmp_path):
    with pytest.raises(FactsError, match="quote it"):
        make(tmp_path, {"nood": {**ENTRY, "telefoon": 112}})


def test_links_can_be_called_mailed_or_opened(tmp_path):
    facts = make(tmp_path, {"x": {**ENTRY, "site": "https://x.be", "email": "a@x.be"}})
    assert facts.link("x.telefoon") == {"title": "Kaartlijn: 078 170 170", "url": "tel:078170170"}
    assert facts.link("x.site") == {"title": "Kaartlijn", "url": "https://x.be"}
    assert facts.link("x.email")["url"] == "mailto:a@x.be"


DENIED = {"numbers": [{"value": "17", "why": "Frankrijk"}, {"value": "0900-8844", "why": "Nederland"},
                      {"value": "113", "why": "Nederland"}], "phrases": [{"value": "eCops", "why": "oud"}]}


@pytest.mark.parametrize("text", ["bel 17", "bel 0900 8844", "bel 09008844.", "bel 113!", "meld op ecops"])
def test_denied_values_are_found_however_they_are_written(tmp_path, text):
    assert list(make(tmp_path, denied=DENIED).violations(text))


@pytest.mark.parametrize("text", ["open tot 17 uur", "078 170 170", "bel 1813", "bel 1130", "02 253 33 17"])
def test_look_alikes_of_denied_values_are_allowed(tmp_path, text):
    assert not list(make(tmp_path, denied=DENIED).violations(text))


def test_placeholders_are_listed_in_order():
    assert placeholders("{b.c} en {a.d}") == ["b.c", "a.d"]


@pytest.mark.parametrize(("name", "number"), [("evc.telefoon", "0800 30 030"), ("transgender_infopunt.telefoon", "0800 96 316"),
                                              ("politie_nood.telefoon", "101"), ("noodcentrale.telefoon", "112"),
                                              ("kaartstop.telefoon", "078 170 170"), ("zelfmoordlijn.telefoon", "1813")])
def test_numbers_that_a_slip_of_one_digit_would_ruin(settings, name, number):
    assert facts_package.load(settings.facts_dir).value(name) == number
