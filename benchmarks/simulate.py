"""`make simulate`: half a year of residents in some minutes, and what the figures then say beside what really happened.

Real conversations with the running assistant under a clock that is moved; figures are released as in life. The truth is
kept by a ledger that reads what the residents saw (benchmarks/ledger.py), apart from the code that counts.
"""

import argparse
import collections
import datetime as dt
import random
import sys
import tempfile
from pathlib import Path

from benchmarks import sentences
from benchmarks.actions import simulated
from benchmarks.assistant import Conversation, Running, running_assistant
from benchmarks.ledger import Ledger
from benchmarks.report import coverage, print_tables, print_trends
from bot import topics as topics_module
from bot.settings import load
from bot.statistics.periods import BRUSSELS
from bot.statistics.queries import Figures
from bot.train import train

FIRST_DAY, WEEKS = dt.date(2026, 6, 29), 26  # two whole quarters, summer time and winter time
# Contacts a week by priority: an assumption for a zone of 60,000 inhabitants, for want of any figure to start from.
A_WEEK = {"inbraak": 6, "integriteit": 4, "samenleving": 1.5, "cybercrime": 9, "verkeer": 10, "dienstverlening": 9}
RISE = {"cybercrime": (13, 1.8)}  # from this week on so many times as many: does the dashboard see it?
MOST_QUESTIONS = 6
LOST, HUMAN = ("fdsq jkl mmm", "blabla xyz 123", "grmbl"), ("ik wil een echte medewerker spreken", "geef mij een mens")


def converse(resident: Conversation, text: str, chance: random.Random, ledger: Ledger) -> None:
    """One resident: a question, then perhaps an answer to what is asked, a second question, nonsense or a human."""
    def turn(messages: list) -> None:
        ledger.saw(messages)

    if chance.random() < 0.08:
        turn(resident.say(chance.choice(LOST)))
    turn(resident.say(text))
    for _ in range(MOST_QUESTIONS):  # an intake is answered to its end: what is left half way shows nobody its topic
        questions = [message for message in resident.messages if message["kind"] == "question"]
        offered = [button["title"] for message in questions for button in message["buttons"]]
        if not offered or {"Ja", "Nee"} == set(offered):
            break
        turn(resident.press("Ja" if "Ja" in offered else chance.choice(offered)))
    buttons = {button["title"] for message in resident.messages for button in message["buttons"]}
    if buttons & {"Ja", "Nee"} and chance.random() < 0.6:
        turn(resident.press(chance.choices(["Ja", "Nee"], [0.8, 0.2])[0]))
    if chance.random() < 0.15:
        turn(resident.say(chance.choice(HUMAN)))


def plan(chance: random.Random) -> list[tuple[dt.datetime, str]]:
    """(moment, sentence) of every contact, in order of time: more in daytime, some at night."""
    topics = topics_module.load()
    by_priority = collections.defaultdict(list)
    for item in sentences.read("topics"):
        if topics[item.label].priority:
            by_priority[topics[item.label].priority.id].append(item.text)
    planned = []
    for week in range(WEEKS):
        for priority, mean in A_WEEK.items():
            start, factor = RISE.get(priority, (WEEKS, 1))
            times = mean * (factor if week >= start else 1)
            for _ in range(sum(chance.random() < times / 40 for _ in range(40))):
                day = FIRST_DAY + dt.timedelta(days=7 * week + chance.randrange(7))
                hour = chance.choices(range(24), [1] * 7 + [4] * 16 + [2])[0]
                moment = dt.datetime.combine(day, dt.time(hour, chance.randrange(60)), BRUSSELS)
                planned.append((moment, chance.choice(by_priority[priority])))
    return sorted(planned)


def live(running: Running, clock: Path, planned: list[tuple[dt.datetime, str]], ledger: Ledger, chance: random.Random) -> Figures:
    """Walk through the days: release what is due, as the service does every minute, then talk; the released figures."""
    service = simulated(load(running.environment), clock)
    queue = collections.deque(planned)
    for day in range(7 * WEEKS + 3):
        morning = dt.datetime.combine(FIRST_DAY + dt.timedelta(days=day), dt.time(0, 1), BRUSSELS)
        clock.write_text(str(morning.timestamp()))
        for period in service.tick():
            print(f"{morning.date()}: released {period}", flush=True)
        while queue and queue[0][0] < morning + dt.timedelta(days=1):
            moment, text = queue.popleft()
            clock.write_text(str(moment.timestamp()))
            ledger.begins(moment)
            resident = running.open()
            converse(resident, text, chance, ledger)
            resident.close()
    return Figures.read(service.store)


def main() -> int:
    """Simulate and print true against shown figures, table by table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulate", description=__doc__)
    parser.add_argument("--seed", type=int, default=5411, help="which residents come; the noise is never seeded")
    chance = random.Random(parser.parse_args().seed)
    train()
    with tempfile.TemporaryDirectory() as name:
        clock = Path(name) / "clock"
        clock.write_text(str(dt.datetime.combine(FIRST_DAY, dt.time(), BRUSSELS).timestamp() - 600))  # before the first week
        with running_assistant(Path(name), actions=("benchmarks.actions", "--clock", str(clock))) as running:
            planned, ledger = plan(chance), Ledger()
            print(f"{len(planned)} conversations in {WEEKS} weeks from {FIRST_DAY}", flush=True)
            figures = live(running, clock, planned, ledger, chance)
    print_tables(figures, ledger)
    print_trends(figures, ledger)
    coverage(figures, ledger)
    return 0


if __name__ == "__main__":
    sys.exit(main())
