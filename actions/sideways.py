"""The intake behind a message that was not understood as one: told by its details when the topic is unsure, lost or elsewhere."""

from typing import Any, Mapping, Optional

from bot import routes
from bot import topics as topics_module
from bot.details import ANSWER
from bot.topics import EMERGENCY

FAMILY = frozenset({"ouder", "broer_zus", "kind", "familie"})
PARTNERS = frozenset({"partner", "ex"})
HARM = frozenset({"geweld", "bedreiging"})
CRIME = HARM | {"vernieling"}
FIELDS = frozenset({"werk", "wonen", "school", "handel", "vervoer", "de_lijn", "zorg", "vrije_tijd", "overheid", "politie"})
TELLING = frozenset({"seksueel", "daad", "relatie", "wie"})
LIKELY = 0.4  # confidence from which an intake waits behind a card that is not about violence
CLEARLY_ELSE = 0.3  # confidence from which an ordinary topic behind the card for danger means a false alarm
DISCRIMINATION = "discriminatie"
ANYBODY = "partnergeweld"  # its first question is who does it, and its table hands over to the others


def _details(message: Mapping[str, Any]) -> dict[str, str]:
    return {item["entity"]: item["value"] for item in message.get("entities") or () if item["entity"] != ANSWER}


def by_details(message: Mapping[str, Any]) -> Optional[str]:
    """The intake that the details leave no doubt about: sexual violence, violence by a partner, an ex or family, images of
    child abuse, or a field of life together with a ground of discrimination."""
    said = _details(message)
    if said.get("wie") == "pleger":
        return None
    if said.get("seksueel") == "ja":
        return "seksueel_geweld"
    if said.get("beelden") == "kinderen":
        return "kindermishandeling"
    if said.get("daad") not in CRIME and said.get("domein") in FIELDS and said.get("grond"):
        return None if said.get("relatie") in PARTNERS | FAMILY else DISCRIMINATION
    if said.get("daad") in HARM and said.get("wie") != "ander":
        if said.get("wie") == "kind":
            return "kindermishandeling"
        return "partnergeweld" if said.get("relatie") in PARTNERS else "familiegeweld" if said.get("relatie") in FAMILY else None
    return None


def rather(topic: str, message: Mapping[str, Any]) -> str:
    """Discrimination when a message taken for hate crime tells of a field of life and of no violence, threat or damage."""
    said = _details(message)
    words_only = said.get("daad") not in CRIME
    return "discriminatie" if topic == "haatmisdrijf" and words_only and said.get("domein") in FIELDS else topic


def likeliest(message: Mapping[str, Any]) -> Optional[str]:
    """The likeliest topic whose table starts with "are you safe"; None when the message is rather about something ordinary."""
    topics = topics_module.load()
    for item in message.get("intent_ranking") or ():
        topic = topics.by_id.get(item["name"])
        if topic is None or topic.kind == EMERGENCY:
            continue
        if topic.id in routes.load() and (routes.load()[topic.id].safety or topic.id == DISCRIMINATION):
            return topic.id
        if not topic.sensitive and item["confidence"] >= CLEARLY_ELSE:
            return None
    return ANYBODY


def surest(message: Mapping[str, Any]) -> Optional[str]:
    """The likeliest ordinary topic when it is one whose table starts with "are you safe" and there is little doubt."""
    topics = topics_module.load()
    ranked = [item for item in message.get("intent_ranking") or () if item["name"] in topics.by_id
              and topics[item["name"]].kind != EMERGENCY]
    table = routes.load().get(ranked[0]["name"]) if ranked else None
    return table.topic if table and table.safety and ranked[0]["confidence"] >= LIKELY else None


def intake_for(message: Mapping[str, Any]) -> Optional[str]:
    """The intake to start for an unsure or lost message: only when its details tell of people or harm, else None."""
    if not TELLING & set(_details(message)):
        return None
    return by_details(message) or likeliest(message)
