"""The two projects that are trained and served: same sentences, domain, rules and actions, each in the form it can serve.

`python -m benchmarks.serving.project stock FOLDER N` writes and trains one in this process: its wall time is the training time.
"""

import logging
import shutil
import sys
from pathlib import Path
from typing import Any, Mapping

import yaml

from bot.quiet import be_quiet
from bot.settings import ROOT

OURS, STOCK = "ours", "stock"
DELIVERED, APART = "delivered", "apart"  # ours with the model of the tree; the same with an action server
CONFIGS = {OURS: ROOT / "config.yml", STOCK: ROOT / "benchmarks" / "configs" / "rasa_stock.yml"}
MODEL = "model"
VERSION = "3.1"
RESPONSES = "responses"


def model_of(folder: Path) -> Path:
    """Where the model of a project stands."""
    return folder / f"{MODEL}.tar.gz"


def plain_response(finished: Mapping[str, Any]) -> dict[str, Any]:
    """One response as Rasa's own templated generator serves it, of a finished message of bot.nlg: facts are filled in already.

    Buttons come as title and payload; kind, topic, language and links as a custom payload, as ours sends them beside the text.
    """
    custom = {key: finished[key] for key in ("kind", "topic", "lang", "links")}
    response: dict[str, Any] = {"text": finished["text"], "custom": custom}
    if finished["buttons"]:
        response["buttons"] = [{"title": button["title"], "payload": button["payload"]} for button in finished["buttons"]]
    return response


def responses_of(who: str) -> dict[str, list[Any]]:
    """{response name: variations}: for ours as they stand in data/nlu, for stock Rasa finished beforehand."""
    from bot.nlg import FactsNLG
    from bot.responses import all_responses

    if who == OURS:
        return {name: [dict(variation) for variation in variations] for name, variations in all_responses().items()}
    nlg = FactsNLG()
    return {name: [plain_response(nlg.message(name))] for name in all_responses()}


def write(who: str, folder: Path, per_topic: int) -> None:
    """Write nlu.yml, responses.yml, rules and domain.yml; `per_topic` sentences of each topic, the same ones for both."""
    from benchmarks.compare import training

    folder.mkdir(parents=True, exist_ok=True)
    training(per_topic).persist_nlu(str(folder / "nlu.yml"))
    text = yaml.safe_dump({"version": VERSION, RESPONSES: responses_of(who)}, allow_unicode=True, sort_keys=False, width=1000)
    (folder / f"{RESPONSES}.yml").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "data" / "stories", folder / "stories", dirs_exist_ok=True)
    shutil.copy(ROOT / "domain.yml", folder / "domain.yml")


def learn(who: str, folder: Path) -> None:
    """Train the model of a project that was written; the cache of earlier trainings is not read."""
    from rasa.model_training import train
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # as Rasa's command line does; else every rule is printed
    files = [str(folder / name) for name in ("nlu.yml", f"{RESPONSES}.yml", "stories")]
    result = train(domain=str(folder / "domain.yml"), config=str(CONFIGS[who]), training_files=files, output=str(folder),
                   fixed_model_name=MODEL, force_training=True)
    if result.code:
        raise SystemExit(result.code)


if __name__ == "__main__":
    be_quiet()
    name, place, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    write(name, place, number)
    learn(name, place)
