"""`python -m bot.routes`: the editor reads every route as a resident would."""

from bot import routes
from bot.errors import RoutesError
from bot.routes.__main__ import main


def test_check_says_how_much_it_checked(capsys):
    assert main(["check"]) == 0
    assert f"{len(routes.load())} tables" in capsys.readouterr().out


def test_show_reads_the_routes_of_one_topic(capsys):
    assert main(["show", "stalking"]) == 0
    output = capsys.readouterr().out
    assert "=== stalking" in output and "=== discriminatie" not in output and "{" not in output


def test_a_wrong_table_is_one_clear_sentence(capsys, monkeypatch):
    def broken():
        raise RoutesError("stalking.yml: een: leads to no row")
    monkeypatch.setattr("bot.routes.__main__.load_tables", broken)
    assert main(["check"]) == 1
    assert capsys.readouterr().err == "error: stalking.yml: een: leads to no row\n"
