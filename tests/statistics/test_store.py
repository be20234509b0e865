"""Released figures in SQLite and in PostgreSQL: the same contract, the same schema, and roles that may only read."""

import threading
import traceback

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot import database
from bot import settings as settings_module
from bot.errors import LimitError, SettingsError
from bot.statistics.models import metadata
from bot.statistics.periods import Period
from bot.statistics.store import Store
from tests.services import KEEPER, READER

WEEK, NEXT = Period.parse("2026-W48"), Period.parse("2026-W49")
WRITES = ("INSERT INTO release VALUES ('2026-W01', 'topic', 'x', 1)", "UPDATE release SET value = 0", "DELETE FROM release",
          "INSERT INTO release_log VALUES ('2026-W01', 'topic', true, '1', 5, 1)", "UPDATE release_log SET threshold = 1",
          "DELETE FROM release_log", "DROP TABLE release")


def week(parameters, value=7):
    return {"priority_week": dict.fromkeys(parameters.tables["priority_week"].cells, value)}


def test_what_is_written_is_read_again(store, parameters):
    assert store.log("priority_week") == {} == store.values("priority_week")
    assert store.write(NEXT, week(parameters, -3), False) and store.write(WEEK, week(parameters), True)
    assert list(store.log("priority_week").items()) == [(WEEK, True), (NEXT, False)]
    assert list(store.values("priority_week")) == [WEEK, NEXT] and set(store.values("priority_week")[NEXT].values()) == {-3}
    assert store.log("topic") == {} == store.values("topic")


def test_a_period_is_never_overwritten(store, parameters):
    store.write(WEEK, week(parameters), True)
    assert store.write(WEEK, week(parameters, 9), False) is False
    assert store.log("priority_week") == {WEEK: True} and set(store.values("priority_week")[WEEK].values()) == {7}


def test_forgetting_takes_whole_periods_that_ended_before_a_day(store, parameters):
    for period in (WEEK, NEXT):
        store.write(period, week(parameters), True)
    assert store.forget_before(WEEK.end) == 0
    assert store.forget_before(NEXT.end) == 1
    assert set(store.log("priority_week")) == set(store.values("priority_week")) == {NEXT}


def test_making_the_tables_again_changes_nothing(store, parameters):
    store.write(WEEK, week(parameters), True)
    for _ in range(2):
        store.prepare()
    assert store.log("priority_week") == {WEEK: True}


