"""The Dutch language pipeline: the trained spaCy model where it is installed, else spaCy's tokenizer with simplemma's lemmas."""

import functools
import logging

import simplemma
import spacy
from spacy.language import Language
from spacy.tokens import Doc

logger = logging.getLogger(__name__)

LANGUAGE = "nl"
LEMMATIZER = "wijkwijzer_simplemma"


@Language.component(LEMMATIZER)
def simplemma_lemmas(doc: Doc) -> Doc:
    """Set `lemma_` of every token from simplemma's dictionary; unknown words stay as they are."""
    for token in doc:
        token.lemma_ = _lemma(token.text)
    return doc


@functools.lru_cache(maxsize=20_000)
def _lemma(word: str) -> str:
    return simplemma.lemmatize(word.lower(), lang=LANGUAGE)


@functools.lru_cache(maxsize=4)
def load(model: str) -> Language:
    """The spaCy pipeline `model` (a package or a folder) if it is there, else blank Dutch; says which at start."""
    if spacy.util.is_package(model) or _is_folder(model):
        nlp = spacy.load(model, exclude=["ner", "parser", "senter"])
        logger.info("Dutch: spaCy pipeline %s", model)
    else:
        nlp = spacy.blank(LANGUAGE)
        logger.info("Dutch: spaCy's tokenizer and simplemma (pipeline %s is not installed)", model)
    if "lemmatizer" not in nlp.pipe_names and "trainable_lemmatizer" not in nlp.pipe_names:
        nlp.add_pipe(LEMMATIZER)
    return nlp


def _is_folder(model: str) -> bool:
    return (spacy.util.ensure_path(model) / "meta.json").is_file()
