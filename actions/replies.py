"""What a message in the middle of an intake answers: the question itself, something else that is known, or nothing."""

import re
from typing import Any, Mapping, NamedTuple, Optional

from actions.answer import SURE
from bot.details import ANSWER, QUESTION
from bot.routes.tables import SAFE, UNKNOWN, Table

YES, NO, SKIP, BACK = "ja", "nee", "overslaan", "terug"
ON = "verder"
MEANS = {  # what yes and no say to a closed question; the questions stand in data/nlu/dialogue/intake.yml
    SAFE: {YES: YES, NO: NO}, "bezig": {YES: YES, NO: NO}, "seksueel": {YES: YES, NO: NO},
    "leeftijd": {YES: "minderjarig", NO: "volwassen"}, ON: {YES: YES},
}
BY_INTENT = {"bevestig": YES, "ontken": NO, "weet_niet": SKIP}
ASIDE = frozenset({"privacy", "bot_identiteit", "mens_spreken", "andere_taal", "hulp_menu", "belediging"})
CORRECTS = re.compile(r"\b(nee|neen|eigenlijk|ik bedoel|bedoelde|sorry|toch|fout|verkeerd|vergist|wacht|oeps|klopt niet|correctie"
                      r"|verbeter|niet maar|in plaats)\b", re.I)
BUT = re.compile(r"\b(maar|ma|mo|alleen|behalve|tenzij|zolang|tot hij|tot ze)\b", re.I)
PEOPLE = frozenset({"wie", "relatie"})    # "mijn zus weet het" does not make it the sister's story, nor her the one who does it
TELLING = frozenset({"wie", "daad"})      # unless the message also says what was done
FEW_WORDS = 4
GOING_ON = "bezig"
CLOSED = (GOING_ON, "seksueel")


class Said(NamedTuple):
    """`answers` {slot: value} that the message gives; `back` when the question before is wanted again."""

    answers: dict[str, str]
    back: bool = False


def found(message: Mapping[str, Any]) -> dict[str, str]:
    """{slot: value} of the details that the message names by itself."""
    return {item["entity"]: item["value"] for item in message.get("entities") or () if item["entity"] not in (ANSWER, QUESTION)}


def question(message: Mapping[str, Any]) -> Optional[str]:
    """What is asked about the services that a route names, if that is what the message does (data/details/vraag.yml)."""
    return next((item["value"] for item in message.get("entities") or () if item["entity"] == QUESTION), None)


def corrects(message: Mapping[str, Any]) -> bool:
    """True when the resident takes back something."""
    return bool(CORRECTS.search(message.get("text") or ""))


def is_sure(message: Mapping[str, Any]) -> bool:
    """True when the topic of the message is certain enough to be answered."""
    return bool((message.get("certainty") or {}).get("band") == SURE)


def read(message: Mapping[str, Any], asked: Optional[str], answers: Mapping[str, str], table: Table) -> Said:
    """What a typed message answers, given the slot that was asked for and the answers so far."""
    details, word = found(message), _word(message)
    if word == BACK:
        return Said({}, back=True)
    text, intent = message.get("text") or "", message["intent"]["name"]
    if intent in ASIDE and is_sure(message) and (asked not in details or len(text.split()) > FEW_WORDS):
        return Said({})
    said: dict[str, str] = {}
    if asked is not None:
        meant = MEANS.get(asked, {}).get(word or "")
        if asked == SAFE and word == YES and details.get(SAFE) == NO and not BUT.search(text):
            said[SAFE] = YES      # "ja hoor, hij zit beneden"
        elif asked == SAFE and word == NO and (details.get(SAFE) == YES or details.get(GOING_ON) == NO):
            said[SAFE] = UNKNOWN  # "nee, hij is weg": better to show the numbers
        elif asked in CLOSED and word == NO and details.get(asked) == YES:
            said[asked] = NO      # "nee, niks seksueel"
        elif asked == GOING_ON and word == YES and details.get(SAFE) == YES:
            said[asked] = NO      # "ja ik ben bij mijn broer, iedereen is veilig"
        elif asked in details:
            said[asked] = details[asked]
        elif asked == ON and (SAFE in details or (word == NO and not details)):
            said[SAFE] = details.get(SAFE, NO)
        elif asked == ON and details:
            said[ON] = YES        # who tells more wants to go on
        elif meant is not None:
            said[asked] = meant
        elif word == SKIP:
            said[asked] = UNKNOWN
    for slot, value in details.items():
        known = answers.get(slot)
        takes_back = corrects(message) and known != value
        tells = slot not in PEOPLE or (slot == "relatie" and (bool(TELLING & set(details)) or len(text.split()) <= FEW_WORDS))
        if slot not in said and (takes_back or (known is None and tells)):
            said[slot] = value
    return Said({slot: value for slot, value in said.items() if slot in table.values or slot in (ON, "centrum", "veilig_huis")})


def _word(message: Mapping[str, Any]) -> Optional[str]:
    """A bare yes, no, skip or back: by its words, else by what the message was understood as."""
    by_words = next((item["value"] for item in message.get("entities") or () if item["entity"] == ANSWER), None)
    decided = is_sure(message) or message.get("choice") is not None
    return by_words or (BY_INTENT.get(message["intent"]["name"]) if decided else None)
