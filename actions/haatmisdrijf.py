"""The intake haatmisdrijf: violence, a threat or damage out of hate.

What it asks and where it leads stands in data/facts/routes/haatmisdrijf.yml.
"""

from actions.intake import ValidateIntake


class ValidateHaatmisdrijf(ValidateIntake):
    """Every turn of haatmisdrijf_form."""

    topic = "haatmisdrijf"

    def name(self) -> str:
        return "validate_haatmisdrijf_form"
