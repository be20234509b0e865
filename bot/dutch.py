"""The Dutch language pipeline: the trained spaCy model where it is installed, else spaCy's tokenizer with simplemma's lemmas."""

import functools
import logging

import spacy
from simplemma import Lemmatizer
from spacy.language import Language
from spacy.tokens import Doc

logger = logging.getLogger(__name__)

LANGUAGE = "nl"
LEMMATIZER = "wijkwijzer_simplemma"


_pipelines: dict[str, Language] = {}
_words: dict[str, int] = {}  # how many words a pipeline knew when it was new


@Language.component(LEMMATIZER)
def simplemma_lemmas(doc: Doc) -> Doc:
    """Set `lemma_` of every token from simplemma's dictionary; unknown words stay as they are."""
    for token in doc:
        token.lemma_ = _lemmatizer().lemmatize(token.lower_, LANGUAGE)
    return doc


@functools.lru_cache(maxsize=1)
def _lemmatizer() -> Lemmatizer:
    return Lemmatizer(cache_max_size=0)  # its cache would hold what residents typed for as long as the process lives


def load(model: str) -> Language:
    """The spaCy pipeline `model` (a package or a folder) if it is there, else blank Dutch; says which at start.

    Ask for it at each text: `forget` replaces it.
    """
    if model not in _pipelines:
        nlp = _make(model)
        logger.info("Dutch: spaCy pipeline %s" if _is_trained(model) else
                    "Dutch: spaCy's tokenizer and simplemma (pipeline %s is not installed)", model)
        _pipelines[model], _words[model] = nlp, len(nlp.vocab.strings)
    return _pipelines[model]


def forget() -> None:
    """Replace every pipeline that has read something: spaCy keeps each new word for as long as a pipeline lives. Takes
    about half a second; may run in another thread."""
    for model, nlp in list(_pipelines.items()):
        if len(nlp.vocab.strings) > _words[model]:
            fresh = _make(model)
            _words[model] = len(fresh.vocab.strings)
            _pipelines[model] = fresh


def _make(model: str) -> Language:
    nlp = spacy.load(model, exclude=["ner", "parser", "senter"]) if _is_trained(model) else spacy.blank(LANGUAGE)
    if "lemmatizer" not in nlp.pipe_names and "trainable_lemmatizer" not in nlp.pipe_names:
        nlp.add_pipe(LEMMATIZER)
    return nlp


def _is_trained(model: str) -> bool:
    return spacy.util.is_package(model) or (spacy.util.ensure_path(model) / "meta.json").is_file()
