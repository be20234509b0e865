"""What goes into Rasa: cleaned text, and the parse result of a button that was offered."""

import unicodedata
from typing import Any

from bot.errors import ResponseError

DETAIL = "__"
MENU, LANGUAGE = "menu_", "taal_"
CHOICE = "choice"
ANSWER = "bevestig"  # the intent of a button that answers a question of an intake: /bevestig__<slot>.<value>
ALLOWED_CONTROLS = "\n\t"
MAX_CHARACTERS = 2000  # of one message


def clean(text: str) -> str:
    """Text as Rasa may see it: composed, without control or lone surrogate characters, without leading slashes."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    printable = "".join(" " if character in ALLOWED_CONTROLS else character for character in composed
                        if character in ALLOWED_CONTROLS or unicodedata.category(character) not in ("Cc", "Cs", "Co"))
    return printable.strip().lstrip("/ ").strip()


def parse_data(payload: str) -> dict[str, Any]:
    """The parse result of a button: /topic, /topic__detail, /bevestig__slot.value, /menu_<priority> or /taal_<language>.

    `choice` is what action code reads from `latest_message`: {"detail"}, {"slot", "value"}, {"menu"}, {"language"} or nothing.
    """
    if not payload.startswith("/"):
        raise ResponseError(f"{payload!r} is not a button payload")
    intent, _, detail = payload[1:].partition(DETAIL)
    choice: dict[str, str] = {"detail": detail} if detail else {}
    if intent == ANSWER and detail:
        slot, _, value = detail.partition(".")
        choice = {"slot": slot, "value": value}
    elif intent.startswith(MENU):
        intent, choice = "hulp_menu", {"menu": intent.removeprefix(MENU)}
    elif intent.startswith(LANGUAGE):
        intent, choice = "andere_taal", {"language": intent.removeprefix(LANGUAGE)}
    return {"text": "", "intent": {"name": intent, "confidence": 1.0}, "entities": [], CHOICE: choice}
