"""What every featurizer and every reader of messages must do, whatever it is."""

import subprocess
import sys
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.certainty_bands import CERTAINTY_KEY, LOST, SURE, UNSURE, CertaintyBands
from bot.components.dutch_tokenizer import DutchTokenizer
from bot.components.emergency_detector import DANGER_KEY, EmergencyDetector
from bot.components.features import has_features
from bot.components.follow_up import FOLLOW_UP_KEY, FollowUp
from bot.components.language_detector import LANGUAGE_KEY, LanguageDetector
from bot.components.ngram_featurizer import NgramFeaturizer
from bot.components.sentence_encoder import SentenceEncoder
from bot.components.topic_classifier import TopicClassifier
from bot.encoder import DIMENSIONS, MAX_CHARACTERS, encode, shorten
from bot.settings import ROOT

EXAMPLES = {
    "fietsdiefstal": ["mijn fiets is gestolen", "ze hebben mijn velo gepikt", "koersfiets weg uit de garage", "fiets kwijt"],
    "geluidsoverlast": ["de buren maken lawaai", "muziek tot drie uur s nachts", "feestje van hiernaast", "die boxen he"],
    "nood_geweld": ["hij staat hier met een mes", "hij slaat mij nu", "help hij trapt de deur in", "ze vechten met messen"],
    "nood_gewonde": ["hij ademt niet meer", "mijn vader ligt bewusteloos", "ze bloedt hard", "auto op een fietser gereden"],
}
REGEXES = [{"name": "gevaar_wapen", "pattern": r"\bmes\b"}, {"name": "rem_verleden", "pattern": r"\bvorig jaar\b"},
           {"name": "zeker_nood_geweld", "pattern": r"\bhij gaat mij doodslaan\b"},
           {"name": "vervolg_duur", "pattern": r"\bhoe lang\b"}, {"name": "vervolg_woorden", "pattern": "en|hoe|lang|duurt|dat"}]


@pytest.fixture
def workshop(tmp_path):
    """Makes, trains and loads components as Rasa's graph does."""
    return Workshop(tmp_path)


class Workshop:
    """A model storage, and the pipeline of config.yml by hand on a handful of examples."""

    def __init__(self, folder: Path) -> None:
        self.storage = LocalModelStorage.create(folder)
        self.tokenizer = self.make(DutchTokenizer)
        self.encoder = self.make(SentenceEncoder)
        self.data = TrainingData([Message({TEXT: text, INTENT: intent}) for intent, texts in EXAMPLES.items() for text in texts],
                                 regex_features=REGEXES)
        self.tokenizer.process_training_data(self.data)
        self.ngrams = self.train(NgramFeaturizer, min_df=1)
        self.ngrams.process_training_data(self.data)
        self.encoder.process_training_data(self.data)

    def make(self, kind, **config):
        config = {**kind.get_default_config(), **config}
        return kind.create(config, self.storage, Resource(kind.__name__), self.context(kind))

    def train(self, kind, **config):
        """Train, then load what was kept: a component must survive that."""
        self.make(kind, **config).train(self.data)
        config = {**kind.get_default_config(), **config}
        return kind.load(config, self.storage, Resource(kind.__name__), self.context(kind))

    def context(self, kind) -> ExecutionContext:
        return ExecutionContext(GraphSchema({}), node_name=kind.__name__)

    def message(self, text: str) -> Message:
        message = Message({TEXT: text})
        for component in (self.tokenizer, self.ngrams, self.encoder):
            component.process([message])
        return message


@pytest.mark.parametrize("kind", ["ngrams", "encoder"])
def test_a_featurizer_adds_and_never_replaces(workshop, kind):
    message = workshop.message("mijn fiets is weg")
    before = list(message.features)
    getattr(workshop, kind).process([message])
    assert message.features[: len(before)] == before and len(message.features) == len(before) + 1


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_without_tokens_nothing_is_added_and_nobody_fails(workshop, text):
    message = workshop.message(text)
    assert not has_features(message)
    for kind, config in ((TopicClassifier, {"folds": 2}), (EmergencyDetector, {}), (LanguageDetector, {})):
        workshop.train(kind, **config).process([message])
    assert message.get(INTENT)["name"] is None and message.get(DANGER_KEY) is None and message.get(LANGUAGE_KEY) == "nl"


@pytest.mark.parametrize("text", ["fiets", "😀😀", "a" * 3000, "\0", "ﷺ", "1712"])
def test_strange_text_is_read_without_failing(workshop, text):
    message = workshop.message(text)
    workshop.train(TopicClassifier, folds=2).process([message])
    assert INTENT_RANKING_KEY in message.data


def test_the_tokenizer_gives_lemmas(workshop):
    tokens = workshop.message("de fietsen werden gestolen").get(TOKENS_NAMES[TEXT])
    assert [token.text for token in tokens] == ["de", "fietsen", "werden", "gestolen"]
    assert tokens[1].lemma == "fiets"


