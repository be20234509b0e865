"""Errors over HTTP: RFC 9457 problem JSON with a Dutch title and, always, the emergency numbers."""

from typing import Any, Mapping, Optional

from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, json

from bot.facts import Facts

PROBLEM_JSON = "application/problem+json"
TITLES: Mapping[int, str] = {
    400: "Dit bericht kan ik niet lezen.",
    401: "Dit gesprek bestaat niet meer. Begin een nieuw gesprek.",
    403: "Vanaf deze website mag de chat niet gebruikt worden.",
    404: "Deze pagina bestaat niet.",
    405: "Zo kan je deze pagina niet gebruiken.",
    408: "Je bericht kwam niet volledig aan. Probeer opnieuw.",
    413: "Je bericht is te lang. Maak het korter dan 2.000 tekens.",
    429: "Dat gaat te snel. Wacht even en probeer opnieuw.",
    500: "Er liep iets mis. Probeer het straks opnieuw.",
    503: "De assistent kan nu niet antwoorden. Probeer het straks opnieuw.",
}
RETRY_SECONDS = {429: 15, 503: 10}


class Problem(SanicException):
    """An error that a caller of the chat API gets to see; `status` is one of TITLES."""

    def __init__(self, status: int) -> None:
        super().__init__(TITLES[status], status_code=status)


def problem_response(status: int, facts: Facts) -> HTTPResponse:
    """The problem document of a status of TITLES: type, title, status, emergency links."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "emergency": facts.emergency(),
    }
    headers = {"Retry-After": str(RETRY_SECONDS[status])} if status in RETRY_SECONDS else {}
    return json(body, status=status, headers=headers, content_type=PROBLEM_JSON)


def status_of(exception: Optional[BaseException]) -> int:
    """A status of TITLES for an exception: another fault of who asks is 400, everything unforeseen 500."""
    status = getattr(exception, "status_code", 500) or 500
    if status in TITLES:
        return status
    return 400 if 400 <= status < 500 else 500
