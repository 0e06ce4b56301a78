"""What `combinado nlu lint` finds, each in a small file of its own."""

from pathlib import Path

import pytest

from bot.nlu.checks import Corpus, Domain, Finding, Kind, check
from bot.nlu.examples import UnreadableExamples, read_examples
from bot.nlu.linting import lint, read_domain, report
from bot.settings import PROJECT

DOMAIN = Domain(
    intents=frozenset({"greet", "goodbye", "propose_amount", "inform_identity"}),
    entities={"amount": frozenset({"monthly"}), "cpf": frozenset()},
)
UNLIKE = ["entrega atrasada", "padaria fechou", "chuva forte", "gato dormiu", "ônibus lotado"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the examples of a test are written."""
    return tmp_path / "made_up.yml"


def _write(file: Path, **messages: list[str]) -> None:
    lines = ["nlu:"]
    for intent, listed in messages.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {each}" for each in listed)]
    file.write_text("\n".join(['version: "3.1"', *lines, ""]))


def _found(file: Path, fewest: int = 0, **messages: list[str]) -> list[Finding]:
    _write(file, **messages)
    return check(Corpus(read_examples([file]), DOMAIN, fewest))


def _only(found: list[Finding]) -> tuple[Kind, int, str]:
    """The kind, line and words of the only finding."""
    [finding] = found
    return finding.kind, finding.place.line, finding.words


def test_sound_examples_have_no_findings(file: Path) -> None:
    assert _found(file, greet=["oi", "bom dia"], propose_amount=["pago [150](amount)"]) == []


def test_an_intent_must_exist(file: Path) -> None:
    """Told once, where it is first used."""
    found = _found(file, gret=["oi", "bom dia"])
    assert _only(found) == (Kind.UNKNOWN_INTENT, 5, "gret")


def test_a_message_has_one_intent(file: Path) -> None:
    """However it is spelt."""
    found = _found(file, greet=["Olá, tudo bem?"], goodbye=["ola,  TUDO bem?"])
    assert _only(found)[:2] == (Kind.TWO_INTENTS, 8)
    assert found[0].details == (f"{found[0].place.file}:5: “Olá, tudo bem?” é greet",)


def test_a_message_is_written_once(file: Path) -> None:
    assert _only(_found(file, greet=["oi", "opa", "Oiii"])) == (Kind.REPEATED, 7, "“Oiii” (greet)")


def test_emoji_alone_are_told_apart(file: Path) -> None:
    assert _found(file, greet=["👋"], goodbye=["🤖?"], propose_amount=["?"]) == []


@pytest.mark.parametrize(
    ("kind", "intents"),
    [
        (Kind.LIKE_ANOTHER, ("greet", "greet")),
        (Kind.LIKE_ANOTHER_INTENT, ("greet", "goodbye")),
    ],
)
def test_near_copies_are_told(file: Path, kind: Kind, intents: tuple[str, str]) -> None:
    """In the same intent and across."""
    texts = ("opa, estou aqui na loja agora", "opa, estou aqui nas loja agora")
    messages: dict[str, list[str]] = {}
    for intent, text in zip(intents, texts, strict=True):
        messages.setdefault(intent, []).append(text)
    assert [finding.kind for finding in _found(file, **messages)] == [kind]


def test_a_message_like_those_of_another_intent_is_a_suspect(file: Path) -> None:
    """Its neighbours are shown."""
    goodbyes = [f"até amanhã {who}" for who in ("gente", "gentes", "gentil", "genro")]
    found = _found(file, goodbye=goodbyes, greet=["até amanhã gent", *UNLIKE])
    suspect = found[0]
    assert (suspect.kind, suspect.place.line) == (Kind.SUSPECT, 11)
    assert suspect.words == "“até amanhã gent” é greet; parece goodbye"
    assert len(suspect.details) >= 4


@pytest.mark.parametrize(
    "marked",
    ["pago [150](amount", "pago [150] (amount)", 'pago [150]{"role": "monthly"}', "pago [150(amount)"],
)  # fmt: skip
def test_a_mark_must_be_readable(file: Path, marked: str) -> None:
    found = _found(file, greet=[marked])
    assert [(finding.kind, finding.place.line) for finding in found] == [(Kind.BROKEN_MARK, 5)]


@pytest.mark.parametrize(
    ("marked", "name"),
    [("pago [150](amuont)", "amuont"), ('[150]{"entity": "amount", "role": "anual"}', "anual")],
)
def test_an_entity_and_its_role_must_exist(file: Path, marked: str, name: str) -> None:
    kind, line, words = _only(_found(file, propose_amount=[marked]))
    assert (kind, line) == (Kind.UNKNOWN_ENTITY, 5)
    assert name in words


@pytest.mark.parametrize("marked", ["pago 1[50](amount)", "pago [cin](amount)quenta"])
def test_a_mark_cuts_no_word(file: Path, marked: str) -> None:
    assert _only(_found(file, propose_amount=[marked]))[:2] == (Kind.CUT_WORD, 5)


def test_a_unit_may_follow_a_mark(file: Path) -> None:
    assert _found(file, propose_amount=["pago [150](amount)rs"]) == []


def test_a_number_without_a_mark_is_a_hint(file: Path) -> None:
    found = _found(file, propose_amount=["pago 150 agora"], greet=["oi, são 10 horas"])
    assert _only(found)[:2] == (Kind.UNMARKED, 5)
    assert not found[0].kind.is_error


@pytest.mark.parametrize(
    "text",
    ["meu cpf é 111.444.777-35", "liga no (11) 97321-4608", "escreve pra maria.souza@correio.com.br"],
)  # fmt: skip
def test_personal_data_is_an_error(file: Path, text: str) -> None:
    found = _found(file, greet=[text])
    assert _only(found)[:2] == (Kind.PERSONAL_DATA, 5)
    assert found[0].kind.is_error


@pytest.mark.parametrize(
    "text",
    ["cpf 111.444.777-00", "liga no (11) 98765-4321", "escreve pra maria@exemplo.com.br", "nasci em 30031982"],
)  # fmt: skip
def test_made_up_data_is_fine(file: Path, text: str) -> None:
    assert _found(file, greet=[text]) == []


def test_too_few_examples_are_a_hint(file: Path) -> None:
    found = _found(file, fewest=2, greet=["oi"])
    assert _only(found) == (Kind.FEW, 5, "greet: 1 (mínimo 2)")
    assert not found[0].kind.is_error


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("nlu: [", "YAML inválido"),
        ("version: 3", "falta a lista"),
        ("nlu:\n- intent: greet\n  examples: |\n    oi\n", ":4: a linha não começa"),
        ("nlu:\n- intent: greet\n  examples: [oi]\n", "os exemplos vêm depois"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(file: Path, content: str, why: str) -> None:
    file.write_text(content)
    with pytest.raises(UnreadableExamples, match=why):
        read_examples([file])


def test_errors_are_told_whole_and_hints_in_part(file: Path) -> None:
    """Hints come by the hundred."""
    found = _found(file, gret=["oi"], greet=[f"pago {UNLIKE[0]}"] * 5)
    lines = list(report(found, shown=2))
    assert lines[0] == "ERRO: Intenção que não existe no domain.yml (1)"
    assert "  … e mais 2: `combinado nlu lint --all` mostra tudo" in lines


def test_the_exit_code_says_whether_something_must_be_mended(file: Path) -> None:
    _write(file, greet=["oi", "oi"])
    assert lint([file]) == 0
    _write(file, greet=["oi"], goodbye=["oi"])
    assert lint([file]) == 1


def test_our_own_examples_have_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint() == 0, capsys.readouterr().out


def test_the_domain_is_read_with_its_roles() -> None:
    domain = read_domain(PROJECT / "domain.yml")
    assert "propose_amount" in domain.intents
    assert domain.entities["amount"] == {"monthly", "down_payment", "total"}
