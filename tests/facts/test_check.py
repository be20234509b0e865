"""The check of facts and answers: the project passes, and each kind of mistake is found."""

import datetime as dt

import pytest
import yaml

from bot import facts as facts_package
from bot.facts.__main__ import main
from bot.facts.check import check_facts, check_responses, uses
from bot.settings import ROOT


@pytest.fixture
def facts(settings):
    return facts_package.load(settings.facts_dir)


def test_the_project_has_no_errors(facts):
    findings = [*check_facts(facts, dt.date.today()), *check_responses(facts, ROOT / "data")]
    assert not [str(finding) for finding in findings if finding.level == "error"]


def test_a_fact_older_than_a_year_is_a_warning(facts):
    checked = max(fact.checked for fact in facts.entries.values())
    findings = list(check_facts(facts, checked + dt.timedelta(days=400)))
    assert findings and all(finding.level == "warning" and "stale" in finding.what for finding in findings)


@pytest.mark.parametrize(("text", "links", "what"), [
    ("Bel 101.", [], "types '1'"),
    ("Kijk op https://politie.be", [], "types 'https:'"),
    ("Kijk op politie.be", [], "types 'politie.be'"),
    ("Mail a@b", [], "types '@'"),
    ("Bel {onbekend.telefoon}", [], "no fact called onbekend"),
    ("Bel {naam}", [], "a brace"),
    ("Melden bij Fraudehelpdesk", [], "deny-listed Fraudehelpdesk"),
    ("Goed", ["onbekend.site"], "no fact called onbekend"),
])
def test_a_wrong_answer_is_an_error(facts, tmp_path, text, links, what):
    content = {"responses": {"utter_x": [{"text": text, "custom": {"links": links}}]}}
    (tmp_path / "x.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    errors = [str(finding) for finding in check_responses(facts, tmp_path)]
    assert any(what in error for error in errors), errors


def test_list_knows_where_the_emergency_number_is_used(facts):
    assert "utter_nood_geweld" in uses(facts, ROOT / "data")["politie_nood"]


def test_both_commands_run(capsys):
    assert main(["check"]) == 0
    assert main(["list"]) == 0
    assert "utter_fietsdiefstal" in capsys.readouterr().out
