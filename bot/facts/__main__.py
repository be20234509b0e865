"""`python -m bot.facts check` and `python -m bot.facts list`."""

import argparse
import datetime as dt
import sys

from bot import facts as facts_package
from bot.errors import FactsError
from bot.facts.check import check_facts, check_responses, uses
from bot.settings import ROOT, load


def main(arguments: list[str] | None = None) -> int:
    """Print findings or uses; the exit code is 1 when there is an error, 2 when the facts cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bot.facts", description=__doc__)
    parser.add_argument("command", choices=("check", "list"),
                        help="check: stale, unsourced, unconfirmed and wrong facts; list: where each fact is used")
    command = parser.parse_args(arguments).command
    try:
        facts = facts_package.load(load().facts_dir)
    except FactsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return _list(facts) if command == "list" else _check(facts)


def _check(facts: facts_package.Facts) -> int:
    findings = [*check_facts(facts, dt.date.today()), *check_responses(facts, ROOT / "data")]
    for finding in findings:
        print(finding)
    errors = sum(finding.level == "error" for finding in findings)
    print(f"{len(facts.entries)} facts checked: {errors} errors, {len(findings) - errors} warnings")
    return 1 if errors else 0


def _list(facts: facts_package.Facts) -> int:
    for id, names in sorted(uses(facts, ROOT / "data").items()):
        print(f"{id} ({facts.entries[id].file if id in facts.entries else 'UNKNOWN'}): {', '.join(sorted(names)) or 'not used'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