def test_sentence_vectors_have_length_one_and_long_texts_keep_head_and_tail():
    assert encode("hallo").shape == (DIMENSIONS,) and abs(float((encode("hallo") ** 2).sum()) - 1) < 1e-3
    long = "begin " + "midden " * 400 + "einde"
    assert len(shorten(long)) <= MAX_CHARACTERS + 10 and shorten(long).startswith("begin") and shorten(long).endswith("einde")


def test_a_character_that_grows_does_not_corrupt_the_encoder():
    code = ("from bot.encoder import encode\n"
            "for n in range(1, 400, 7): encode('\\ufdfa' * n); encode('\\ufdfa hallo ' * n)")
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True).returncode == 0


def test_the_topic_classifier_ranks_all_topics_and_confidences_add_up(workshop):
    message = workshop.message("mijn velo is gepikt")
    workshop.train(TopicClassifier, folds=2).process([message])
    ranking = message.get(INTENT_RANKING_KEY)
    assert message.get(INTENT)["name"] == "fietsdiefstal" and len(ranking) == len(EXAMPLES)
    assert abs(sum(item["confidence"] for item in ranking) - 1) < 1e-6


@pytest.mark.parametrize("config", [{"folds": 1}, {"C": 0}])
def test_the_topic_classifier_refuses_nonsense(config):
    with pytest.raises(ValueError, match="TopicClassifier"):
        TopicClassifier.validate_config({**TopicClassifier.get_default_config(), **config})


def test_the_ngram_featurizer_refuses_nonsense():
    with pytest.raises(ValueError, match="NgramFeaturizer"):
        NgramFeaturizer.validate_config({"min_ngram": 5, "max_ngram": 3})


def judge(workshop, text):
    message = workshop.message(text)
    for component in (workshop.train(TopicClassifier, folds=2),
                      workshop.train(EmergencyDetector, threshold=0.5)):
        component.process([message])
    return message


def test_a_certain_pattern_wins_and_says_why(workshop):
    message = judge(workshop, "hij gaat mij doodslaan denk ik")
    danger = message.get(DANGER_KEY)
    assert danger["fires"] and danger["score"] == 1.0 and "zeker_nood_geweld" in danger["why"]
    assert message.get(INTENT)["name"] == "nood_geweld"


def test_a_brake_holds_a_certain_pattern_back(workshop):
    danger = judge(workshop, "vorig jaar dacht ik hij gaat mij doodslaan").get(DANGER_KEY)
    assert danger["score"] < 1.0 and "rem_verleden" in danger["why"]


def test_an_ordinary_message_stays_ordinary(workshop):
    message = judge(workshop, "mijn fiets is gestolen")
    assert not message.get(DANGER_KEY)["fires"] and message.get(INTENT)["name"] == "fietsdiefstal"


@pytest.mark.parametrize(("text", "language"), [("Добрий день, де поліція", "uk"), ("أين مركز الشرطة من فضلك", "ar"),
                                                ("je voudrais porter plainte contre mon voisin", "fr"), ("merci", "nl"),
                                                ("mijn fiets is gestolen", "nl"), ("velo weg", "nl"), ("", "nl"), ("?!", "nl")])
def test_language(workshop, text, language):
    assert workshop.train(LanguageDetector).detect(text) == language


@pytest.mark.parametrize(("text", "asked"), [("en hoe lang duurt dat?", {"detail": "duur", "bare": True}),
                                             ("hoe lang duurt een woonstcontrole", {"detail": "duur", "bare": False}),
                                             ("mijn fiets is weg", None), ("hoe lang " * 6, None)])
def test_follow_up(workshop, text, asked):
    message = Message({TEXT: text})
    workshop.train(FollowUp).process([message])
    assert message.get(FOLLOW_UP_KEY) == asked


def bands(ranking, intent=None, outside=0.0):
    message = Message({TEXT: "x", "outside": outside})
    items = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message.set(INTENT_RANKING_KEY, items)
    message.set(INTENT, {"name": intent or (ranking[0][0] if ranking else None), "confidence": 1.0})
    CertaintyBands({**CertaintyBands.get_default_config(), "sure": 0.5, "lost": 0.2}).process([message])
    return message


@pytest.mark.parametrize(("confidence", "band"), [(0.9, SURE), (0.5, SURE), (0.4, UNSURE), (0.2, UNSURE), (0.1, LOST)])
def test_bands(confidence, band):
    message = bands([("fietsdiefstal", confidence), ("sluikstort", 0.05)])
    assert message.get(CERTAINTY_KEY)["band"] == band
    assert message.get(INTENT)["name"] == ("nlu_fallback" if band == LOST else "fietsdiefstal")


