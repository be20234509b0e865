"""The built scripts are checked at start: a wrong or missing one is a sentence that names it, not a chat that stays away."""

import gzip
import json

import pytest

from bot.errors import WidgetError
from bot.widget import files
from tests.widget.builds import build


def test_every_version_is_read_and_the_current_one_named(tmp_path):
    widget = files.load(build(tmp_path))
    assert widget.name == "wijkwijzer-chat-1.1.0.js" and set(widget.scripts) == {widget.name, "wijkwijzer-chat-1.0.0.js"}
    assert widget.current.content == b"second();\n" * 50 and gzip.decompress(widget.current.packed) == widget.current.content
    assert len(widget.current.packed) < len(widget.current.content)
    assert widget.current.integrity == files.integrity(widget.current.content)


def test_integrity_is_that_of_subresource_integrity():
    empty = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
    assert files.integrity(b"") == empty


def test_packing_twice_gives_the_same_bytes(tmp_path):
    folder = build(tmp_path)
    assert files.load(folder) == files.load(folder)


def test_a_changed_script_is_named(tmp_path):
    (build(tmp_path) / "wijkwijzer-chat-1.0.0.js").write_bytes(b"other();\n")
    with pytest.raises(WidgetError, match=r"wijkwijzer-chat-1\.0\.0\.js"):
        files.load(tmp_path)


def test_a_missing_script_is_named(tmp_path):
    (build(tmp_path) / "wijkwijzer-chat-1.0.0.js").unlink()
    with pytest.raises(WidgetError, match=r"wijkwijzer-chat-1\.0\.0\.js"):
        files.load(tmp_path)


def test_a_script_that_is_not_listed_is_named(tmp_path):
    (build(tmp_path) / "wijkwijzer-chat-9.9.9.js").write_bytes(b"who();\n")
    with pytest.raises(WidgetError, match=r"wijkwijzer-chat-9\.9\.9\.js"):
        files.load(tmp_path)


@pytest.mark.parametrize("listed", ["", "{", "[]", "{}", '{"versions": {}}', '{"current": "1.0.0", "versions": {}}',
                                    '{"current": "2.0.0", "versions": {"1.0.0": "sha384-x"}}',
                                    '{"current": "../x", "versions": {"../x": "sha384-x"}}', '{"current": 1, "versions": [1]}'])
def test_a_wrong_list_is_named(tmp_path, listed):
    (tmp_path / "versions.json").write_text(listed)
    with pytest.raises(WidgetError, match=r"versions\.json"):
        files.load(tmp_path)


def test_nothing_built_says_what_to_do(tmp_path):
    with pytest.raises(WidgetError, match="build the widget"):
        files.load(tmp_path)


def test_what_stands_in_the_project_is_right():
    widget = files.load()
    assert json.loads((files.FOLDER / "versions.json").read_text())["current"] in widget.name
