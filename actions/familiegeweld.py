"""The intake familiegeweld: violence by somebody else in the family.

What it asks and where it leads stands in data/facts/routes/familiegeweld.yml.
"""

from actions.intake import ValidateIntake


class ValidateFamiliegeweld(ValidateIntake):
    """Every turn of familiegeweld_form."""

    topic = "familiegeweld"

    def name(self) -> str:
        return "validate_familiegeweld_form"
