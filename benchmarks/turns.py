"""`make bench-turns`: milliseconds of a whole turn of the running assistant, one resident at a time."""

import statistics
import sys
import time

import httpx

from benchmarks import sentences
from bot.settings import load

TURNS, PER_SESSION = 300, 30


def main() -> int:
    """Send kept-apart sentences one after another and print median and 95th percentile."""
    url = f"http://127.0.0.1:{load().chat_port}/chat"
    took: list[float] = []
    with httpx.Client(timeout=30) as client:
        try:
            client.get(f"{url}/health").raise_for_status()
        except httpx.HTTPError:
            print(f"error: nothing answers on {url}; start the assistant with `make run`", file=sys.stderr)
            return 1
        for number, item in enumerate(sentences.read("topics")[::3][:TURNS]):
            if number % PER_SESSION == 0:
                headers = {"Authorization": f"Bearer {client.post(f'{url}/sessions').json()['session']}"}
            start = time.perf_counter()
            client.post(f"{url}/messages", json={"text": item.text}, headers=headers).raise_for_status()
            took.append((time.perf_counter() - start) * 1000)
    print(f"{len(took)} turns: median {statistics.median(took):.0f} ms, 95 % under {statistics.quantiles(took, n=20)[-1]:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
