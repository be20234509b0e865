"""Run by test_through_the_chat: one conversation in this process, then a search of all live objects for what was typed.

Prints {"while it lasts": n, "after it": n}. Memory that was freed is not searched: Python does not overwrite it.
"""

import asyncio
import gc
import json
import sys

from bot.quiet import be_quiet

be_quiet()

from rasa.core.agent import load_agent  # noqa: E402
from rasa.core.channels.channel import UserMessage  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402

from bot import dutch  # noqa: E402
from bot.conversations import Collected, store  # noqa: E402
from bot.settings import ROOT  # noqa: E402
from bot.train import model_path  # noqa: E402

PARTS = ("kana", "rie", "5411", "z")  # never whole in this file, so that only the conversation holds it


def holders() -> int:
    """How many live objects hold the word."""
    word = "".join(PARTS)
    seen, found, todo = set(), 0, [*gc.get_objects(), *map(vars, list(sys.modules.values()))]
    while todo:
        item = todo.pop()
        if id(item) in seen or item is word:
            continue
        seen.add(id(item))
        if isinstance(item, str):
            found += word in item
        elif isinstance(item, (bytes, bytearray)):
            found += word.encode() in item
        else:
            todo.extend(gc.get_referents(item))
    pipelines = sum(word in nlp.vocab.strings for nlp in dutch._pipelines.values())  # C memory, which gc does not see
    return found + pipelines


async def main() -> None:
    """Talk, search, forget, search."""
    agent = await load_agent(model_path=str(model_path()),
                             endpoints=AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml")))
    kept = store(agent)
    agent.tracker_store = agent.processor.tracker_store = kept
    for text in (" mijn fiets is gestolen", " hello my bike was stolen yesterday", " help hij slaat mij nu"):
        await agent.handle_message(UserMessage("".join(PARTS) + text, Collected(), "someone"))
    gc.collect()
    lasting = holders()
    kept._clock = lambda: 1e12
    kept.sweep()
    dutch.forget()
    gc.collect()
    print(json.dumps({"while it lasts": lasting, "after it": holders()}))


asyncio.run(main())
