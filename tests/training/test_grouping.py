"""Messages that say the same are one group."""

from bot.training.grouping import Groups, group, plain


def _groups(*texts: str) -> int:
    return len(set(group(texts)))


def test_spelling_marks_numbers_and_slips_make_no_difference() -> None:
    """What a trainer would say of one holds for the other."""
    assert _groups("Você é um robô?", "vc é um robo", "VOCE E UM ROBÔÔÔ??") == 1
    assert _groups("pago 150 dia 10", "pago 200 dia 25") == 1
    assert _groups("quero o código de barras", "quero o codgo de barras") == 1


def test_what_says_something_else_is_another_group() -> None:
    """A no, above all."""
    assert _groups("quero pagar isso hoje", "não quero pagar isso hoje") == 2
    assert _groups("manda o boleto", "manda o pix") == 2


def test_a_message_without_words_is_itself() -> None:
    """An emoji, or nothing at all."""
    assert plain("👍") == "👍"
    assert _groups("👍", "👎", "", "?") >= 3


def test_groups_stay_when_more_comes() -> None:
    """Adding one by one gives what is found at once."""
    groups = Groups([(7, "quero pagar dia 10")])
    assert groups.find("quero pagar dia 25") == 7
    assert groups.find("bom dia") is None
    groups.lead(8, "bom dia")
    assert (groups.find("bom dia 2"), len(groups)) == (8, 2)
