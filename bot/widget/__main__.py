"""`python -m bot.widget tag` prints what a website pastes into its pages, and what its Content-Security-Policy must allow."""

import argparse
import sys

from bot import facts
from bot.errors import WijkwijzerError
from bot.settings import load
from bot.widget import files
from bot.widget.tag import policy, tag


def main(arguments: list[str] | None = None) -> int:
    """0 when printed, 2 when a setting, the zone profile, the widget or the address is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bot.widget", description=__doc__)
    parser.add_argument("command", choices=("tag",), help="print the HTML to paste")
    parser.add_argument("--server", help="public address of the chat server, such as https://chat.zone.be (else this machine)")
    given = parser.parse_args(arguments)
    try:
        settings = load()
        server = given.server or f"http://127.0.0.1:{settings.chat_port}"
        pasted = tag(server, files.load(), facts.load(settings.facts_dir).web)
        allowed = policy(server)
    except WijkwijzerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(pasted)
    print("\nA website with a strict Content-Security-Policy adds to it:\n")
    for directive, source in allowed.items():
        print(f"{directive} {source};")
    print("\nThe address of the website itself must stand in the zone profile: data/facts/zone.yml, web: origins.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
