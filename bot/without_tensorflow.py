"""Rasa without TensorFlow: four of its modules that import it, for components we do not use, are stood in for.

Call `install` before anything of Rasa is imported. Who asks a stand-in for more than it holds gets an AttributeError that says
so, and a config.yml that names one of Rasa's own components which needs TensorFlow is refused by Rasa as unknown. With a Rasa
that imports TensorFlow elsewhere too nothing breaks, it is only slow again; a test sees that. See docs/adr/0019.
"""

import sys
from types import ModuleType
from typing import Any

COMPONENTS = "rasa.engine.recipes.default_components"
VALIDATOR = "rasa.graph_components.validators.default_recipe_validator"  # a model names it among the steps of its training
TRAINING = {VALIDATOR: ("DefaultV1RecipeValidator",),
            "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
            "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",)}


class NeedsTensorFlow:
    """In the place of a class that trains with TensorFlow."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError("this process runs without TensorFlow; see bot/without_tensorflow.py")


class StandIn(ModuleType):
    """A module that says what it is when something is missing in it."""

    def __getattr__(self, name: str) -> Any:
        if name == "DEFAULT_COMPONENTS":
            return _components()
        raise AttributeError(f"{self.__name__} is a stand-in without {name}: bot/without_tensorflow.py, without_services.py")


def _components() -> list[type]:
    """What a config.yml may name of Rasa's own, as Rasa's module imports them: importing registers."""
    from rasa.core.policies.memoization import AugmentedMemoizationPolicy, MemoizationPolicy
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer

    return [WhitespaceTokenizer, MemoizationPolicy, AugmentedMemoizationPolicy, RulePolicy]


def install() -> None:
    """Put the stand-ins in place; does nothing when Rasa's own are there already."""
    for name, classes in {COMPONENTS: (), **TRAINING}.items():
        if name not in sys.modules:
            sys.modules[name] = module = StandIn(name)
            for each in classes:
                setattr(module, each, NeedsTensorFlow)
    sys.modules.setdefault("tensorflow", None)  # spaCy's thinc would import it for the mere reason that it is installed
