"""Two questions in one message: the most urgent is answered, the other is offered, and nothing sensitive is named."""

import pytest


def offered(resident):
    return {button["title"] for message in resident.messages if message["kind"] == "suggestions" for button in message["buttons"]}


@pytest.mark.parametrize(("text", "topics", "titles"), [
    ("hoe vraag ik vakantietoezicht aan voor mijn huis? en mag ik een camera aan mijn voordeur hangen?",
     {"inbraak_vakantietoezicht", "inbraak_camera"}, ("toezicht", "camera")),
    ("Mijn fiets is gestolen aan het station. Tot hoe laat is het commissariaat open vandaag?",
     {"fietsdiefstal", "contact_zone"}, ("fiets", "contact")),
])
def test_the_second_question_is_a_button_that_answers_it(resident, text, topics, titles):
    resident.say(text)
    first = resident.messages[0]["topic"]
    (button,) = [title for title in offered(resident) if any(word in title.lower() for word in titles)]
    resident.press(button)
    assert resident.messages[0]["kind"] == "answer" and {first, resident.messages[0]["topic"]} == topics


@pytest.mark.parametrize("text", ["goeiedag, alles goed daar? ik heb een vraagje. mijn fiets is gestolen aan het station",
                                  "Dank u voor uw hulp daarnet! Nog een vraag: hoe geef ik mijn gestolen fiets aan?"])
def test_a_greeting_or_thanks_before_a_question_is_not_what_is_answered(resident, text):
    resident.say(text)
    assert resident.messages[0]["topic"] == "fietsdiefstal", resident.text


def test_violence_goes_before_a_fine(resident):
    resident.say("ik heb een vraag over mijn verkeersboete. mijn man slaat mij al jaren en ik weet niet meer wat ik moet doen.")
    assert resident.messages[0]["topic"] is None and resident.messages[0]["kind"] in ("question", "route", "answer")


def test_a_sensitive_second_question_is_invited_but_not_named(resident):
    resident.say("hoe betaal ik mijn verkeersboete? en mijn buurvrouw wordt door haar vriend geslagen denk ik")
    assert not {"geweld"} & {word for title in offered(resident) for word in title.lower().split()}
