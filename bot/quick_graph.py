"""Rasa's graph of components run in an order that is worked out once, instead of by dask anew for every message.

See docs/adr/0021-what-a-turn-does-not-need.md.
"""

from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.runner.dask import DaskGraphRunner

Step = Tuple[str, Any, Tuple[str, ...]]  # name, node, names of what it needs


def plan(runner: DaskGraphRunner, targets: Tuple[str, ...]) -> List[Step]:
    """The nodes that `targets` need, each after what it needs itself."""
    schema = runner._graph_schema.minimal_graph_schema(list(targets))
    steps: Dict[str, Step] = {}

    def add(name: str) -> None:
        if name not in steps and name in schema.nodes:
            needs = tuple(schema.nodes[name].needs.values())
            for need in needs:
                add(need)
            steps[name] = (name, runner._instantiated_nodes[name], needs)

    for target in targets:
        add(target)
    return list(steps.values())


def install() -> None:
    """For every runner of this process; what fails in a node fails as before."""
    theirs = DaskGraphRunner.run

    def run(self: DaskGraphRunner, inputs: Optional[Dict[str, Any]] = None,
            targets: Optional[List[str]] = None) -> Dict[str, Any]:
        given = inputs or {}
        if any(name in self._instantiated_nodes for name in given):
            return theirs(self, inputs, targets)  # an input in the place of a node: rare, and theirs to judge
        wanted = tuple(targets or self._graph_schema.target_names)
        plans = self.__dict__.setdefault("_plans", {})
        if wanted not in plans:
            plans[wanted] = plan(self, wanted)
        found: Dict[str, Any] = {name: (name, value) for name, value in given.items()}
        for name, node, needs in plans[wanted]:
            found[name] = node(*(found[need] for need in needs))
        return dict(found[name] for name in wanted)

    DaskGraphRunner.run = run
