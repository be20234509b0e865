"""Settings fail at start and by name; README lists every one."""

import pytest

from bot.errors import SettingsError
from bot.settings import ROOT, SETTINGS, load


def test_defaults_are_valid():
    settings = load({})
    assert settings.chat_port == 5005 and len(settings.chat_secret) >= 32


def test_secrets_differ_at_each_start():
    assert load({}).actions_token != load({}).actions_token


@pytest.mark.parametrize(("name", "value"), [("CHAT_PORT", "zero"), ("CHAT_PORT", "70000"), ("CHAT_SECRET", "short"),
                                             ("CHAT_TTL_MINUTES", "0"), ("CHAT_TTL_MINUTES", "100000")])
def test_a_wrong_value_names_the_variable(name, value):
    with pytest.raises(SettingsError, match=name):
        load({name: value})


def test_readme_lists_every_setting_with_its_default_and_purpose():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        default = str(setting.default).replace(str(ROOT) + "/", "") or setting.absent
        assert f"| `{setting.name}` | {default} | {setting.help} |" in readme, setting.name
