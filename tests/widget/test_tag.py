"""The tag that a website pastes: right integrity, nothing that breaks out of an attribute, the policy that goes with it."""

import pytest

from bot import facts
from bot.errors import WidgetError
from bot.widget import __main__ as command
from bot.widget import files
from bot.widget.tag import policy, tag
from tests.facts.test_profile import WEB
from tests.widget.builds import build

SERVER = "https://chat.zone.be"


@pytest.fixture
def widget(tmp_path):
    return files.load(build(tmp_path))


def test_the_tag_is_what_the_manual_says(widget, settings):
    web = facts.load(settings.facts_dir).web
    assert tag(SERVER, widget, web) == (
        f'<script src="{SERVER}/chat/widget/{widget.name}" integrity="{widget.current.integrity}" crossorigin="anonymous" defer '
        'data-exit="https://www.google.be" data-accent="#123a63" data-accent-text="#ffffff" data-accent-dark="#9cc7f0" '
        'data-accent-text-dark="#0a1a2a"></script>\n'
        f'<noscript><a href="{SERVER}/chat">Chat met de assistent</a></noscript>')


def test_an_address_with_quotes_stays_in_its_attribute(widget):
    pasted = tag(SERVER, widget, {**WEB, "exit_site": 'https://a.be/?a=1&b="><script>alert(1)</script>'})
    assert "<script>alert" not in pasted and 'b=&#34;&gt;&lt;script' in pasted and "?a=1&amp;b=" in pasted


@pytest.mark.parametrize("server", ["", "chat.zone.be", "https://chat.zone.be/pad", "javascript:alert(1)", 'https://a"b', "ftp://a.be",
                                    "https://a.be; script-src *", "https://u@a.be"])
def test_another_server_than_an_address_is_refused(widget, server):
    for call in (lambda: tag(server, widget, WEB), lambda: policy(server)):
        with pytest.raises(WidgetError, match="address of a chat server"):
            call()


def test_a_closing_slash_is_no_second_slash(widget):
    assert "be//" not in tag(SERVER + "/", widget, WEB).replace("https://", "")


def test_the_command_prints_tag_and_policy(capsys, settings):
    assert command.main(["tag", "--server", SERVER]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(str(tag(SERVER, files.load(), facts.load(settings.facts_dir).web)))
    for line in (f"script-src {SERVER};", f"connect-src {SERVER};", f"form-action {SERVER};"):
        assert line in printed


def test_the_command_without_a_server_means_this_machine(capsys):
    assert command.main(["tag"]) == 0
    assert 'src="http://127.0.0.1:' in capsys.readouterr().out


def test_the_command_refuses_what_is_no_address(capsys):
    assert command.main(["tag", "--server", "zone"]) == 2
    assert capsys.readouterr().err.startswith("error: ")
