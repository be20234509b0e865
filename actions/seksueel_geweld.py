"""The intake seksueel_geweld: sexual violence, recent or long ago.

What it asks and where it leads stands in data/facts/routes/seksueel_geweld.yml.
"""

from actions.intake import ValidateIntake


class ValidateSeksueelGeweld(ValidateIntake):
    """Every turn of seksueel_geweld_form."""

    topic = "seksueel_geweld"

    def name(self) -> str:
        return "validate_seksueel_geweld_form"
