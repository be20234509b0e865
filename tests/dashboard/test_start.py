"""What the dashboard refuses to start with, and what it waits for."""

import os
import socket
import subprocess
import sys

import pytest
from sqlalchemy import insert

from bot.dashboard.app import make_app
from bot.dashboard.figures_store import CheckedStore
from bot.errors import LimitError, SettingsError
from bot.settings import ROOT, load
from bot.statistics import parameters
from bot.statistics.models import release_log
from bot.statistics.store import Store
from tests.dashboard.conftest import NAME, PASSWORD, running_dashboard, settings_env
from tests.services import READER

UNREACHABLE = "postgresql://zone:geheim@127.0.0.1:1/nergens"


def figures(environment):
    """The database of the counting service, as it makes it."""
    settings = load(environment)
    store = Store.for_service(settings, parameters.load(settings))
    store.prepare()
    return store


def release_outside_the_limits(store):
    with store.engine.begin() as connection:
        connection.execute(insert(release_log).values(period="2026-W40", table="priority_week", complete=True, epsilon="1",
                                                      threshold=1, embargo_days=1))


def started(environment):
    """(exit code, what it said) of a dashboard that must end by itself."""
    ended = subprocess.run([sys.executable, "-m", "bot.dashboard"], cwd=ROOT, env={**os.environ, **environment},
                           capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "dashboard.zone.be", "127.0.0.1.evil.example", ""])
def test_passwords_cross_no_network_without_tls(tmp_path, host):
    environment = {**settings_env(tmp_path), "DASHBOARD_HOST": host}
    if host:
        with pytest.raises(SettingsError, match="DASHBOARD_HOST.*DASHBOARD_TLS=yes"):
            make_app(load(environment))
    assert make_app(load({**environment, "DASHBOARD_TLS": "yes"}))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_tls(tmp_path, host):
    assert make_app(load({**settings_env(tmp_path), "DASHBOARD_HOST": host}))


@pytest.mark.parametrize("name,value", [
    ("DASHBOARD_HOST", "0.0.0.0"), ("DASHBOARD_SECRET", "kort"), ("DASHBOARD_IDLE_MINUTES", "0"), ("DASHBOARD_TLS", "ja"),
    ("DASHBOARD_STAFF_URL", "mysql://root:geheim@db/staff"), ("STATISTICS_THRESHOLD", "1"),
])
def test_a_wrong_setting_is_one_sentence_that_names_it(tmp_path, name, value):
    code, said = started({**settings_env(tmp_path), name: value})
    assert code == 2
    assert said.startswith(f"error: {name}") and said.count("\n") == 1 and "geheim" not in said


def test_a_port_in_use_is_one_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, said = started({**settings_env(tmp_path), "DASHBOARD_PORT": str(other.getsockname()[1])})
    assert code == 1
    assert "DASHBOARD_PORT" in said and "Traceback" not in said


def test_figures_outside_the_limits_are_refused_at_start(tmp_path):
    environment = settings_env(tmp_path)
    release_outside_the_limits(figures(environment))
    code, said = started(environment)
    assert code == 2 and "outside the hard limits" in said and "Traceback" not in said


def test_a_role_that_may_write_is_refused_and_one_that_only_reads_is_not(tmp_path, postgresql):
    url = postgresql.database()
    environment = {**settings_env(tmp_path), "STATISTICS_URL": url}
    store = figures(environment)
    with pytest.raises(LimitError, match="DASHBOARD_STATISTICS_URL"):
        make_app(load(environment))
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"GRANT SELECT ON release, release_log TO {READER}")
    make_app(load({**environment, "DASHBOARD_STATISTICS_URL": postgresql.url(url.rpartition("/")[2], READER)})).ctx.store.check()


def test_figures_that_come_later_are_shown_without_a_restart(tmp_path):
    with running_dashboard(tmp_path) as dashboard:
        client = dashboard.login()
        missing = client.get("/")
        assert missing.status_code == 503 and "De cijfers zijn nu niet bereikbaar" in missing.text
        figures(dashboard.settings_env)
        assert client.get("/").status_code == 200
        (tmp_path / "statistics.db").unlink()
        assert client.get("/").status_code == 503


def test_figures_outside_the_limits_that_come_later_are_not_shown(tmp_path):
    with running_dashboard(tmp_path) as dashboard:
        client = dashboard.login()
        release_outside_the_limits(figures(dashboard.settings_env))
        assert [client.get("/").status_code for _ in range(2)] == [503, 503]
        assert "outside the hard limits" in (tmp_path / "log.txt").read_text()


@pytest.mark.parametrize("read", [CheckedStore.log, CheckedStore.values])
def test_no_figure_is_read_unchecked(tmp_path, read):
    environment = settings_env(tmp_path)
    release_outside_the_limits(figures(environment))
    settings = load(environment)
    with pytest.raises(LimitError):
        read(CheckedStore.for_dashboard(settings, parameters.load(settings)), "priority_week")


def test_accounts_that_cannot_be_reached_let_nobody_in_and_tell_nothing(tmp_path):
    with running_dashboard(tmp_path, DASHBOARD_STAFF_URL=UNREACHABLE) as dashboard, dashboard.visit() as client:
        assert client.get("/inloggen").status_code == 200
        answer = dashboard.send_login(client, NAME, PASSWORD)
        assert answer.status_code == 503
        for word in ("geheim", "postgresql", "127.0.0.1", "nergens"):
            assert word not in answer.text and word not in (tmp_path / "log.txt").read_text()


def test_accounts_in_postgresql(tmp_path, postgresql):
    with running_dashboard(tmp_path, DASHBOARD_STAFF_URL=postgresql.database()) as dashboard:
        client = dashboard.login()
        assert client.get("/voorbeeld/bescherming").status_code == 200
        dashboard.staff.remove(NAME)
        assert client.get("/voorbeeld/bescherming").status_code == 302


def test_without_an_account_nobody_gets_in(tmp_path):
    with running_dashboard(tmp_path) as dashboard:
        dashboard.staff.remove(NAME)
        for name in (NAME, "admin", "unknown"):
            with dashboard.visit() as client:
                for password in (PASSWORD, ""):
                    assert dashboard.send_login(client, name, password).status_code == 403
                assert client.get("/").status_code == 302


def test_an_environment_for_sanic_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("SANIC_REQUEST_MAX_SIZE", "100000000")
    assert make_app(load(settings_env(tmp_path))).config.REQUEST_MAX_SIZE == 16 * 1024
