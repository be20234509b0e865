"""One question first: every other guided topic. What it asks and where it leads: data/facts/routes/<topic>.yml."""

from actions.intake import ValidateIntake


class ValidateVraag(ValidateIntake):
    """Every turn of vraag_form; the topic is that of the first message."""

    def name(self) -> str:
        return "validate_vraag_form"
