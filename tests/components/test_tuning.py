"""The encoder of our own: what bot/tuning writes computes what it learned, and its file says where it comes from."""

import random
import shutil
import string

import numpy as np
import onnxruntime
import pytest
import scipy.special

from bot import encoder
from bot.encoder import FILE, encode
from bot.encoder.tokens import PREFIX, Tokens, Vocabulary
from bot.tuning import model_file
from bot.tuning.variations import chat, slips, vary

SENTENCES = ["mijn fiets is gestolen aan het station", "k weet ni wa doen, hij SLAAT mij élke dag!! 😢", "مرحبا أحتاج مساعدة",
             "dubbele  spaties   en\ttabs", "a", "Ik ben 17. Mag ik met een step op de rijbaan?", "日本", "ﷺ", "\udcff"]


@pytest.fixture(scope="module")
def tokens():
    return encoder.load().tokens


def small_vocabulary():
    return Vocabulary(["<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u2581fiets", "\u2581fi", "ets", "f", "i"],
                      [0, 0, 0, 0, -3, -5, -4, -4, -6, -6], (0, 2, 1, 3), {ord("É"): "e", ord("\t"): " "})


def test_four_bits_a_weight_come_back_as_they_were():
    weights = np.random.default_rng(0).normal(size=320).astype(np.float32)
    stored = model_file.pack(weights)
    once = model_file.unpack(np.frombuffer(stored, np.uint8))
    assert len(stored) == 320 // 32 * 18 and np.abs(once - weights).max() < np.abs(weights).max() / 7
    assert model_file.pack(once) == stored
    assert not model_file.unpack(np.frombuffer(model_file.pack(np.zeros(32)), np.uint8)).any()


def test_another_file_is_no_source(tmp_path):
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="other.bin is not a model file"):
        model_file.read(other)


