"""What people write is understood, in every language of the service and however it is typed."""

import pytest

from understanding import Understanding

LANGUAGES = ("en", "uk", "ru", "lt", "az", "fr", "es")
WANTS_TO_DIE = {
    "en": "I want to die",
    "uk": "Я хочу померти",
    "ru": "Я хочу умереть",
    "lt": "Noriu mirti",
    "az": "Ölmək istəyirəm",
    "fr": "Je veux mourir",
    "es": "Quiero morir",
}


@pytest.mark.parametrize("session", LANGUAGES)
@pytest.mark.parametrize("written", LANGUAGES)
def test_a_cry_is_heard_in_every_language_whatever_the_telephone_speaks(
    service: Understanding, session: str, written: str
) -> None:
    assert service.hear(WANTS_TO_DIE[written], session).crisis == "suicide"


@pytest.mark.parametrize(
    ("language", "text", "crisis"),
    [
        ("en", "he is at the door with a knife", "immediate_danger"),
        ("en", "they took my passport and do not let me leave", "trafficking_detention"),
        ("en", "my stepfather touches me, i'm 12", "child_at_risk"),
        ("en", "I was raped last night", "recent_assault"),
        ("uk", "він ломиться у двері з ножем", "immediate_danger"),
        ("ru", "меня вчера изнасиловали", "recent_assault"),
        ("uk", "у мене забрали паспорт і не випускають", "trafficking_detention"),
    ],
)
def test_each_danger_is_told_apart(
    service: Understanding, language: str, text: str, crisis: str
) -> None:
    assert service.hear(text, language).crisis == crisis


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "ХОЧУ ПОМЕРТИ"),
        ("uk", "хочу пмоерти"),
        ("uk", "хочупомерти"),
        ("uk", "hochu pomerty"),
        ("uk", "ho4u pomerty"),
        ("uk", "khochu pomerty"),
        ("uk", "хoчу пoмepти"),  # Latin o, p and e among the Cyrillic
        ("uk", "я хочу умереть"),  # Russian
        ("ru", "ya hochu umeret"),
        ("en", "i wannt to dieee"),
        ("en", "iwanttodie"),
        ("en", "i want to d1e"),
        ("lt", "noriu mirti!!!"),
        ("az", "olmek isteyirem"),
        ("fr", "j'veux mourir"),
        ("es", "QUIERO  morír"),
    ],
)
def test_slips_other_letters_and_missing_spaces_do_not_hide_a_cry(
    service: Understanding, language: str, text: str
) -> None:
    assert service.hear(text, language).crisis == "suicide"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I'm dying of laughter"),
        ("en", "I am not suicidal"),
        ("en", "nobody hurt me"),
        ("en", "how many women were raped in that war?"),
        ("en", 'what does "I want to die" mean?'),
        ("en", "I'm writing an article about suicide"),
        ("en", "what do I do if a survivor tells me that she was raped yesterday"),
        ("uk", "помираю зі сміху"),
        ("uk", "не хочу помирати"),
        ("ru", "умираю со смеху"),
        ("ru", "я смотрю фильм про самоубийство"),
        ("fr", "je meurs de rire"),
        ("es", "me muero de risa"),
    ],
)
def test_idioms_negations_and_talk_about_others_are_calm(
    service: Understanding, language: str, text: str
) -> None:
    assert service.hear(text, language).crisis is None


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("uk", "Київ", "UA-30"),
        ("uk", "я зараз у Києві", "UA-30"),
        ("en", "I'm in Kiev", "UA-30"),
        ("ru", "в Харькове", "UA-63"),
        ("uk", "harkiv", "UA-63"),
        ("lt", "esu Vilniuje", "LT-VL"),
        ("es", "vivo en Bogotá", "CO-DC"),
        ("uk", "я в Польщі", "PL"),
    ],
)
def test_a_place_is_known_in_any_case_and_spelling(
    service: Understanding, language: str, text: str, place: str
) -> None:
    assert service.hear(text, language).place == place


@pytest.mark.parametrize(
    ("language", "text", "need", "place"),
    [
        ("en", "i need a lawyer in Lviv", "legal", "UA-46"),
        ("uk", "потрібен психолог у Харкові", "psychosocial", "UA-63"),
        ("en", "no money for food", "livelihood", None),
        ("en", "my husband is missing since March", "tracing", None),
    ],
)
def test_a_need_is_heard_with_its_place(
    service: Understanding, language: str, text: str, need: str, place: str | None
) -> None:
    heard = service.hear(text, language)
    assert (heard.crisis, heard.need, heard.place) == (None, need, place)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("help!!!", "help_now"),
        ("112", "help_now"),
        ("🆘", "help_now"),
        ("can i talk to a real person", "human"),
        ("go back please", "back"),
        ("change the language", "language"),
        ("delete everything", "erase"),
        ("Stop.", "exit"),
        ("main menu", "menu"),
    ],
)
def test_a_command_is_heard_with_politeness_around(
    service: Understanding, text: str, command: str
) -> None:
    assert service.hear(text, "en").command == command


def test_a_long_story_is_read_to_a_limit(service: Understanding) -> None:
    story = "the weather was fine. " * 100
    assert service.hear(story + "I want to die", "en").crisis == "suicide"
    assert service.hear(story * 2 + "I want to die", "en").crisis is None


def test_a_person_of_a_language_that_is_not_spoken_is_heard_all_the_same(
    service: Understanding,
) -> None:
    assert service.hear("I want to die", "xx").crisis == "suicide"
