"""Rasa without the messaging services, databases and plots that it imports and we never use: stand-ins, as for TensorFlow.

Call `install` before anything of Rasa is imported. Who asks a stand-in for more than its names gets an error that says so; where
Rasa imports something in another way nothing breaks, memory and start are only larger again, and a test sees that. See
docs/adr/0024.
"""

import sys
from typing import Any

from bot.without_tensorflow import StandIn

CHANNELS = {"socketio": "SocketIOInput", "botframework": "BotFrameworkInput", "facebook": "FacebookInput",
            "mattermost": "MattermostInput", "rocketchat": "RocketChatInput", "slack": "SlackInput", "telegram": "TelegramInput",
            "twilio": "TwilioInput", "twilio_voice": "TwilioVoiceInput", "webexteams": "WebexTeamsInput",
            "hangouts": "HangoutsInput", "console": "CmdlineInput"}
NAMED = {"console": "cmdline"}  # channels whose name is not that of their module
CLASSES = {"rasa.utils.plotting": (), "boto3": (), "boto3.dynamodb": (), "boto3.dynamodb.conditions": ("Key",), "pymongo": (),
           "pymongo.collection": ("Collection",)}
ERRORS = {"botocore": (), "botocore.exceptions": ("BotoCoreError",), "pymongo.errors": ("ConnectionFailure", "OperationFailure")}
ABSENT = ("h5py",)  # thinc does without it when it is not there


class NotServed:
    """In the place of a channel or a database."""

    channel = ""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError(f"{self.channel or 'this'} is not served here; see bot/without_services.py")

    @classmethod
    def name(cls) -> str:
        """Under which credentials.yml would name it."""
        return cls.channel

    @classmethod
    def from_credentials(cls, _: Any) -> "NotServed":
        """A channel that somebody put into credentials.yml: refused."""
        return cls()


def install() -> None:
    """Put the stand-ins in place; does nothing where Rasa's own are there already."""
    made: dict[str, dict[str, Any]] = {
        f"rasa.core.channels.{channel}": {name: type(name, (NotServed,), {"channel": NAMED.get(channel, channel)})}
        for channel, name in CHANNELS.items()}
    made |= {module: {name: type(name, (NotServed,), {}) for name in names} for module, names in CLASSES.items()}
    made |= {module: {name: type(name, (Exception,), {}) for name in names} for module, names in ERRORS.items()}
    for module, names in made.items():
        if module not in sys.modules:
            sys.modules[module] = stand_in = StandIn(module)
            stand_in.__dict__.update(names, __path__=[])
            parent, _, child = module.rpartition(".")
            if isinstance(sys.modules.get(parent), StandIn):
                setattr(sys.modules[parent], child, stand_in)
    for module in ABSENT:
        sys.modules.setdefault(module, None)  # type: ignore[arg-type]
