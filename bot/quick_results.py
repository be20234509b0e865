"""What an action server answers is checked against Rasa's schema by a validator that is made once.

Rasa 3.6 checks its own, constant schema against the schema of schemas at every call of an action: more than half of a turn.
See docs/adr/0018-action-results-checked-by-one-validator.md and 0021.
"""

from typing import Any

import jsonschema_rs
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

    made, quick = validator(), jsonschema_rs.validator_for(RemoteAction.action_response_format_spec())

    def check(_: RemoteAction, result: Any) -> bool:
        if quick.is_valid(result):
            return True
        error = best_match(made.iter_errors(result))  # in Rasa's own words
        if error is not None:
            raise error
        return True

    RemoteAction._validate_action_result = check
