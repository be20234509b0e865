"""Written conversations with the running assistant: what the resident reads, turn by turn.

A turn is {say: text} or {press: button title}; then what must be shown: `kind` and `topic` of the first message,
`shows` and `hides` (strings in everything shown), `buttons` (titles that are offered).
"""

from pathlib import Path

import pytest
import yaml

FILES = sorted(Path(__file__).parent.glob("*.yml"))
CONVERSATIONS = [(path.stem, conversation) for path in FILES
                 for conversation in yaml.safe_load(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("file", "conversation"), CONVERSATIONS,
                         ids=[f"{file}: {conversation['title']}" for file, conversation in CONVERSATIONS])
def test_conversation(assistant, file, conversation):
    resident = assistant.open()
    for number, turn in enumerate(conversation["turns"], 1):
        where = f"turn {number}: {turn}"
        messages = resident.say(turn["say"]) if "say" in turn else resident.press(turn["press"])
        for key in ("kind", "topic", "lang"):
            if key in turn:
                assert messages[0][key] == turn[key], f"{where}: {messages[0]}"
        for text in turn.get("shows", ()):
            assert text in resident.text, f"{where}: {text!r} is not in {resident.text!r}"
        for text in turn.get("hides", ()):
            assert text not in resident.text, f"{where}: {text!r} is in {resident.text!r}"
        titles = [button["title"] for message in messages for button in message["buttons"]]
        for title in turn.get("buttons", ()):
            assert title in titles, f"{where}: {titles}"
        if "say" in turn and len(turn["say"]) > 12:
            assert turn["say"] not in resident.text, f"{where}: the assistant echoes"
