"""Details of a situation as entities: relation, time, age, place and the like, for the intakes."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot import details


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DetailFinder(GraphComponent, EntityExtractorMixin):
    """Sets `entities`: labels of data/details, with their place in the text. Patterns are read at start, not trained."""

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> DetailFinder:
        """Nothing is trained."""
        details.find("warm")  # a pattern that is wrong shows at start
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add what each message says."""
        for message in messages:
            found = [{ENTITY_ATTRIBUTE_TYPE: detail.slot, ENTITY_ATTRIBUTE_VALUE: detail.value,
                      ENTITY_ATTRIBUTE_START: detail.start, ENTITY_ATTRIBUTE_END: detail.end}
                     for detail in details.find(message.get(TEXT) or "")]
            message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(found), add_to_output=True)
        return messages
