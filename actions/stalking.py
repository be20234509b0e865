"""The intake stalking: stalking, also online.

What it asks and where it leads stands in data/facts/routes/stalking.yml.
"""

from actions.intake import ValidateIntake


class ValidateStalking(ValidateIntake):
    """Every turn of stalking_form."""

    topic = "stalking"

    def name(self) -> str:
        return "validate_stalking_form"
