"""Answers on their way out: facts filled in, links and buttons made, kind and topic set."""

import logging
from typing import Any, Optional

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import facts as facts_package
from bot import topics as topics_module
from bot.errors import ResponseError
from bot.facts import Facts
from bot.payloads import ANSWER
from bot.responses import DETAIL, all_responses, topic_of
from bot.settings import load as load_settings

logger = logging.getLogger(__name__)

KINDS = frozenset({"text", "emergency", "answer", "question", "route", "suggestions", "language", "human", "closing"})
DUTCH = "nl"


def message(response: str, variation: dict[str, Any], facts: Facts, topics: topics_module.Topics) -> dict[str, Any]:
    """One message of the chat API from one response variation: kind, topic, lang, text, buttons, links.

    Buttons still carry their payload here; the channel replaces it by an opaque id. Raises ResponseError or UnknownFact.
    """
    custom = variation.get("custom") or {}
    topic = topics.by_id.get(topic_of(response))
    counted = topic is not None and topic.counted
    kind = custom.get("kind", "answer" if counted else "text")
    if kind not in KINDS:
        raise ResponseError(f"{response}: unknown kind {kind!r}")
    return {
        "kind": kind,
        "topic": topic.id if topic and counted and not topic.sensitive else None,
        "lang": custom.get("lang", DUTCH),
        "text": facts.fill(variation.get("text") or "").strip(),
        "buttons": [_button(item) for item in custom.get("next") or ()],
        "links": [facts.link(name) for name in custom.get("links") or ()],
        "wipe": custom.get("wipe", False),
    }


def _button(item: dict[str, str]) -> dict[str, str]:
    """{"title", "payload"} of a next step: an answer "slot.value" of an intake, or a topic, optionally with a detail of it."""
    if "answer" in item:
        return {"title": item["title"], "payload": f"/{ANSWER}{DETAIL}{item['answer']}"}
    detail = f"{DETAIL}{item['detail']}" if "detail" in item else ""
    return {"title": item["title"], "payload": f"/{item['topic']}{detail}"}


class FactsNLG(NaturalLanguageGenerator):
    """Fills the responses of data/nlu with facts; named in endpoints.yml.

    Rasa 3.6 hands a custom generator no domain at start, so responses are read from their files: a changed text or
    fact needs a restart, never a training.
    """

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None) -> None:
        self.responses = all_responses()
        self.facts = facts_package.load(load_settings().facts_dir)
        self.topics = topics_module.load()

    def message(self, response: str) -> dict[str, Any]:
        """The finished message of a response; raises ResponseError when there is none."""
        variations = self.responses.get(response)
        if not variations:
            raise ResponseError(f"{response}: no such response")
        return message(response, variations[0], self.facts, self.topics)

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str,
                       **kwargs: Any) -> Optional[dict[str, Any]]:
        """What Rasa calls: the message in `custom`, its text beside it. Extra buttons of an action are appended."""
        if utter_action not in self.responses:
            logger.error("response %s does not exist", utter_action)
            return None
        finished = self.message(utter_action)
        return {"text": finished["text"], "custom": finished, "utter_action": utter_action}
