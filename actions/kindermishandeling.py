"""The intake kindermishandeling: a child is mistreated, neglected or abused.

What it asks and where it leads stands in data/facts/routes/kindermishandeling.yml.
"""

from actions.intake import ValidateIntake


class ValidateKindermishandeling(ValidateIntake):
    """Every turn of kindermishandeling_form."""

    topic = "kindermishandeling"

    def name(self) -> str:
        return "validate_kindermishandeling_form"
