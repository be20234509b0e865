"""Every row of every table through the running assistant: by buttons where these can tell it, else by its answers as slots."""

import httpx
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
@pytest.fixture(scope="module")
def facts(settings):
    return facts_package.load(settings.facts_dir)


def situations(topic, row):
    """Every situation that reaches a row."""
    return [situation for situation in TABLES[topic].combinations() if TABLES[topic].row(situation) is row]


def by_buttons(topic, row):
    """A situation that buttons alone can tell: nothing of it is only heard."""
    return next((situation for situation in situations(topic, row)
                 if all(value == UNKNOWN if slot in TABLES[topic].heard else titles(slot, value)
                        for slot, value in situation.items())), None)


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


def texts_of(topic, row, facts):
    return [message(name, all_responses()[name][0], facts, topics_module.load())["text"] for name in compose.names(topic, row)]


PRESSED = [(topic, row) for topic, row in ROWS if by_buttons(topic, row) is not None]


@pytest.mark.parametrize(("topic", "row"), PRESSED, ids=[f"{topic}-{row.id}" for topic, row in PRESSED])
def test_row_through_the_chat(assistant, facts, topic, row):
    """What buttons can tell is told by buttons: from the menu to the route."""
    situation = by_buttons(topic, row)
    end = handed_over(topic, situation)
    resident = assistant.open()
    start(resident, topic)
    pressed = set()
    for _ in range(8):
        if is_over(resident):
            break
        offered = buttons_now(resident)
        slot = next(slot for slot in (SAFE, *TABLES[topic].ask, *TABLES[end].ask) if slot not in pressed
                    and titles(slot, UNKNOWN) & set(offered) and len(set(offered) & every_title(slot)) > 2)
        pressed.add(slot)
        value = "ja" if slot == SAFE else situation.get(slot, UNKNOWN)
        wanted = [title for title in offered if title in titles(slot, value)]
        wanted = wanted or [title for title in offered if title in titles(slot, UNKNOWN)]
        resident.press(wanted[0])
    shown = [item["text"] for item in resident.messages if item["kind"] == "route"]
    assert shown == texts_of(end, TABLES[end].row({**situation, SAFE: "ja"}), facts)
    resident.close()


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=[f"{topic}-{row.id}" for topic, row in ROWS])
def test_row_through_the_running_action_server(assistant, topic, row):
    """Every situation kind by its answers as slots: the form's end shows the row's messages and forgets the answers."""
    situation = situations(topic, row)[0]
    end = handed_over(topic, situation)
    slots_now = {**situation, SAFE: "ja", "intake": end}
    call = {"next_action": "action_route", "sender_id": "rows", "domain": {}, "version": "3.6",
            "tracker": {"sender_id": "rows", "slots": slots_now, "latest_message": {"intent": {}}, "events": [], "paused": False,
                        "active_loop": {}, "latest_action_name": None, "followup_action": None}}
    answer = httpx.post(f"{assistant.actions_url}/webhook", params={"token": assistant.token}, json=call, timeout=20).json()
    assert [item["response"] for item in answer["responses"]] == [
        *compose.names(end, TABLES[end].row(situation)), "utter_nuttig_vraag"]
    after = {event["name"]: event["value"] for event in answer["events"] if event["event"] == "slot"}
    left = {**slots_now, **after}
    assert all(left.get(slot) is None for slot in (*slots(), "intake"))
