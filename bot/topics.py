"""The coverage contract `data/topics.yml` as objects: priority, kind and sensitivity of every topic."""

import functools
from dataclasses import dataclass
from pathlib import Path

from bot.errors import TopicsError
from bot.facts.store import read_yaml
from bot.settings import ROOT

TOPICS_FILE = ROOT / "data" / "topics.yml"
EMERGENCY, DIALOGUE, INTAKE = "emergency", "dialogue", "intake"
KINDS = frozenset({"advice", "route", INTAKE, EMERGENCY, "service", DIALOGUE})


@dataclass(frozen=True)
class Priority:
    """One priority of the zonal security plan; sensitive ones are never read back on screen."""

    id: str
    label: str
    sensitive: bool


@dataclass(frozen=True)
class Topic:
    """One topic: `id` is the intent, the key of the answer and the label under which it is counted."""

    id: str
    kind: str
    about: str
    title: str
    priority: Priority | None
    safety_question: bool

    @property
    def sensitive(self) -> bool:
        """True when the topic is never suggested, never named and only counted by month."""
        return self.priority is not None and self.priority.sensitive

    @property
    def counted(self) -> bool:
        """True for topics of a priority; dialogue is not counted."""
        return self.priority is not None


@dataclass(frozen=True)
class Topics:
    """All topics and priorities, in the order of the file."""

    priorities: dict[str, Priority]
    by_id: dict[str, Topic]

    def __getitem__(self, id: str) -> Topic:
        try:
            return self.by_id[id]
        except KeyError:
            raise TopicsError(f"unknown topic {id!r}") from None

    def of_priority(self, priority: str) -> list[Topic]:
        """Topics of one priority that residents can pick from a menu (emergencies are not in menus)."""
        return [topic for topic in self.by_id.values()
                if topic.priority and topic.priority.id == priority and topic.kind != EMERGENCY]


@functools.lru_cache(maxsize=2)
def load(path: Path = TOPICS_FILE) -> Topics:
    """Read topics.yml; raises TopicsError that names the topic and what is wrong."""
    raw = read_yaml(path)
    priorities = {id: Priority(id, value["label"], value["sensitive"]) for id, value in raw["priorities"].items()}
    topics: dict[str, Topic] = {}
    for item in raw["topics"]:
        id, kind = item["id"], item["kind"]
        if id in topics:
            raise TopicsError(f"{id}: stands twice")
        if kind not in KINDS:
            raise TopicsError(f"{id}: unknown kind {kind!r}")
        if (kind == DIALOGUE) == ("priority" in item):
            raise TopicsError(f"{id}: dialogue has no priority, every other kind has one")
        if "priority" in item and item["priority"] not in priorities:
            raise TopicsError(f"{id}: unknown priority {item['priority']!r}")
        topics[id] = Topic(id, kind, item["about"], item.get("title", ""), priorities.get(item.get("priority", "")),
                           item.get("safety_question", False))
    return Topics(priorities, topics)
