"""`python -m bot.chat` (or `make chat`): talk to the running assistant from a terminal, over the same API as the widget."""

import sys
from typing import Any

import httpx

from bot.settings import load

STOP = ("/stop", "/q")


def show(messages: list[dict[str, Any]], offered: dict[str, str]) -> None:
    """Print messages; buttons and links get a number, buttons can be picked by typing it."""
    for message in messages:
        print(f"\n[{message['kind']}]\n{message['text']}")
        for link in message["links"]:
            print(f"  -> {link['title']}: {link['url']}")
        for button in message["buttons"]:
            number = str(len(offered) + 1)
            offered[number] = button["id"]
            print(f"  ({number}) {button['title']}")


def show_problem(response: httpx.Response) -> None:
    """Print an error of the API with the emergency numbers it carries."""
    problem = response.json()
    print(f"\n{problem['title']} " + " - ".join(link["title"] for link in problem["emergency"]))


def main() -> int:
    """Chat until /stop or end of input, then wipe the conversation."""
    url = f"http://127.0.0.1:{load().chat_port}/chat"
    with httpx.Client(timeout=30) as client:
        try:
            opening = client.post(f"{url}/sessions")
        except httpx.ConnectError:
            print(f"error: nothing answers on {url}; start the assistant with `make run`", file=sys.stderr)
            return 1
        if opening.status_code != 201:
            show_problem(opening)
            return 1
        headers = {"Authorization": f"Bearer {opening.json()['session']}"}
        offered: dict[str, str] = {}
        show(opening.json()["messages"], offered)
        while (text := _ask()) not in STOP:
            body = {"choice": offered[text]} if text in offered else {"text": text}
            response = client.post(f"{url}/messages", json=body, headers=headers)
            offered = {}
            if response.status_code == 200:
                show(response.json()["messages"], offered)
            else:
                show_problem(response)
        client.post(f"{url}/sessions/close", headers=headers)
    return 0


def _ask() -> str:
    try:
        return input("\n> ").strip()
    except (EOFError, KeyboardInterrupt):
        return STOP[0]


if __name__ == "__main__":
    sys.exit(main())
