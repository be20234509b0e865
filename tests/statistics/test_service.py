"""The counting service as the settings describe it: which counter, which folder, which warnings."""

import os

import pytest

from bot import settings as settings_module
from bot.errors import LimitError, SettingsError
from bot.statistics import counts as counts_module
from bot.statistics import service as service_module
from bot.statistics.counts import Counts, FileCounts, swap_is_on
from bot.statistics.redis_counts import RedisCounts
from tests.statistics.tools import Clock, contact


def load(tmp_path, **environment):
    return settings_module.load({"STATISTICS_URL": f"sqlite:///{tmp_path / 'statistics.db'}", **environment})


def test_making_a_service_touches_no_database(tmp_path, memory):
    service = service_module.make(load(tmp_path, STATISTICS_STATE_DIR=str(memory)), Clock("2026-11-25 14:30"))
    assert type(service.counts) is FileCounts and list(tmp_path.iterdir()) == []
    service.start()
    contact(service)
    assert service.counts.exact("2026-W48", "priority_week") == {"inbraak": 1}


def test_redis_where_one_is_named(tmp_path, redis_server):
    counts = service_module.make_counts(load(tmp_path, STATISTICS_COUNTER_URL=redis_server.url))
    assert type(counts) is RedisCounts


def test_each_database_has_a_folder_of_its_own_and_a_password_is_not_in_its_name(tmp_path):
    folders = {service_module.state_folder(settings_module.load({"STATISTICS_URL": url})) for url in (
        "postgresql://x:one@h/a", "postgresql://x:two@h/a", "postgresql://x:one@h/b", f"sqlite:///{tmp_path / 'a.db'}")}
    assert len(folders) == 3  # anyone on the machine can see the name, and could try passwords until it fits
    assert {folder.parent for folder in folders} == {service_module.SHARED_MEMORY}
    assert all(folder.name.startswith(f"wijkwijzer-{os.getuid()}-") for folder in folders)


def test_without_a_folder_in_memory_counts_stay_in_the_process(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(service_module, "in_memory", lambda _: False)
    assert type(service_module.make_counts(load(tmp_path))) is Counts
    assert "no folder in memory was found" in caplog.text


def test_a_runtime_folder_is_the_second_choice(tmp_path, memory, monkeypatch):
    monkeypatch.setattr(service_module, "SHARED_MEMORY", tmp_path / "nowhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(memory))
    assert service_module.state_folder(load(tmp_path)).parent == memory


@pytest.mark.parametrize(("swaps", "on"), [("Filename Type Size\n", False),
                                           ("Filename Type Size\n/dev/sda2 partition 9\n", True)])
def test_swap_is_warned_about(tmp_path, memory, monkeypatch, caplog, swaps, on):
    monkeypatch.setattr(counts_module.Path, "read_text", lambda *_: swaps)
    assert swap_is_on() is on
    monkeypatch.undo()
    monkeypatch.setattr(service_module, "swap_is_on", lambda: on)
    service_module.make_counts(load(tmp_path, STATISTICS_STATE_DIR=str(memory)))
    assert ("swap is on" in caplog.text) is on


def test_wrong_settings_do_not_start(tmp_path):
    with pytest.raises(LimitError, match="STATISTICS_STATE_DIR"):
        service_module.make(load(tmp_path, STATISTICS_STATE_DIR="/"))
    with pytest.raises(SettingsError, match="STATISTICS_URL"):
        service_module.make(settings_module.load({"STATISTICS_URL": "sqlite://"}))
    with pytest.raises(SettingsError, match="STATISTICS_COUNTER_URL"):
        service_module.make(load(tmp_path, STATISTICS_COUNTER_URL="localhost"))
