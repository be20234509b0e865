"""Rasa's rules looked up by what was done last and what was said, instead of trying every rule at every action.

See docs/adr/0021-what-a-turn-does-not-need.md and 0024.
"""

from collections import defaultdict
from typing import Any, Dict, List, Optional, Set, Tuple

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

State = Dict[str, Any]
Place = Tuple[Optional[str], ...]  # previous action, intent; None is "whatever it was"


class Shelf:
    """Keys of rules by their last state."""

    def __init__(self, lookup: Dict[str, str]) -> None:
        self.lookup = lookup  # kept: another one with the same id would be another lookup
        self._keys: Dict[Place, List[str]] = defaultdict(list)
        for key in lookup:
            self._keys[_place(RulePolicy._rule_key_to_state(key)[-1])].append(key)

    def near(self, state: State) -> Set[str]:
        """Every rule that may end in this state, and some that do not."""
        done, said = _place(state)
        return {key for place in ((done, said), (done, None), (None, said), (None, None)) for key in self._keys.get(place, ())}


def _place(state: State) -> Place:
    done = (state.get(PREVIOUS_ACTION) or {}).get(ACTION_NAME)
    said = (state.get(USER) or {}).get(INTENT)
    return tuple(None if name == SHOULD_NOT_BE_SET else name for name in (done, said))


def install() -> None:
    """For every rule policy of this process; which rules apply is still judged by Rasa's own method."""
    theirs = RulePolicy._get_possible_keys

    def possible(self: RulePolicy, lookup: Dict[str, str], states: List[State]) -> Set[str]:
        shelves: Dict[int, Shelf] = self.__dict__.setdefault("_shelves", {})
        shelf = shelves.get(id(lookup))
        if shelf is None or len(shelf.lookup) != len(lookup):
            shelf = shelves[id(lookup)] = Shelf(lookup)
        near = shelf.near(states[-1]) if states else set(lookup)
        return theirs(self, {key: lookup[key] for key in near}, states)

    RulePolicy._get_possible_keys = possible