def test_a_file_cut_short_is_refused(tmp_path):
    short = tmp_path / "short.onnx"
    shutil.copy(FILE, short)
    with short.open("r+b") as file:
        file.truncate(FILE.stat().st_size // 2)
    with pytest.raises(Exception, match="short.onnx"):
        encoder.load(short)


def test_the_likeliest_pieces_win():
    split = Tokens(small_vocabulary())
    assert split.pieces("fiets") == [5]
    assert split.pieces("fi\tfiÉts  fiz") == [6, 5, 6, 3]  # nothing covers "z"
    assert split("fiets", limit=4)[0] == 0 and split("fiets", limit=4)[-1] == 2 and len(split("fiets", limit=4)) == 4


def test_a_vocabulary_comes_back_from_its_text():
    vocabulary = small_vocabulary()
    assert Vocabulary.from_text(vocabulary.to_text()) == vocabulary
    fewer = vocabulary.only([0, 1, 2, 3, 5])
    assert fewer.pieces[4] == "\u2581fiets" and fewer.scores[4] == -5 and fewer.special == (0, 2, 1, 3)


def tiny_model():
    """One layer of two heads, random weights, one column a hundred times louder than the others, as E5 has them."""
    header = model_file.Header(width=32, layers=1, heads=2, between=64, vocabulary=10, positions=20, types=1, epsilon=1e-5,
                               block=32)
    chance = np.random.default_rng(1)
    shapes = {"emb.word": 320, "emb.pos": 640, "emb.type": 32, "emb.ln.w": 32, "emb.ln.b": 32,
              **{f"l0.{part}.w": 32 * 32 for part in ("q", "k", "v", "ao")},
              **{f"l0.{part}.b": 32 for part in ("q", "k", "v", "ao")},
              "l0.fi.w": 64 * 32, "l0.fi.b": 64, "l0.fo.w": 64 * 32, "l0.fo.b": 32,
              **{f"l0.{part}.{kind}": 32 for part in ("aln", "oln") for kind in "wb"}}
    tensors = {name: chance.normal(0, 0.2, size).astype(np.float32) for name, size in shapes.items()}
    tensors["emb.ln.w"][3] = 20
    return model_file.ModelFile(header, small_vocabulary(), tensors)


def plain(model, numbers):
    """What BERT computes, written out."""
    def table(name):
        return model.tensors[name].reshape(-1, 32)

    def linear(rows, part):
        weights = model.tensors[f"l0.{part}.w"].reshape(len(model.tensors[f"l0.{part}.b"]), -1)
        return rows @ weights.T + model.tensors[f"l0.{part}.b"]

    def normal(rows, name):
        even = (rows - rows.mean(1, keepdims=True)) / np.sqrt(rows.var(1, keepdims=True) + 1e-5)
        return even * model.tensors[f"{name}.w"] + model.tensors[f"{name}.b"]

    words = model_file.unpack(np.frombuffer(model_file.pack(model.tensors["emb.word"]), np.uint8)).reshape(-1, 32)
    rows = normal(words[numbers] + table("emb.pos")[:len(numbers)] + table("emb.type")[0], "emb.ln")
    seen = []
    for head in (slice(0, 16), slice(16, 32)):
        query, key, value = (linear(rows, part)[:, head] for part in "qkv")
        seen.append(scipy.special.softmax(query @ key.T / 4, axis=1) @ value)
    rows = normal(rows + linear(np.hstack(seen), "ao"), "l0.aln")
    wide = linear(rows, "fi")
    rows = normal(rows + linear(wide * (1 + scipy.special.erf(wide / np.sqrt(2))) / 2, "fo"), "l0.oln")
    return rows.mean(0) / np.linalg.norm(rows.mean(0))


def test_the_written_file_computes_what_was_learned(tmp_path, monkeypatch):
    from bot.tuning import onnx_file

    model, numbers, path = tiny_model(), [0, 5, 6, 7, 3, 2], tmp_path / "tiny.onnx"
    floats = onnxruntime.InferenceSession(onnx_file.build(model)[0].SerializeToString(), providers=["CPUExecutionProvider"])
    given = {encoder.INPUT: np.array([numbers], np.int64)}
    assert np.allclose(floats.run(None, given)[0][0], plain(model, numbers), atol=1e-5)
    onnx_file.write(path, model, ["fiets fi ets", "fiets"])
    near = encoder.load(path).session.run(None, given)[0][0] @ plain(model, numbers)
    monkeypatch.setattr(onnx_file, "_factor", lambda loudness, weights: np.ones(len(weights), np.float32))
    onnx_file.write(path, model, ["fiets"])
    assert near > 0.999 and near > encoder.load(path).session.run(None, given)[0][0] @ plain(model, numbers)


@pytest.mark.parametrize("text", SENTENCES)
def test_every_text_has_pieces_and_a_vector(tokens, text):
    assert tokens(text)[1:-1] == tokens.pieces(PREFIX + text)
    vector = encode(text)
    assert vector.shape == (encoder.DIMENSIONS,) and abs(float(vector @ vector) - 1) < 1e-3


def test_the_encoder_is_small_enough_to_stand_beside_the_code_and_tells_its_origin():
    assert FILE.stat().st_size < 33_000_000
    about = onnxruntime.InferenceSession(str(FILE), providers=["CPUExecutionProvider"]).get_modelmeta()
    assert "multilingual-e5-small (MIT" in about.custom_metadata_map["origin"]


def test_no_letter_of_dutch_is_unknown(tokens):
    unknown = tokens.pieces("\U000f0000")[-1]
    for letter in string.ascii_letters + string.digits + "éèëêïîàâçöüûôáíóú.,!?'-()/€@":
        assert unknown not in tokens.pieces(letter), letter


def test_parts_are_read_with_the_whole(monkeypatch):
    text = "Hallo! Mijn fiets is gepikt aan de Brico, en tot hoe laat zijn jullie open?"
    parts = ["Mijn fiets is gepikt aan de Brico", "en tot hoe laat zijn jullie open?"]
    whole, bicycle, hours = encoder.encode_parts(text, parts)
    assert np.allclose(whole, encode(text), atol=1e-5)
    for part, vector, other in ((parts[0], bicycle, hours), (parts[1], hours, bicycle)):
        assert abs(float(vector @ vector) - 1) < 1e-3 and vector @ encode(part) > other @ encode(part)
    read = []
    monkeypatch.setattr(encoder, "encode", lambda part: read.append(part) or np.ones(1))
    assert len(encoder.encode_parts(text, parts)) == 3 and not read
    encoder.encode_parts(text, ["iets dat er niet staat", parts[1]])
    encoder.encode_parts("woord " * 400 + parts[0], ["woord " * 100, parts[0]])
    assert read == ["iets dat er niet staat", "woord " * 100][:len(read)] and read


def test_sentences_that_mean_the_same_are_near():
    near = encode("iemand heeft mijn velo gepikt") @ encode("mijn fiets is gestolen")
    far = encode("iemand heeft mijn velo gepikt") @ encode("hoe laat zijn jullie open")
    assert near > far + 0.1


def test_variations_keep_a_message_readable_and_are_the_same_again():
    text = "Ik heb een boete gekregen, maar dat was niet mijn auto!"
    assert {vary(text, random.Random(seed)) for seed in range(30)} - {text}
    assert vary(text, random.Random(7)) == vary(text, random.Random(7))
    assert slips(text, random.Random(1), 0.0) == text == chat(text, random.Random(1), 0.0)
    assert chat("dat is niet goed", random.Random(1), 1.0) == "da is ni goe"
    changed = slips("gekregen boete", random.Random(1), 1.0).split()
    assert [abs(len(word) - len(old)) <= 1 for word, old in zip(changed, ("gekregen", "boete"), strict=True)] == [True, True]
