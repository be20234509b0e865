"""The graph run in an order worked out once gives what dask gives, and fails as it fails."""

import asyncio

import pytest
from rasa.core.agent import Agent
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from bot import quick_graph
from bot.train import model_path

THEIRS = DaskGraphRunner.run
SAID = ["mijn fiets is gestolen", "help hij slaat mij nu", "goeiedag, ik heb een vraag over een boete en mijn buur maakt lawaai",
        "bonjour monsieur, je voudrais porter plainte", "", "!!", "asdf qwer", "hoe lang duurt dat?"]


@pytest.fixture(scope="module")
def agent(model):
    return Agent.load(str(model_path()))


@pytest.fixture
def quick(monkeypatch):
    """Ours in the place of Rasa's, and Rasa's back afterwards."""
    monkeypatch.setattr(DaskGraphRunner, "run", THEIRS)
    quick_graph.install()
    return DaskGraphRunner.run


def parsed(agent, monkeypatch, run):
    monkeypatch.setattr(DaskGraphRunner, "run", run)
    return [asyncio.run(agent.parse_message(text)) for text in SAID]


def test_messages_are_read_as_before(agent, quick, monkeypatch):
    ours = parsed(agent, monkeypatch, quick)
    assert ours == parsed(agent, monkeypatch, THEIRS)
    assert {result["intent"]["name"] for result in ours} > {"fietsdiefstal", "nood_geweld", "andere_taal"}


def test_each_node_runs_once_after_what_it_needs(agent):
    runner = agent.processor.graph_runner
    told = agent.processor.model_metadata
    steps = quick_graph.plan(runner, (told.nlu_target, told.core_target))
    names = [name for name, _, _ in steps]
    assert len(names) == len(set(names)) > 13
    for place, (_, _, needs) in enumerate(steps):
        assert all(need in names[:place] for need in needs if need in runner._instantiated_nodes)


class Broken(GraphComponent):
    @classmethod
    def create(cls, *_, **__):
        return cls()

    def work(self, given):
        raise ValueError("broken")


def small(uses=Broken):
    node = SchemaNode(needs={"given": "input"}, uses=uses, constructor_name="create", fn="work", config={})
    schema = GraphSchema({"node": node})
    return DaskGraphRunner(schema, None, ExecutionContext(schema))


def test_what_fails_fails_as_before(quick):
    for run in (quick, THEIRS):
        with pytest.raises(Exception, match="Error running graph component for node node"):
            run(small(), {"input": 1}, ["node"])


def test_an_input_in_the_place_of_a_node_is_left_to_rasa(quick):
    with pytest.raises(GraphRunError, match="clashes"):
        quick(small(), {"input": "node", "node": "node"}, ["node"])
