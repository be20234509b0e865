"""Environment variables to checked, frozen settings. One table drives the code, README and the test of both."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Mapping

from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, how it is read, what it is when absent, what it is for."""

    name: str
    read: Callable[[str], Any]
    default: str
    help: str


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(f"not between {low} and {high}")
        return number

    read.__doc__ = f"A whole number from {low} to {high}."
    return read


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("shorter than 32 characters")
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting("CHAT_PORT", _whole(1, 65535), "5005", "port of the chat API (Rasa server)"),
    Setting("CHAT_HOST", str, "127.0.0.1", "address the chat API listens on; behind a reverse proxy keep loopback"),
    Setting("ACTIONS_PORT", _whole(1, 65535), "5055", "port of the action server, always on loopback"),
    Setting("ACTIONS_TOKEN", _secret, "", "shared token between Rasa and the action server; made anew at each start when empty"),
    Setting("CHAT_SECRET", _secret, "", "key that signs session tokens; made anew at each start when empty"),
    Setting("CHAT_TTL_MINUTES", _whole(1, 120), "30", "a conversation is forgotten this long after its last message"),
    Setting("CHAT_MAX_SESSIONS", _whole(1, 1_000_000), "5000", "conversations in memory at once; more get 503"),
    Setting("CHAT_MESSAGES_PER_MINUTE", _whole(1, 600), "40", "messages of one session in a minute; more get 429"),
    Setting("CHAT_MAX_WAITING", _whole(1, 1000), "32", "messages being answered at once; more get 503"),
    Setting("FACTS_DIR", Path, str(ROOT / "data" / "facts"), "folder with the zone profile, services, rules and deny-list"),
    Setting("SPACY_MODEL", str, "nl_core_news_sm", "spaCy pipeline that is used when it is installed, else blank Dutch"),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one process, read once. Attribute names are the variables' names in lower case."""

    values: Mapping[str, Any] = field(repr=False)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name.upper()]
        except KeyError:
            raise AttributeError(name) from None


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check all settings; raises SettingsError that names the variable and what is wrong with it."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = environ.get(setting.name, "") or setting.default
        if not text and setting.read is _secret:
            text = secrets.token_urlsafe(48)
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            raise SettingsError(f"{setting.name}: {error} (it is for: {setting.help})") from error
    return Settings(values)