def test_the_migrations_make_what_the_model_says(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    assert set(inspect(store.engine).get_table_names()) == {"release", "release_log", "alembic_version"}


def test_several_servers_that_start_at_once_make_the_tables_once(database_url, parameters):
    settings, errors = settings_module.load({"STATISTICS_URL": database_url}), []
    if database_url.startswith("sqlite"):
        pytest.skip("one machine, one action server: several need PostgreSQL")

    def prepare():
        try:
            Store.for_service(settings, parameters).prepare()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and Store.for_service(settings, parameters).log("topic") == {}


def test_the_dashboard_cannot_write_to_sqlite(sqlite_store, parameters):
    sqlite_store.write(WEEK, week(parameters), True)
    path = sqlite_store.engine.url.database.removeprefix("file:")
    reader = Store.for_dashboard(settings_module.load({"STATISTICS_URL": f"sqlite:///{path}"}), parameters)
    reader.check_read_only()
    assert reader.log("priority_week") == {WEEK: True}
    for statement in WRITES:
        with pytest.raises(OperationalError), reader.engine.begin() as connection:
            connection.execute(text(statement.replace("true", "1")))
    assert reader.log("priority_week") == {WEEK: True}


def test_a_dashboard_without_a_database_makes_none(tmp_path, parameters):
    reader = Store.for_dashboard(settings_module.load({"STATISTICS_URL": f"sqlite:///{tmp_path / 'none.db'}"}), parameters)
    with pytest.raises(OperationalError):
        reader.log("topic")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def shared(postgresql, parameters):
    """(address for the service, address for the reader) of one PostgreSQL database that holds a week."""
    url = postgresql.emptied()
    store = Store.for_service(settings_module.load({"STATISTICS_URL": url}), parameters)
    store.prepare()
    store.write(WEEK, week(parameters), True)
    yield url, url.replace(KEEPER, READER, 1)
    store.engine.dispose()


def dashboard(reader, parameters):
    return Store.for_dashboard(settings_module.load({"DASHBOARD_STATISTICS_URL": reader}), parameters)


def test_the_reader_command_gives_a_role_that_can_only_read(shared, parameters, command, memory):
    url, reader = shared
    store = dashboard(reader, parameters)
    with pytest.raises(ProgrammingError):
        store.log("priority_week")
    for _ in range(2):
        assert command("reader", READER, STATISTICS_URL=url, STATISTICS_STATE_DIR=str(memory))[0] == 0
    store.check_read_only()
    assert store.log("priority_week") == {WEEK: True} and store.values("priority_week")
    for statement in (*WRITES, "TRUNCATE release", "CREATE TRIGGER t AFTER INSERT ON release EXECUTE FUNCTION f()",
                      "SELECT * FROM alembic_version", f"SET ROLE {KEEPER}"):
        with pytest.raises(ProgrammingError), store.engine.begin() as connection:
            connection.execute(text(statement))
    with store.engine.begin() as connection:
        connection.execute(text(f"GRANT UPDATE ON release TO {READER}"))  # PostgreSQL only warns that this does nothing
    store.check_read_only()


def test_the_role_of_the_service_is_refused_for_the_dashboard(shared, parameters):
    with pytest.raises(LimitError, match="DASHBOARD_STATISTICS_URL.*may change"):
        dashboard(shared[0], parameters).check_read_only()


@pytest.mark.parametrize("grant", [
    "GRANT INSERT ON release TO {role}", "GRANT UPDATE (value) ON release TO {role}", "GRANT DELETE ON release_log TO {role}",
    "GRANT UPDATE ON release_log TO {role}", "GRANT TRUNCATE ON release TO {role}", "GRANT TRIGGER ON release TO {role}",
    "GRANT ALL ON release TO PUBLIC", "GRANT {owner} TO {role}", "ALTER TABLE release OWNER TO {role}",
    "ALTER TABLE release OWNER TO {role}; REVOKE ALL ON release FROM {role}", "ALTER ROLE {role} SUPERUSER",
    "ALTER ROLE {role} NOINHERIT; GRANT {owner} TO {role}",
])
def test_a_role_that_may_change_anything_in_any_way_is_refused(shared, parameters, postgresql, grant):
    owner = as_superuser(shared[0], postgresql)
    with owner.begin() as connection:
        connection.execute(text(grant.format(role=READER, owner=KEEPER)))
    try:
        with pytest.raises(LimitError):
            dashboard(shared[1], parameters).check_read_only()
    finally:
        with owner.begin() as connection:
            connection.execute(text(f"REVOKE {KEEPER} FROM {READER}"))
            connection.execute(text(f"ALTER ROLE {READER} NOSUPERUSER INHERIT"))


def as_superuser(url, postgresql):
    """A connection as superuser to the database of an address."""
    return database.engine("TEST", postgresql.url(url.rsplit("/", 1)[1], "postgres"))


def test_a_password_never_stands_in_an_error(postgresql, parameters, command, memory):
    wrong = postgresql.url("postgres").replace(postgresql.password, "kanarie5411")
    for url in (wrong, wrong.replace(str(postgresql.port), "1"), wrong.replace("/postgres", "/nothing"),
                "mysql://someone:kanarie5411@localhost/x", "postgresql+nothing://someone:kanarie5411@localhost/x"):
        code, said, error = command("status", STATISTICS_URL=url, STATISTICS_STATE_DIR=str(memory))
        assert code in (1, 2) and "kanarie5411" not in said + error and error.startswith("error: ") and "Traceback" not in error
    with pytest.raises(OperationalError) as refused:
        Store.for_service(settings_module.load({"STATISTICS_URL": wrong}), parameters).prepare()
    assert "kanarie5411" not in "".join(traceback.format_exception(refused.value))
    with pytest.raises(SettingsError, match="STATISTICS_URL") as refused:
        Store.for_service(settings_module.load({"STATISTICS_URL": "someone:kanarie5411@localhost"}), parameters)
    assert "kanarie5411" not in str(refused.value)
