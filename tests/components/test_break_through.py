"""Danger breaks through an intake, but an answer to its question is not danger."""

import pytest

from bot import details
from bot.components.break_through import is_only_an_answer


def message(text, why=()):
    found = [{"entity": item.slot, "value": item.value} for item in details.find(text)]
    return {"text": text, "entities": found, "danger": {"fires": True, "why": list(why)}}


@pytest.mark.parametrize(("text", "asked", "why"), [
    ("ja zit op school nu", "veilig", ["nu_bezig"]),
    ("hij is naar de winkel nu", "verder", ["nu_bezig"]),
    ("ja ze is bij mij, ze gaat daar nooit meer naartoe", "veilig", []),
    ("mijn ex", "relatie", []),
    ("vandaag", "wanneer", []),
    ("me ex", "verder", []),
])
def test_an_answer_is_not_danger(text, asked, why):
    assert is_only_an_answer(message(text, why), asked)


@pytest.mark.parametrize(("text", "asked", "why"), [
    ("ja maar hij heeft een mes", "veilig", ["gevaar_wapen"]),
    ("ja hij komt nu terug naar boven", "veilig", ["nu_bezig"]),
    ("nee hij is hier", "veilig", ["nu_bezig"]),
    ("hij slaat mij", "wanneer", ["gevaar_slaan"]),
    ("help", "wanneer", ["nu_roep"]),
    ("mijn ex staat voor de deur", "relatie", ["nu_bezig"]),
    ("hij gaat mij doodslaan", "relatie", ["zeker_nood_geweld"]),
    ("ik wil niet meer leven", "relatie", []),
])
def test_danger_stays_danger(text, asked, why):
    assert not is_only_an_answer(message(text, why), asked)


@pytest.mark.parametrize(("text", "asked", "score"), [
    ("ik heb alles klaargelegd voor vanavond", "wanneer", 0.99),
    ("niemand zou mij missen", "veilig", 0.99),
    ("ik krijg geen lucht", "wanneer", 0.93),
])
def test_a_detail_in_it_does_not_explain_a_danger_that_is_near_certain(text, asked, score):
    said = message(text)
    said["danger"]["score"] = score
    assert not is_only_an_answer(said, asked)


@pytest.mark.parametrize(("text", "asked"), [("vandaag vinden", "wanneer"), ("mijn ex", "relatie")])
def test_a_bare_answer_stays_one_whatever_it_sounds_like(text, asked):
    said = message(text)
    said["danger"]["score"] = 0.95
    assert is_only_an_answer(said, asked)
