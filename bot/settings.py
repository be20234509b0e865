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
    absent: str = "made at start"  # what README says of an empty default


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(f"not between {low} and {high}")
        return number

    read.__doc__ = f"A whole number from {low} to {high}."
    return read


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("neither yes nor no")
    return text == "yes"


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("shorter than 32 characters")
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting("CHAT_PORT", _whole(1, 65535), "5005", "port of the chat API (Rasa server)"),
    Setting("CHAT_HOST", str, "127.0.0.1", "address the chat API listens on; behind a reverse proxy keep loopback"),
    Setting("ACTIONS_PORT", _whole(1, 65535), "5055", "port of the action server, always on loopback"),
    Setting("ACTIONS_TOKEN", _secret, "", "shared token between Rasa and the action server; made anew at each start when empty"),
    Setting("ACTIONS_INSIDE", _yes_no, "no",
            "yes runs actions inside the chat server instead: faster and smaller, for a zone with one chat server"),
    Setting("CHAT_SECRET", _secret, "", "key that signs session tokens; made anew at each start when empty"),
    Setting("CHAT_TTL_MINUTES", _whole(1, 120), "30", "a conversation is forgotten this long after its last message"),
    Setting("CHAT_MAX_SESSIONS", _whole(1, 1_000_000), "5000", "conversations in memory at once; more get 503"),
    Setting("CHAT_MESSAGES_PER_MINUTE", _whole(1, 600), "40", "messages of one session in a minute; more get 429"),
    Setting("CHAT_MAX_WAITING", _whole(1, 1000), "32", "messages being answered at once; more get 503"),
    Setting("CHAT_SESSIONS_PER_CLIENT", _whole(1, 100_000), "30", "new conversations of one client in ten minutes; more get 429"),
    Setting("CHAT_CLIENT_HEADER", str, "",
            "header in which the reverse proxy gives the client's address, such as X-Real-IP",
            "the address of the connection, unless it is loopback"),
    Setting("CHAT_STORE_URL", str, "",
            "redis://... without persistence, in which several chat servers share conversations, sealed; needs CHAT_SECRET",
            "the memory of this process"),
    Setting("CHAT_DRAIN_SECONDS", _whole(0, 300), "0",
            "after SIGTERM health answers 503 this long while messages are still answered, so that a balancer looks elsewhere"),
    Setting("METRICS_PORT", _whole(0, 65535), "0",
            "internal port with /metrics, /live and /ready of the chat server; 0 is none"),
    Setting("METRICS_HOST", str, "127.0.0.1", "address that port listens on; never one that the internet reaches"),
    Setting("SITE_PORT", _whole(1, 65535), "8000", "port of the example page with the chat, always on loopback"),
    Setting("FACTS_DIR", Path, str(ROOT / "data" / "facts"), "folder with the zone profile, services, rules and deny-list"),
    Setting("SPACY_MODEL", str, "nl_core_news_sm", "spaCy pipeline that is used when it is installed, else blank Dutch"),
    Setting("STATISTICS_URL", str, f"sqlite:///{ROOT / 'var' / 'statistics.db'}",
            "database of the released figures: SQLite, or postgresql://..."),
    Setting("STATISTICS_STATE_DIR", str, "",
            "folder for the running counts, in memory (tmpfs) only; a folder on a disk is refused", "found in /dev/shm"),
    Setting("STATISTICS_COUNTER_URL", str, "",
            "redis://... without persistence, for several action servers on several machines", "the folder above"),
    Setting("STATISTICS_THRESHOLD", _whole(5, 1000), "5", "a smaller figure is shown as \"<5\"; never under 5"),
    Setting("STATISTICS_THRESHOLD_SENSITIVE", _whole(10, 1000), "10",
            "the same for tables with a sensitive priority; never under 10"),
    Setting("STATISTICS_EMBARGO_DAYS", _whole(1, 90), "1",
            "whole days between the end of a period and its release; never under 1"),
    Setting("STATISTICS_YEARS", _whole(1, 30), "5", "released figures are kept this long"),
    Setting("DASHBOARD_PORT", _whole(1, 65535), "8080", "port of the dashboard"),
    Setting("DASHBOARD_HOST", str, "127.0.0.1",
            "address the dashboard listens on; another than loopback needs DASHBOARD_TLS=yes"),
    Setting("DASHBOARD_TLS", _yes_no, "no", "yes when a reverse proxy ends TLS in front: the session cookie is then `Secure`"),
    Setting("DASHBOARD_STATISTICS_URL", str, "",
            "the same figures through a role that can only read", "STATISTICS_URL, opened read-only"),
    Setting("DASHBOARD_STAFF_URL", str, f"sqlite:///{ROOT / 'var' / 'staff.db'}",
            "database of staff accounts and their audit log"),
    Setting("DASHBOARD_SECRET", _secret, "", "key of the forms' tokens; made anew at each start when empty"),
    Setting("DASHBOARD_IDLE_MINUTES", _whole(1, 480), "30", "a staff session ends this long after its last page"),
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
    if values["CHAT_STORE_URL"] and not environ.get("CHAT_SECRET"):
        raise SettingsError("CHAT_SECRET: chat servers that share conversations need the same one (CHAT_STORE_URL is set)")
    shared = next((name for name in ("CHAT_STORE_URL", "STATISTICS_COUNTER_URL") if values[name]), None)
    if values["ACTIONS_INSIDE"] and shared:
        raise SettingsError(f"ACTIONS_INSIDE: yes is for one chat server, and {shared} is for several; unset one of them")
    return Settings(values)
