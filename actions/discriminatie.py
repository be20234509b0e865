"""The intake discriminatie: discrimination on whatever ground.

What it asks and where it leads stands in data/facts/routes/discriminatie.yml.
"""

from actions.intake import ValidateIntake


class ValidateDiscriminatie(ValidateIntake):
    """Every turn of discriminatie_form."""

    topic = "discriminatie"

    def name(self) -> str:
        return "validate_discriminatie_form"
