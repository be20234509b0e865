"""`python -m benchmarks.serving`: what a turn costs with ours and with stock Rasa, in one run on one machine.

Stock is what Rasa 3.6 serves by default: its default pipeline and policies, memory tracker store, templated responses, REST
channel and action server, with our sentences, rules, domain and actions. Both learn from the same N sentences a topic; ours is
measured with the model of the tree too, with its actions inside the chat server and in an action server. Training stock takes
long: --stock-model takes one of an earlier run (its folder notes how long it took). Each figure is printed and logged as it
comes in; the table is made of all records in --log.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from benchmarks.serving import packages, table
from benchmarks.serving.project import APART, DELIVERED, OURS, STOCK
from benchmarks.serving.run import Log, describe, measure, model_for
from bot.quiet import be_quiet
from bot.settings import ROOT

RESULTS = ROOT / "results"
CONTESTANTS = (STOCK, OURS, DELIVERED, APART)


def weigh(log: Log, site: Path | None) -> None:
    """Record the installed size of both."""
    for who, found in ((STOCK, packages.stock(site)), (OURS, packages.ours())):
        log.add(who, "installed packages, MB", found.megabytes)
        log.add(who, "installed packages", len(found.distributions))
        if found.missing:
            log.note(f"not installed here, so not in the size of {who}: {', '.join(found.missing)}")
    if site is None:
        log.note("requirements/overrides.txt takes packages out of this environment; with --stock-site the size of stock is real")


def main() -> int:
    """Measure all, or what --only names; print the table and write it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=CONTESTANTS, help="measure this one only; may be given again")
    parser.add_argument("--turns", type=int, default=400, help="turns for each number of users")
    parser.add_argument("--users", type=int, nargs="+", default=[1, 10, 50], help="how many residents at once")
    parser.add_argument("--per-topic", type=int, default=20, help="training sentences of each topic")
    parser.add_argument("--stock-model", type=Path, help="a model of stock that was trained before")
    parser.add_argument("--our-model", type=Path, help="the same for ours")
    parser.add_argument("--stock-site", type=Path, help="site-packages of an environment with nothing but rasa, to weigh it")
    parser.add_argument("--folder", type=Path, default=RESULTS / "serving", help="where projects, models and logs of servers go")
    parser.add_argument("--out", type=Path, default=RESULTS / "serving.md", help="where the table goes")
    parser.add_argument("--log", type=Path, default=RESULTS / "serving.jsonl", help="JSON lines; with --only added to")
    options = parser.parse_args()
    be_quiet()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped
    log = Log(options.log.resolve(), anew=not options.only)
    folder = options.folder.resolve()
    given = {who: path.resolve() for who, path in ((STOCK, options.stock_model), (OURS, options.our_model)) if path}
    describe(log, options.per_topic, options.turns)
    weigh(log, options.stock_site)
    try:
        for who in options.only or CONTESTANTS:
            model = model_for(who, given, folder, options.per_topic, log)
            measure(who, model, folder / who, options.users, options.turns, log)
            log.note(f"load average after {who}: {os.getloadavg()[0]:.2f}")
    finally:
        made = table.table(log.records())
        print(f"\n{made}", flush=True)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
