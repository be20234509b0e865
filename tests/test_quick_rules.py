"""Rules looked up by what was done and said are the rules that Rasa finds by trying all."""

import json
import random

import pytest
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import SHOULD_NOT_BE_SET

from bot import quick_rules
from bot.train import model_path

THEIRS = RulePolicy._get_possible_keys


@pytest.fixture(scope="module")
def policy(model):
    agent = Agent.load(str(model_path()))
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, RulePolicy))


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(RulePolicy, "_get_possible_keys", THEIRS)
    quick_rules.install()
    return RulePolicy._get_possible_keys


def talks(lookups, seed, number):
    """Conversations put together from pieces of the rules: as they are, cut, mixed, with another intent, slot or loop."""
    chance = random.Random(seed)
    rules = [json.loads(key) for lookup in lookups for key in lookup]
    states = [state for rule in rules for state in rule]
    for _ in range(number):
        talk = [dict(state) for state in chance.choice(rules)]
        if chance.random() < 0.5:
            talk = [dict(chance.choice(states)) for _ in range(chance.randrange(4))] + talk
        if chance.random() < 0.3:
            talk[-1]["user"] = {"intent": "fietsdiefstal", "entities": ("daad",)}
        if chance.random() < 0.3:
            talk[-1].update(chance.choice(states))
        if chance.random() < 0.2:
            talk[-1].pop("prev_action", None)
        if chance.random() < 0.3:
            talk[chance.randrange(len(talk))]["slots"] = {"open_question": (1.0, 0.0)}
        yield talk


def test_they_are_those_that_rasa_finds(policy, quick):
    found = 0
    for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH):
        lookup = policy.lookup[name]
        assert len(lookup) > 20
        for states in [[], [{}], *talks([policy.lookup[RULES], policy.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]], 1, 600)]:
            keys = quick(policy, lookup, states)
            assert keys == THEIRS(policy, lookup, states), states
            found += bool(keys)
    assert found > 300


def test_a_rule_that_forbids_or_leaves_open_is_tried_too(policy, quick):
    kinds = [{}, {"prev_action": {"action_name": "a"}}, {"prev_action": {"action_name": SHOULD_NOT_BE_SET}},
             {"prev_action": {"action_name": "a"}, "user": {"intent": SHOULD_NOT_BE_SET}},
             {"prev_action": {"action_name": "a"}, "user": {"intent": "groet"}}, {"prev_action": {"action_text": "hallo"}},
             {"prev_action": {"action_name": "b"}, "user": {"intent": "groet"}}]
    lookup = {json.dumps([state]): "action_listen" for state in kinds}
    for state in kinds:
        assert quick(policy, lookup, [state]) == THEIRS(policy, lookup, [state])


def test_another_model_has_another_shelf(policy, quick):
    small = {json.dumps([{"prev_action": {"action_name": "a"}}]): "b"}
    states = [{"prev_action": {"action_name": "a"}}]
    assert quick(policy, small, states) == set(small)
    small[json.dumps([{"prev_action": {"action_name": "a"}, "user": {"intent": "groet"}}])] = "c"
    assert quick(policy, small, states) == THEIRS(policy, small, states)
