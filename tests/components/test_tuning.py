"""The encoder of our own: its file is what the engine reads, and what bot/tuning writes is what bot/tuning reads."""

import string

import numpy as np
import pytest

from bot.components import sentence_encoder
from bot.components.sentence_encoder import FILE, encode
from bot.tuning import model_file
from bot.tuning.tokens import PREFIX, Tokens
from bot.tuning.variations import chat, slips, vary

SENTENCES = ["mijn fiets is gestolen aan het station", "k weet ni wa doen, hij SLAAT mij élke dag!! 😢", "مرحبا أحتاج مساعدة",
             "dubbele  spaties   en\ttabs", "a", "Ik ben 17. Mag ik met een step op de rijbaan?", "日本", "ﷺ"]


@pytest.fixture(scope="module")
def model():
    return model_file.read(FILE)


def test_four_bits_a_weight_come_back_as_they_were():
    weights = np.random.default_rng(0).normal(size=320).astype(np.float32)
    stored = model_file.pack(weights)
    once = model_file.unpack(np.frombuffer(stored, np.uint8))
    assert len(stored) == 320 // 32 * 18 and np.abs(once - weights).max() < np.abs(weights).max() / 7
    assert model_file.pack(once) == stored
    assert not model_file.unpack(np.frombuffer(model_file.pack(np.zeros(32)), np.uint8)).any()


def test_what_is_written_is_what_was_read(model, tmp_path):
    copy = tmp_path / "copy.bin"
    model_file.write(copy, model)
    assert copy.read_bytes() == FILE.read_bytes()


def test_another_file_is_refused(tmp_path):
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="other.bin is not a model file"):
        model_file.read(other)


@pytest.mark.parametrize("text", SENTENCES)
def test_texts_are_split_as_the_engine_splits_them(model, text):
    tokens = Tokens(model.vocabulary)
    assert len(tokens(text)) == sentence_encoder._engine().token_count(text, True)
    assert tokens(text)[1:-1] == tokens.pieces(PREFIX + text)


def test_the_encoder_is_small_enough_to_stand_beside_the_code(model):
    assert FILE.stat().st_size < 20_000_000 and model.header.vocabulary == len(model.vocabulary.pieces) < 50_000


def test_no_letter_of_dutch_is_unknown(model):
    unknown = model.vocabulary.special[3]
    for letter in string.ascii_letters + string.digits + "éèëêïîàâçöüûôáíóú.,!?'-()/€@":
        assert unknown not in Tokens(model.vocabulary).pieces(letter), letter


def test_sentences_that_mean_the_same_are_near():
    near = encode("iemand heeft mijn velo gepikt") @ encode("mijn fiets is gestolen")
    far = encode("iemand heeft mijn velo gepikt") @ encode("hoe laat zijn jullie open")
    assert near > far + 0.1


def test_variations_keep_a_message_readable_and_are_the_same_again():
    import random

    text = "Ik heb een boete gekregen, maar dat was niet mijn auto!"
    assert {vary(text, random.Random(seed)) for seed in range(30)} - {text}
    assert vary(text, random.Random(7)) == vary(text, random.Random(7))
    assert slips(text, random.Random(1), 0.0) == text == chat(text, random.Random(1), 0.0)
    assert chat("dat is niet goed", random.Random(1), 1.0) == "da is ni goe"
    changed = slips("gekregen boete", random.Random(1), 1.0).split()
    assert [abs(len(word) - len(old)) <= 1 for word, old in zip(changed, ("gekregen", "boete"), strict=True)] == [True, True]
