"""What the documents claim to be shown by a test is shown by a test that exists."""

import re

import pytest

from bot.settings import ROOT

NAMED = re.compile(r"`(tests/[a-z_/]+\.py)(?:::(test_[a-z0-9_]+))?`")
DOCUMENTS = ["security.md", "dependencies.md", "performance.md"]


def named(document):
    return NAMED.findall((ROOT / "docs" / document).read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_exists(document):
    for path, function in named(document):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not function or re.search(rf"^(async )?def {function}\(", text, re.M), (path, function)


def test_the_threat_model_names_a_test_in_every_row():
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    tables = [table for table in re.split(r"\n\n", text) if "| test |" in table]
    rows = [row for table in tables for row in table.splitlines() if row.startswith("| ") and not row.startswith("| threat")]
    assert len(rows) > 20 and all(NAMED.search(row) for row in rows), [row for row in rows if not NAMED.search(row)]
