"""Which pieces of words the tuned encoder keeps: a quarter of a million is for a hundred languages, we need ten."""

from typing import Iterable

import wordfreq

from bot.encoder.tokens import META, Tokens, Vocabulary
from bot.tuning.model_file import ModelFile

# Dutch first; the languages that residents mix in or write a cry for help in. (language, its commonest words)
WORDS = (("nl", 60000), ("fr", 12000), ("en", 12000), ("de", 6000), ("es", 2500), ("it", 1500), ("pt", 1500), ("pl", 2500),
         ("ro", 2500), ("tr", 2500), ("ar", 2500), ("uk", 2500))
ALPHABETS = ((0x21, 0x06FF), (0x2000, 0x2BFF), (0x1F300, 0x1FAFF))  # Latin to Arabic, signs, emoji


def prune(model: ModelFile, sentences: Iterable[str], layers: int) -> ModelFile:
    """The model with its first `layers` layers, and only the pieces for our sentences, common words and single characters."""
    vocabulary = model.vocabulary
    kept = sorted({*vocabulary.special, *_characters(vocabulary), *_used(vocabulary, sentences)})
    width = model.header.width
    words = model.tensors["emb.word"].reshape(-1, width)[kept]
    tensors = {name: tensor for name, tensor in model.tensors.items()
               if not name.startswith("l") or int(name[1:name.index(".")]) < layers}
    return ModelFile(model.header._replace(layers=layers, vocabulary=len(kept)), vocabulary.only(kept),
                     {**tensors, "emb.word": words.reshape(-1)})


def _used(vocabulary: Vocabulary, sentences: Iterable[str]) -> set[int]:
    tokens = Tokens(vocabulary)
    found = {piece for sentence in sentences for text in (sentence, sentence.lower()) for piece in tokens(text)}
    return found.union(*(tokens.pieces(word) for language, count in WORDS for word in wordfreq.top_n_list(language, count)))


def _characters(vocabulary: Vocabulary) -> set[int]:
    texts = [piece.replace(META, "") for piece in vocabulary.pieces]
    return {number for number, text in enumerate(texts)
            if not text or (len(text) == 1 and any(low <= ord(text) <= high for low, high in ALPHABETS))}
