"""Sessions in memory: limits of time and number, and the tokens of forms."""

import pytest

from bot.dashboard.sessions import MAX_PER_ACCOUNT, Sessions
from bot.settings import load


@pytest.fixture
def sessions(clock):
    return Sessions(load({"DASHBOARD_SECRET": "d" * 40}), clock)


def test_a_session_belongs_to_its_token_only(sessions):
    token = sessions.begin("ann", "g")
    assert sessions.get(token).account == "ann" and sessions.get(token).generation == "g"
    for other in ("", token[:-1], token + "a", token.swapcase(), "\udcff", "é"):
        assert sessions.get(other) is None


def test_tokens_are_long_and_differ_and_are_not_kept(sessions):
    tokens = {sessions.begin(f"ann{number}", "g") for number in range(50)}
    assert len(tokens) == 50 and min(map(len, tokens)) >= 43
    assert not any(token in str(vars(sessions)) for token in tokens)


def test_it_ends_half_an_hour_after_the_last_page(sessions, clock):
    token = sessions.begin("ann", "g")
    for _ in range(4):
        clock.forward(minutes=29)
        assert sessions.get(token)
    clock.forward(minutes=30)
    assert sessions.get(token) is None and len(sessions) == 0


def test_the_idle_limit_is_a_setting(clock):
    sessions = Sessions(load({"DASHBOARD_IDLE_MINUTES": "5"}), clock)
    token = sessions.begin("ann", "g")
    clock.forward(minutes=5)
    assert sessions.get(token) is None


def test_it_ends_ten_hours_after_login_however_busy(sessions, clock):
    token = sessions.begin("ann", "g")
    for _ in range(40):
        assert sessions.get(token)
        clock.forward(minutes=15)
    assert sessions.get(token) is None


def test_ending_one_leaves_the_others(sessions):
    first, second = sessions.begin("ann", "g"), sessions.begin("ann", "g")
    sessions.end(first)
    sessions.end(first)
    assert sessions.get(first) is None and sessions.get(second)


def test_an_account_has_a_bounded_number_and_costs_nobody_else_theirs(sessions, clock):
    other = sessions.begin("bob", "g")
    tokens = []
    for _ in range(3 * MAX_PER_ACCOUNT):
        clock.forward(seconds=1)
        tokens.append(sessions.begin("ann", "g"))
    assert len(sessions) == MAX_PER_ACCOUNT + 1 and sessions.get(other)
    assert [bool(sessions.get(token)) for token in tokens] == [False] * 2 * MAX_PER_ACCOUNT + [True] * MAX_PER_ACCOUNT


def test_sessions_whose_time_is_over_take_no_memory(sessions, clock):
    for number in range(5):
        sessions.begin(f"ann{number}", "g")
    clock.forward(minutes=31)
    sessions.begin("bob", "g")
    assert len(sessions) == 1


def test_a_forms_token_belongs_to_one_session_one_secret_and_one_kind_of_form(sessions, clock):
    token, other = sessions.begin("ann", "g"), sessions.begin("ann", "g")
    csrf = sessions.csrf(token)
    assert sessions.has_csrf(token, csrf)
    elsewhere = Sessions(load({"DASHBOARD_SECRET": "e" * 40}), clock)
    for given in ("", sessions.csrf(other), csrf[:-1], elsewhere.csrf(token), sessions.login_form(token)[1], "é", "\udcff"):
        assert not sessions.has_csrf(token, given)


def test_a_login_form_is_good_for_half_an_hour_in_one_browser(sessions, clock):
    token, csrf = sessions.login_form()
    other, _ = sessions.login_form()
    assert sessions.has_login_csrf(token, csrf)
    assert not sessions.has_login_csrf(other, csrf) and not sessions.has_login_csrf("", csrf)
    assert not sessions.has_login_csrf(token, "") and not sessions.has_login_csrf("", "")
    clock.forward(minutes=30)
    assert not sessions.has_login_csrf(token, csrf)


def test_a_second_tab_gets_the_same_login_form_and_an_old_one_a_new(sessions, clock):
    token, csrf = sessions.login_form()
    clock.forward(minutes=10)
    assert sessions.login_form(token) == (token, csrf)
    clock.forward(minutes=20)
    assert sessions.login_form(token)[0] != token


@pytest.mark.parametrize("made_up", ["", "x", "x.", "x.-1", "x.99999999999", "x.1", "x.²", "x." + "9" * 5000, "x.1e9", "\udcff"])
def test_a_made_up_login_token_is_replaced(sessions, made_up):
    assert sessions.login_form(made_up)[0] != made_up
    assert not sessions.has_login_csrf(made_up, sessions._sign("login", made_up))


def test_login_forms_take_no_memory(sessions):
    for _ in range(100):
        sessions.login_form()
    assert len(sessions) == 0
