"""Every row of every table through the running assistant: the intake is started, answered by buttons and words, and read."""

import pytest

from bot import facts as facts_package
from bot import routes
from bot import topics as topics_module
from bot.nlg import message
from bot.responses import all_responses
from bot.routes import compose
from bot.routes.tables import SAFE, UNKNOWN, handed_over, slots

TABLES = routes.load()
ROWS = [(topic, row) for topic, table in TABLES.items() for row in table.rows]
SAID = {  # how a resident says what is only heard, never asked
    "wie": {"zelf": "nee, ik bedoel: het gaat over mij", "kind": "nee, ik bedoel: het gaat over mijn dochter",
            "ander": "nee, ik bedoel: het gaat over iemand anders", "pleger": "nee, ik bedoel: ik ben de dader"},
    "leeftijd": {"minderjarig": "15 jaar", "volwassen": "32 jaar"},
    "relatie": {"partner": "mijn partner", "ex": "mijn ex", "ouder": "mijn vader", "broer_zus": "mijn broer", "kind": "mijn zoon",
                "familie": "mijn schoonvader", "bekende": "een kennis", "vreemde": "een onbekende"},
    "wanneer": {"72u": "gisteren", "week": "vorige week", "langer": "drie jaar geleden", "vaak": "elke week"},
    "seksueel": {"ja": "het was seksueel misbruik", "nee": "het was niet seksueel"},
    "daad": {"geweld": "ik werd geslagen", "bedreiging": "ik werd bedreigd", "vernieling": "mijn ruit werd ingeslagen",
             "woorden": "ik werd uitgescholden", "online": "het was op facebook"},
    "grond": {"afkomst": "om mijn huidskleur", "geloof": "om mijn geloof", "geaardheid": "omdat ik homo ben",
              "gender": "omdat ik trans ben", "beperking": "om mijn handicap", "taal": "om mijn accent",
              "andere": "om mijn leeftijd"},
    "beelden": {"verspreid": "ze zijn verspreid", "dreiging": "hij dreigt ermee"},
    "regio": {"vlaanderen": "in Vlaanderen", "brussel": "in Brussel", "wallonie": "in Wallonië"},
}
ORDER = ("wie", "seksueel", "daad", "relatie", "grond", "beelden", "leeftijd", "wanneer", "regio")


@pytest.fixture(scope="module")
def facts(settings):
    return facts_package.load(settings.facts_dir)


def situation_of(topic, row):
    """The first situation of a row that the table can be brought to: heard slots are said, asked ones pressed."""
    for situation in TABLES[topic].combinations():
        if TABLES[topic].row(situation) is row:
            return situation
    raise AssertionError(f"{topic}: no situation reaches {row.id}")


def start(resident, topic):
    """Through the menu, so that nothing is said yet."""
    about = topics_module.load()[topic]
    resident.say("toon het menu")
    resident.press(next(button["title"] for item in resident.messages for button in item["buttons"]
                        if button["title"] in MENU[about.priority.id]))
    resident.press(about.title)


MENU = {"inbraak": ["Inbraak in huis of zaak"], "integriteit": ["Geweld of seksueel geweld"],
        "samenleving": ["Discriminatie, haat of radicalisering"], "cybercrime": ["Oplichting en problemen online"],
        "verkeer": ["Verkeer en overlast in de buurt"], "dienstverlening": ["Aangifte, documenten en contact"]}


FIRST = {"slachtofferhulp": "ik zoek iemand om mee te praten na een misdrijf"}  # a table that asks nothing is told all at once


def buttons_now(resident):
    return [button["title"] for item in resident.messages for button in item["buttons"]]


def titles(slot, value):
    """How the button of an answer is called, in whichever intake asks it."""
    return {item["title"] for name, variations in all_responses().items() if name.startswith("utter_ask_")
            for item in variations[0]["custom"]["next"] if item["answer"] == f"{slot}.{value}"}


def every_title(slot):
    return set().union(*(titles(slot, value) for value in (*slots()[slot], UNKNOWN)))


def is_over(resident):
    return any(item["kind"] == "route" for item in resident.messages)


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=[f"{topic}-{row.id}" for topic, row in ROWS])
def test_row_through_the_assistant(assistant, facts, topic, row):
    situation = situation_of(topic, row)
    end = handed_over(topic, situation)
    resident = assistant.open()
    table = TABLES[topic]
    heard = [SAID[slot][situation[slot]] for slot in ORDER if slot in table.heard and situation.get(slot, UNKNOWN) != UNKNOWN]
    if topic in FIRST:
        resident.say(", ".join([FIRST[topic], *heard]))
        heard = []
    else:
        start(resident, topic)
    for text in heard:
        if not is_over(resident):
            resident.say(text)
    for _ in range(8):
        if is_over(resident):
            break
        offered = buttons_now(resident)
        slot = next(slot for slot in (SAFE, *table.ask, *TABLES[end].ask) if titles(slot, UNKNOWN) & set(offered)
                    and len(set(offered) & every_title(slot)) > 2)
        value = "ja" if slot == SAFE else situation.get(slot, UNKNOWN)
        wanted = [title for title in offered if title in titles(slot, value)]
        wanted = wanted or [title for title in offered if title in titles(slot, UNKNOWN)]
        resident.press(wanted[0])
    expected = TABLES[end].row({**situation, SAFE: "ja"})
    texts = [item["text"] for item in resident.messages if item["kind"] == "route"]
    names = compose.names(end, expected)
    assert texts == [message(name, all_responses()[name][0], facts, topics_module.load())["text"] for name in names]
    resident.close()
