"""The chat server's process holds no messaging service, database or plot of Rasa's; who names one is told."""

import subprocess
import sys

from bot.settings import ROOT
from bot.without_services import CHANNELS, NAMED

INSTALL = """
import sys
from bot.quiet import be_quiet
be_quiet()
from bot import without_services, without_tensorflow
without_tensorflow.install()
without_services.install()
"""
ABSENT = ("slack_sdk", "twilio", "aiogram", "webexteamssdk", "fbmessenger", "mattermostwrapper", "rocketchat_API", "socketio",
          "google.oauth2", "matplotlib", "PIL", "boto3.session", "botocore.session", "pymongo.mongo_client", "prompt_toolkit")


def run(code):
    return subprocess.run([sys.executable, "-W", "ignore", "-c", INSTALL + code], cwd=ROOT, capture_output=True, text=True)


def test_the_server_imports_none_of_them():
    done = run(f"""
from rasa.core.run import serve_application
import bot.channel, bot.nlg, bot.tracker_store
print(sorted(name for name in {ABSENT!r} if sys.modules.get(name)), sys.modules["h5py"])
""")
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "[] None"


def test_a_channel_in_the_credentials_is_refused_in_a_sentence():
    done = run("""
from rasa.core.channels import BUILTIN_CHANNELS
for name in ("slack", "socketio"):
    try:
        BUILTIN_CHANNELS[name].from_credentials({})
    except NotImplementedError as error:
        print(error)
""")
    assert done.stdout.splitlines()[-2:] == [f"{name} is not served here; see bot/without_services.py"
                                             for name in ("slack", "socketio")], done.stderr[-2000:]


def test_the_stand_ins_have_the_names_of_rasas_channels():
    ask = "from rasa.core.channels import BUILTIN_CHANNELS; print(sorted(BUILTIN_CHANNELS))"
    theirs = subprocess.run([sys.executable, "-W", "ignore", "-c", ask], cwd=ROOT, capture_output=True, text=True)
    assert "slack" in theirs.stdout and run(ask).stdout.splitlines()[-1] == theirs.stdout.splitlines()[-1]
    assert all(NAMED.get(channel, channel) in theirs.stdout for channel in CHANNELS)


def test_a_store_that_cannot_connect_still_says_so():
    done = run("""
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import ConnectionException
from rasa.utils.endpoints import EndpointConfig
class Gone(TrackerStore):
    def __init__(self, *_, **__):
        raise ConnectionError("gone")
try:
    TrackerStore.create(EndpointConfig(type="__main__.Gone"), Domain.empty())
except ConnectionException:
    print("told")
""")
    assert done.stdout.split()[-1:] == ["told"], done.stderr[-2000:]
