"""What a Redis must be so that nothing in it reaches a disk or gets lost: asked on every new connection to it."""

from typing import Any, Optional

WANTED = {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}  # to a disk nothing, thrown away nothing
QUESTIONS = (*(("CONFIG", "GET", name) for name in WANTED), ("INFO", "replication"))
SILENT = "this Redis does not tell how it was started"
NO_ENTRY = "this Redis does not accept the name or password"


def complaint(question: tuple[str, ...], answer: Any) -> Optional[str]:
    """Why the answer of a Redis to one of QUESTIONS makes it unfit, or None. Answers are bytes or texts, as they were read."""
    if question[0] == "CONFIG":
        name, wanted = question[-1], WANTED[question[-1]]
        if [_text(part) for part in answer][1:] != [wanted]:
            return f"{name} of this Redis must be {wanted or 'empty'!r}"
    elif "connected_slaves:0" not in _text(answer):
        return "this Redis has replicas, which write what they receive to a disk"
    return None


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