def test_a_message_that_is_about_nothing_we_know_is_lost_however_sure_its_topic():
    message = bands([("fietsdiefstal", 0.9), ("buiten_bereik", 0.05)], outside=0.9)
    assert message.get(CERTAINTY_KEY)["band"] == LOST and message.get(INTENT)["name"] == "nlu_fallback"
    assert bands([("groet", 0.9)], outside=0.9).get(CERTAINTY_KEY)["band"] == SURE  # a greeting is not out of scope


def test_a_danger_is_never_lost_however_far_from_what_we_know():
    best = {"name": "nood_gewonde", "confidence": 0.6}
    message = Message({TEXT: "x", "outside": 0.9, DANGER_KEY: {"fires": True}, INTENT: best, INTENT_RANKING_KEY: [best]})
    CertaintyBands(CertaintyBands.get_default_config()).process([message])
    assert message.get(CERTAINTY_KEY)["band"] == SURE and message.get(INTENT)["name"] == "nood_gewonde"


def test_a_message_that_is_near_what_we_know_gets_suggestions_although_out_of_scope_is_likeliest():
    message = bands([("buiten_bereik", 0.5), ("fietsdiefstal", 0.4)], outside=0.05)
    assert message.get(CERTAINTY_KEY)["band"] == UNSURE and message.get(INTENT)["name"] == "fietsdiefstal"
    assert message.get(CERTAINTY_KEY)["suggestions"][0] == "fietsdiefstal"


def test_a_victim_is_not_sent_away_on_a_guess():
    message = bands([("buiten_bereik", 0.5), ("partnergeweld", 0.4)], outside=0.8)
    assert message.get(INTENT)["name"] == "partnergeweld" and message.get(CERTAINTY_KEY)["band"] == UNSURE
    assert message.get(CERTAINTY_KEY)["sensitive"] and not message.get(CERTAINTY_KEY)["suggestions"]
    assert bands([("partnergeweld", 0.9)], outside=0.8).get(CERTAINTY_KEY)["band"] == SURE
    assert bands([("buiten_bereik", 0.5), ("partnergeweld", 0.4)], outside=0.95).get(INTENT)["name"] == "buiten_bereik"


@pytest.mark.parametrize("second", ["nood_geweld", "groet"])
def test_what_may_not_be_suggested_does_not_replace_out_of_scope(second):
    assert bands([("buiten_bereik", 0.5), (second, 0.4)], outside=0.05).get(INTENT)["name"] == "buiten_bereik"
    assert bands([("buiten_bereik", 0.5), (second, 0.4)], outside=0.9).get(CERTAINTY_KEY)["band"] == SURE


def test_a_sensitive_topic_and_an_emergency_are_never_suggested():
    certainty = bands([("partnergeweld", 0.3), ("nood_geweld", 0.2), ("groet", 0.1), ("sluikstort", 0.1)]).get(CERTAINTY_KEY)
    assert certainty["suggestions"] == ["sluikstort"] and certainty["sensitive"]


def test_no_more_than_three_suggestions():
    names = ("sluikstort", "foutparkeren", "gas_boete", "evenement")
    assert len(bands([(name, 0.25) for name in names]).get(CERTAINTY_KEY)["suggestions"]) == 3


def test_what_another_component_decided_stays():
    message = bands([("fietsdiefstal", 0.1)], intent="nood_geweld")
    assert message.get(INTENT)["name"] == "nood_geweld" and message.get(CERTAINTY_KEY)["band"] == SURE


DIALECT = "iech bin miene sjlutel kwiet"


@pytest.mark.parametrize(("text", "topic", "language"), [
    (DIALECT, None, "pl"), (DIALECT, "contact_zone", "nl"),            # surely ours: it must be stranger
    (DIALECT, "buiten_bereik", "pl"), (DIALECT, "nood_geweld", "pl"),  # danger is said in any language
    ("je voudrais porter plainte contre mon voisin", "belediging", "fr"),
    ("de fiets van mijn voisin est volée", "andere_taal", "nl")])                    # the identifier is not as sure
def test_what_a_message_is_surely_about_weighs_in_its_language(workshop, text, topic, language):
    assert workshop.train(LanguageDetector).detect(text, topic) == language


@pytest.mark.parametrize(("topic", "text", "fires"), [
    ("sluikstort", "dat was het dan", False), ("sluikstort", "hij heeft een mes en dat was het dan", True),
    ("partnergeweld", "dat was het dan", True), ("buiten_bereik", "dat was het dan", True)])
def test_a_message_that_is_surely_about_something_harmless_must_hint_louder(workshop, topic, text, fires):
    detector = workshop.train(EmergencyDetector, threshold=0.0001, settled_threshold=0.9999)
    message = workshop.message(text)
    message.set(INTENT_RANKING_KEY, [{"name": topic, "confidence": 0.95}, {"name": "nood_geweld", "confidence": 0.04}])
    detector.process([message])
    assert message.get(DANGER_KEY)["fires"] == fires
