"""How many conversations one client opens. No address is kept: only a hash under a key that exists for ten minutes, in memory."""

import hashlib
import ipaddress
import secrets
import time
from typing import Callable

WINDOW_SECONDS = 600.0
MAX_CLIENTS = 100_000  # more than these share one count: an attacker's many addresses do not fill the memory


class Clients:
    """Counts by itself: of several servers each allows `limit`. `clock` is monotonic seconds."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._renew()

    def allows(self, address: str) -> bool:
        """True when this address has opened fewer than `limit` in the present ten minutes; this one counts."""
        if self._clock() >= self._until:
            self._renew()
        name = hashlib.blake2b(network(address).encode(), key=self._key, digest_size=8).digest()
        if name not in self._counts and len(self._counts) >= MAX_CLIENTS:
            name = b""
        self._counts[name] = self._counts.get(name, 0) + 1
        return self._counts[name] <= self._limit

    def _renew(self) -> None:
        self._until = self._clock() + WINDOW_SECONDS
        self._key = secrets.token_bytes(32)
        self._counts: dict[bytes, int] = {}


def network(address: str) -> str:
    """Who an address belongs to: of IPv6 its first 64 bits, for one household has all the others; else the address itself."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return address.strip()[:100]
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((int(parsed), 64), strict=False).network_address)
    return str(parsed)
