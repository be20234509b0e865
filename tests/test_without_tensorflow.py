"""The chat server's process holds no TensorFlow, still answers, and says what is wrong when something asks for it."""

import json
import subprocess
import sys

import pytest

from bot.settings import ROOT
from bot.train import model_path

ANSWERS = """
import asyncio, json, sys
from bot.quiet import be_quiet
be_quiet()
from bot import without_tensorflow
without_tensorflow.install()
from rasa.core.run import serve_application
from rasa.core.agent import Agent
agent = Agent.load(sys.argv[1])
parsed = asyncio.run(agent.parse_message("mijn fiets is gestolen"))
print(json.dumps([parsed["intent"]["name"], bool(sys.modules.get("tensorflow")),
                  sorted({name.partition(".")[0] for name in sys.modules if name.startswith(("keras", "tensor"))})]))
"""
REFUSED = """
from bot import without_tensorflow
without_tensorflow.install()
{statement}
"""


def run(code, *arguments):
    return subprocess.run([sys.executable, "-W", "ignore", "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True)


def test_the_model_answers_without_tensorflow(model):
    done = run(ANSWERS, str(model_path()))
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == ["fietsdiefstal", False, ["tensorflow"]]


@pytest.mark.parametrize(("statement", "told"), [
    ("from rasa.utils.tensorflow.callback import RasaModelCheckpoint; RasaModelCheckpoint()", "without TensorFlow"),
    ("import sys; sys.modules['rasa.utils.tensorflow.callback'].Another", "bot/without_tensorflow.py"),
    ("import tensorflow", "tensorflow")])
def test_who_asks_for_it_is_told(statement, told):
    done = run(REFUSED.format(statement=statement))
    assert done.returncode == 1 and told in done.stderr.splitlines()[-1], done.stderr


def test_the_server_installs_it_before_rasa():
    text = (ROOT / "bot" / "server.py").read_text(encoding="utf-8")
    assert text.index("without_tensorflow.install()") < text.index("from rasa.")
