"""The one place where Rasa itself is changed: what an action server answers is checked against a schema that is read once.

Rasa 3.6 checks its own, constant schema against the schema of schemas at every call of an action: more than half of a turn.
See docs/adr/0018-action-results-checked-by-one-validator.md.
"""

from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def validator() -> Any:
    """The jsonschema validator of Rasa's schema for results, as jsonschema.validate would choose it."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def install() -> None:
    """Every RemoteAction of this process checks with one validator; a wrong result raises ValidationError as before."""
    from jsonschema.exceptions import best_match

    made = validator()

    def check(_: RemoteAction, result: Any) -> bool:
        error = best_match(made.iter_errors(result))
        if error is not None:
            raise error
        return True

    RemoteAction._validate_action_result = check
