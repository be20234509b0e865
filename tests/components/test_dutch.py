"""Both Dutch pipelines: the blank one with simplemma, and a trained one found in a folder."""

import pytest
import spacy

from bot import dutch


@pytest.fixture
def trained_pipeline(tmp_path):
    """A small saved pipeline that stands in for nl_core_news_sm: it has a lemmatizer of its own."""
    nlp = spacy.blank("nl")
    table = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    lookups = spacy.lookups.Lookups()
    lookups.add_table("lemma_lookup", {"fietsen": "STAND-IN"})
    table.initialize(lookups=lookups)
    nlp.to_disk(tmp_path / "nl_stand_in")
    return str(tmp_path / "nl_stand_in")


def test_without_a_trained_pipeline_simplemma_gives_the_lemmas():
    nlp = dutch.load("nl_not_installed_sm")
    assert dutch.LEMMATIZER in nlp.pipe_names
    assert [token.lemma_ for token in nlp("De fietsen werden gestolen")] == ["de", "fiets", "worden", "stelen"]


def test_a_trained_pipeline_is_used_where_it_is_installed(trained_pipeline):
    nlp = dutch.load(trained_pipeline)
    assert dutch.LEMMATIZER not in nlp.pipe_names
    assert nlp("fietsen")[0].lemma_ == "STAND-IN"


@pytest.mark.parametrize("installed", [True, False])
def test_the_choice_is_said_at_start(trained_pipeline, caplog, monkeypatch, installed):
    monkeypatch.setattr(dutch, "_pipelines", {})
    with caplog.at_level("INFO", "bot.dutch"):
        dutch.load(trained_pipeline if installed else "nl_not_installed_sm")
    assert ("spaCy pipeline" in caplog.text) == installed and ("simplemma" in caplog.text) != installed


def test_forgetting_leaves_no_word_that_was_read():
    dutch.load("nl_not_installed_sm")("kanarie5411 is gestolen")
    assert "kanarie5411" in dutch.load("nl_not_installed_sm").vocab.strings
    dutch.forget()
    nlp = dutch.load("nl_not_installed_sm")
    assert "kanarie5411" not in nlp.vocab.strings
    dutch.forget()
    assert dutch.load("nl_not_installed_sm") is nlp, "nothing was read: nothing to make anew"


def test_lemmas_are_not_remembered():
    dutch.load("nl_not_installed_sm")("kanarie5412")
    assert dutch._lemmatizer()._cached_lemmatize.cache_info().currsize == 0
