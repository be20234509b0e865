"""The model is trained when something it is made of changed, and only then."""

import pytest

from bot import train as train_module
from bot.settings import ROOT


@pytest.fixture
def tree(tmp_path):
    for name in train_module.INPUTS:
        path = tmp_path / name
        if path.suffix:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        else:
            path.mkdir(parents=True)
            (path / "a.yml").write_text("x")
    return tmp_path


def test_a_changed_example_changes_the_digest(tree):
    before = train_module.digest(tree)
    (tree / "data/nlu/a.yml").write_text("y")
    assert train_module.digest(tree) != before


def test_a_new_file_changes_the_digest(tree):
    before = train_module.digest(tree)
    (tree / "data/nlu/b.yml").write_text("")
    assert train_module.digest(tree) != before


def test_a_changed_fact_does_not_train(tree):
    before = train_module.digest(tree)
    (tree / "data/facts").mkdir()
    (tree / "data/facts/services.yml").write_text("kaartstop: {}")
    assert train_module.digest(tree) == before


def test_every_input_exists():
    assert all((ROOT / name).exists() for name in train_module.INPUTS)


def test_an_up_to_date_model_is_not_trained_again(model):
    assert train_module.is_current() and not train_module.train()
