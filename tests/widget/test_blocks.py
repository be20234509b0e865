"""Texts of messages as blocks: the cases that the widget's script runs too, and every text that the assistant has."""

import json

import pytest

from bot import facts
from bot.responses import all_responses
from bot.settings import ROOT
from bot.widget.blocks import blocks, message_blocks

FOLDER = ROOT / "bot" / "widget" / "test"
CASES, ROUTES = (json.loads((FOLDER / name).read_text(encoding="utf-8")) for name in ("blocks.json", "routes.json"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases_that_the_script_runs_too(case):
    assert blocks(case["text"]) == case["blocks"]
    assert message_blocks({"kind": "answer", "text": case["text"]}) == case["blocks"]


@pytest.mark.parametrize("case", ROUTES, ids=[case["name"] for case in ROUTES])
def test_routes_that_the_script_shows_too(case):
    assert message_blocks({"kind": "route", "text": case["text"]}) == case["blocks"]


def test_no_word_of_any_answer_is_lost_and_lists_are_lists(settings):
    known = facts.load(settings.facts_dir)
    for name, variations in all_responses().items():
        for variation in variations:
            text = known.fill(variation.get("text") or "")
            found = blocks(text)
            shown = [part for block in found for part in (block["items"] if block["kind"] == "list" else [block["text"]])]
            assert " ".join(shown).split() == [word for word in text.split() if word != "-"], name
            assert not any(part.startswith(("- ", "• ")) for part in shown), name


def test_preparation_sheets_have_a_title_and_headings(settings):
    known = facts.load(settings.facts_dir)
    sheets = [name for name in all_responses() if name.endswith("__voorbereiden")]
    assert sheets
    for name in sheets:
        kinds = [block["kind"] for block in blocks(known.fill(all_responses()[name][0]["text"]))]
        assert kinds[0] == "heading" and kinds.count("heading") == kinds.count("list") + 1, name
