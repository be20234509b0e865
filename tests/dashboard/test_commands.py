"""`python -m bot.dashboard`: the commands for accounts."""

import io
import os
import subprocess
import sys

import pytest

from bot.dashboard import __main__ as command
from bot.dashboard.staff import Staff
from bot.settings import ROOT, load
from bot.statistics.release import now
from tests.dashboard.conftest import settings_env

PASSWORD = "zeven gele fietsen"


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """A zone whose folder for databases does not exist yet."""
    variables = settings_env(tmp_path / "var" / "new")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(command.logs, "configure", lambda: None)  # both change this whole process
    monkeypatch.setattr(command, "be_quiet", lambda: None)
    return variables


@pytest.fixture
def run(environment, monkeypatch, capsys):
    """Run a command with a standard input and with what is typed at the terminal; (exit code, out, err)."""
    def run(*arguments, stdin="", typed=()):
        answers = iter(typed)
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        monkeypatch.setattr(command.getpass, "getpass", lambda prompt: next(answers))
        code = command.main(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def staff(environment):
    return Staff.of(load(environment), now)


def test_an_account_is_made_with_a_password_typed_twice(run, staff):
    assert run("add-user", "ann", typed=[PASSWORD, PASSWORD]) == (0, "ann may log in\n", "")
    assert staff.check("ann", PASSWORD)


def test_or_read_from_standard_input(run, staff):
    assert run("add-user", "ann", "--password-stdin", stdin=f"{PASSWORD}\nrest\n")[0] == 0
    assert staff.check("ann", PASSWORD)


@pytest.mark.parametrize("name,typed,sentence", [
    ("ann", [PASSWORD, "iets anders...."], "differ"), ("ann", ["kort", "kort"], "12 to 200"),
    ("Ann", [PASSWORD] * 2, "lower-case"), ("unknown", [PASSWORD] * 2, "unknown"),
    ("jan.janssens", ["jan.janssens"] * 2, "not the name"),
])
def test_what_will_not_do_is_one_sentence(run, staff, name, typed, sentence):
    code, out, err = run("add-user", name, typed=typed)
    assert (code, out) == (2, "") and err.startswith("error: ") and sentence in err and err.count("\n") == 1
    assert staff.names() == []
    assert typed[0] not in err or typed[0] == name


def test_an_account_exists_once(run):
    run("add-user", "ann", typed=[PASSWORD] * 2)
    assert run("add-user", "ann", typed=[PASSWORD] * 2)[0] == 2


def test_another_password(run, staff):
    run("add-user", "ann", typed=[PASSWORD] * 2)
    assert run("set-password", "ann", typed=["een ander wachtwoord"] * 2)[0] == 0
    assert staff.check("ann", "een ander wachtwoord") and not staff.check("ann", PASSWORD)


@pytest.mark.parametrize("arguments", [("set-password", "bob", "--password-stdin"), ("remove-user", "bob"), ("unlock", "bob")])
def test_an_account_that_is_not_there(run, arguments):
    code, _, err = run(*arguments, stdin=PASSWORD)
    assert code == 2 and "there is no account 'bob'" in err


def test_the_list_and_the_removal(run):
    assert run("list-users") == (0, "", "")
    for name in ("eva", "ann"):
        run("add-user", name, typed=[PASSWORD] * 2)
    assert run("list-users")[1] == "ann\neva\n"
    assert run("remove-user", "eva")[0] == 0
    assert run("list-users")[1] == "ann\n"


def test_a_lock_is_ended(run, staff):
    run("add-user", "ann", typed=[PASSWORD] * 2)
    for _ in range(5):
        staff.check("ann", "fout wachtwoord")
    assert not staff.check("ann", PASSWORD)
    assert run("unlock", "ann")[0] == 0
    assert staff.check("ann", PASSWORD)


def test_the_audit_is_told_newest_last(run, staff):
    run("add-user", "ann", typed=[PASSWORD] * 2)
    staff.record("ann", "exported", "topic 2026-M10 csv")
    lines = run("audit")[1].splitlines()
    assert [line.split()[3:] for line in lines] == [["ann", "account_added"], ["ann", "exported", "topic", "2026-M10", "csv"]]
    assert run("audit", "--last", "1")[1].splitlines() == lines[1:]


def test_a_database_that_does_not_answer(run, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STAFF_URL", "postgresql://zone:geheim@127.0.0.1:1/nergens")
    code, out, err = run("list-users")
    assert (code, out) == (1, "") and err.startswith("error: DASHBOARD_STAFF_URL") and "geheim" not in err


def test_a_folder_that_cannot_be_made(run, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STAFF_URL", "sqlite:////dev/null/staff.db")
    code, out, err = run("list-users")
    assert (code, out) == (1, "") and "DASHBOARD_STAFF_URL" in err


def test_as_operators_call_it(environment):
    def call(*arguments, stdin=b""):
        return subprocess.run([sys.executable, "-m", "bot.dashboard", *arguments], cwd=ROOT, env={**os.environ, **environment},
                              input=stdin, capture_output=True, timeout=60)

    made = call("add-user", "ann", "--password-stdin", stdin=PASSWORD.encode())
    assert (made.returncode, made.stdout, made.stderr) == (0, b"ann may log in\n", b"")
    assert call("list-users").stdout == b"ann\n"
    broken = call("set-password", "ann", "--password-stdin", stdin=b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff")
    assert (broken.returncode, broken.stderr) == (2, b"error: a password is text in UTF-8\n")
    wrong = call("add-user")
    assert wrong.returncode == 2 and b"name" in wrong.stderr
