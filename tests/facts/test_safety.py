"""A profile that somebody spoiled is refused when it is read, in one sentence that names file, fact and field."""

import subprocess
import sys

import pytest

from bot import facts as facts_package
from bot.errors import FactsError
from bot.settings import ROOT
from tests.facts.test_store import ENTRY, make

POISONS = {
    "a site that runs a script": ("site", "javascript:alert(1)"),
    "a site without encryption": ("site", "http://www.zone.be"),
    "a site that closes its attribute": ("site", 'https://x.be/"onclick="alert(1)'),
    "HTML in a name": ("naam", "Kaartlijn <img src=x>"),
    "text that runs the other way": ("naam", "Kaart\u202elijn"),
    "a line feed in a name": ("naam", "Kaart\nlijn"),
    "a telephone that is none": ("telefoon", "078 170 170;isub=1"),
    "letters in a telephone": ("telefoon", "bel ons"),
    "an address of mail with a second recipient": ("email", "a@b.be?cc=c@d.be"),
    "a deny-listed number": ("telefoon", "0900 10 199"),
}


@pytest.mark.parametrize("kind", POISONS)
def test_a_poisoned_fact_is_refused(tmp_path, kind):
    field, value = POISONS[kind]
    denied = {"numbers": [{"value": "0900 10 199", "why": "kost geld"}], "phrases": []}
    with pytest.raises(FactsError, match=rf"services.yml: kaartlijn: {field} "):
        make(tmp_path, {"kaartlijn": {**ENTRY, field: value}}, denied)


@pytest.mark.parametrize(("id", "number"), [("politie_nood", "101"), ("noodcentrale", "112")])
def test_the_emergency_numbers_are_not_a_choice(tmp_path, id, number):
    assert make(tmp_path, {id: {**ENTRY, "telefoon": number}}).value(f"{id}.telefoon") == number
    (tmp_path / "wrong").mkdir()
    for wrong in ("102", "0800 12 112", f"{number} 00"):
        with pytest.raises(FactsError, match=f"{id}: telefoon must be {number}"):
            facts_package.load.cache_clear()
            make(tmp_path / "wrong", {id: {**ENTRY, "telefoon": wrong}})


def test_no_server_starts_with_a_poisoned_profile(tmp_path):
    for path in (ROOT / "data" / "facts").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text.replace('telefoon: "101"', 'telefoon: "0800 101 101"'), encoding="utf-8")
    for server in ("bot.server", "actions"):
        started = subprocess.run([sys.executable, "-W", "ignore", "-m", server], cwd=ROOT, capture_output=True, text=True,
                                 env={"PATH": "/usr/bin:/bin", "FACTS_DIR": str(tmp_path)}, timeout=120)
        assert started.returncode == 2, started.stderr[-2000:]
        assert started.stderr.splitlines()[-1] == "error: services.yml: politie_nood: telefoon must be 101"
