"""What policies share that come before RulePolicy for some messages: nothing is learned, one step at a time is named."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Dict, List, Optional

from rasa.core.policies.policy import Policy, PolicyPrediction, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker


class Interrupting(Policy):
    """A policy that decides by `next_step` alone, and leaves every other message to the rules."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Above RulePolicy, which has 6."""
        return {"priority": 7}

    @classmethod
    def load(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> Interrupting:
        """Nothing is stored."""
        return cls(config, model_storage, resource, execution_context)

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing is learned."""
        return self._resource

    def predict_action_probabilities(self, tracker: DialogueStateTracker, domain: Domain,
                                     rule_only_data: Optional[Dict[str, Any]] = None, **kwargs: Any) -> PolicyPrediction:
        """The next step, or nothing."""
        step = self.next_step(tracker)
        if step is None:
            return self._prediction(self._default_predictions(domain))
        return self._prediction(confidence_scores_for(step, 1.0, domain), is_no_user_prediction=True)

    @staticmethod
    @abstractmethod
    def next_step(tracker: DialogueStateTracker) -> Optional[str]:
        """The name of the action that comes now, or None when the rules decide."""
