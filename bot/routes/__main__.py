"""`python -m bot.routes check` and `python -m bot.routes show <topic>`: read every route as a resident would."""

import argparse
import sys

from bot import facts as facts_package
from bot.errors import WijkwijzerError
from bot.facts import Facts
from bot.routes import load as load_tables
from bot.routes.compose import names, responses
from bot.settings import load


def main(arguments: list[str] | None = None) -> int:
    """Print the routes of a topic, or what is wrong with the tables; the exit code is 1 when something is."""
    parser = argparse.ArgumentParser(prog="python -m bot.routes", description=__doc__)
    parser.add_argument("command", choices=("check", "show"), help="check: complete, free of overlap, all there; show: read them")
    parser.add_argument("topic", nargs="*", help="only these topics")
    chosen = parser.parse_args(arguments)
    try:
        facts = facts_package.load(load().facts_dir)
        tables = load_tables()
        texts = {name: facts.fill(variations[0]["text"]) for name, variations in responses().items()}
        for variations in responses().values():
            for link in variations[0]["custom"]["links"]:
                facts.link(link)
    except WijkwijzerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if chosen.command == "show":
        _show([topic for topic in tables if topic in chosen.topic or not chosen.topic], texts, facts)
    print(f"{len(tables)} tables, {sum(len(table.rows) for table in tables.values())} rows, "
          f"{sum(len(list(table.combinations())) for table in tables.values())} situations, each with exactly one row")
    return 0


def _show(topics: list[str], texts: dict[str, str], facts: Facts) -> None:
    for topic in topics:
        for row in load_tables()[topic].rows:
            conditions = "; ".join(f"{slot} = {' of '.join(sorted(values))}" for slot, values in row.when.items())
            print(f"\n=== {topic}: {row.id} ({conditions or 'altijd'})")
            if row.goes_to:
                print(f"-> {row.goes_to}")
                continue
            for name in names(topic, row):
                custom = responses()[name][0]["custom"]
                print(f"\n{texts[name]}\n[{' | '.join(facts.link(link)['title'] for link in custom['links'])}]"
                      f" ({len(texts[name].split())} woorden)")


if __name__ == "__main__":
    sys.exit(main())
