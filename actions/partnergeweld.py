"""The intake partnergeweld: violence by a partner or ex.

What it asks and where it leads stands in data/facts/routes/partnergeweld.yml.
"""

from actions.intake import ValidateIntake


class ValidatePartnergeweld(ValidateIntake):
    """Every turn of partnergeweld_form."""

    topic = "partnergeweld"

    def name(self) -> str:
        return "validate_partnergeweld_form"
