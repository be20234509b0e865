"""Every error of our own, under one root, so that one place can turn them into HTTP."""


class WijkwijzerError(Exception):
    """Root of all errors that this project raises on purpose."""


class SettingsError(WijkwijzerError, ValueError):
    """A setting in the environment is missing or wrong; the message names it."""


class FactsError(WijkwijzerError, ValueError):
    """A facts file is malformed; the message names file, entry and field."""


class UnknownFact(FactsError, KeyError):
    """An answer names a fact that does not exist or may not be shown."""

    def __str__(self) -> str:
        return str(self.args[0])


class TopicsError(WijkwijzerError, ValueError):
    """The list of topics is malformed or an unknown topic was asked for."""


class ResponseError(WijkwijzerError, ValueError):
    """A response in data/ is malformed or names an unknown button, link or fact."""


class SessionError(WijkwijzerError):
    """A chat session is unknown, forged, expired or closed."""


class VaultError(WijkwijzerError):
    """The Redis in which chat servers share conversations is gone, hangs, or is not fit to hold them."""


class StatisticsError(WijkwijzerError):
    """Something is wrong with counting or with the released figures."""


class UnknownLabel(StatisticsError, ValueError):
    """A table or cell that is not in the key space: free labels are never counted."""


class LimitError(StatisticsError, ValueError):
    """A parameter of the anonymity model lies outside its hard limits; nothing starts."""


class NotReleased(StatisticsError, LookupError):
    """No figures are released for this period: it is open, embargoed or was never measured."""


class RoutesError(WijkwijzerError):
    """A decision table or a part of a route is wrong; the message names file, row and reason."""


class WidgetError(WijkwijzerError, ValueError):
    """A built file of the chat widget is missing or is not what its version promises; the message names the file."""
