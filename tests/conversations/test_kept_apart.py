"""A sample of the conversations with victims that were written by people who saw no code; all of them: `make bench-intakes`."""

from benchmarks.intakes import FILES, conversations, play
from tests.data.sentences import normal, training

EVERY = 10
LONG = 6  # words; "ja ik ben nu veilig" is what anybody would answer
FLOOR = 0.9  # of the checks of this sample; the sets themselves are measured in README


def test_the_sets_are_large_and_their_names_unique():
    names = [item["id"] for file in FILES for item in conversations(file)]
    assert len(FILES) == 3 and len(names) == len(set(names)) >= 190


def test_a_sample_of_unseen_conversations(assistant):
    played = [item for file in FILES for item in conversations(file)][::EVERY]
    checks = [(item["id"], *check) for item in played for check in play(assistant, item)]
    failed = [check for check in checks if not check[-1]]
    assert len(failed) <= (1 - FLOOR) * len(checks), failed


def test_no_turn_is_a_training_sentence():
    trained = {normal(text) for texts in training().values() for text in texts}
    turns = [turn for file in FILES for item in conversations(file) for turn in item["turns"]]
    said = [turn if isinstance(turn, str) else turn["say"] for turn in turns]
    assert [text for text in said if normal(text) in trained and len(text.split()) >= LONG] == []
