"""`combinado words lint`: what may not be said, and where it is looked for."""

from pathlib import Path

import pytest

from bot.wording.linting import check, lint
from bot.wording.rules import faults_of, faults_of_response
from bot.wording.texts import pages, responses, sentences


def test_no_word_of_the_project_is_unfit_to_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Responses, policies and pages, as they are today."""
    assert lint() == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Pague, sob pena de multa.", "ameaça"),
        ("Seu nome será negativado amanhã.", "ameaça"),
        ("Vamos tomar as medidas judiciais.", "ameaça"),
        ("Você pode ser processado.", "ameaça"),
        ("Esta é sua última chance!", "urgência"),
        ("Resolva imediatamente.", "urgência"),
        ("URGENTE: fale com a gente", "urgência"),
        ("Não seja caloteiro.", "vergonha"),
        ("Você consta como inadimplente.", "vergonha"),
        ("Que vergonha, hein?", "vergonha"),
        ("Você é obrigado a pagar.", "imposição"),
        ("Regularize sua situação.", "imposição"),
        ("Digite sua senha para continuar.", "pedido de segredo"),
        ("Sai por R$ 120,00.", "valor escrito à mão"),
        ("Sai por 120 reais.", "valor escrito à mão"),
        ("Damos 10% de desconto.", "porcentagem escrita à mão"),
        ("Vence em 10/12.", "data escrita à mão"),
        ("Vence em 10 de dezembro.", "data escrita à mão"),
    ],
)
def test_what_may_not_be_said_is_found(said: str, why: str) -> None:
    """Each rule, on a sentence somebody might write; each names its source."""
    assert [(fault.name, bool(fault.source)) for fault in faults_of(said)] == [(why, True)]


@pytest.mark.parametrize(
    "said",
    [
        "Nunca pedimos senha nem o CPF inteiro.",
        "Se houver perigo imediato, ligue *192* (SAMU).",
        "São {count}x de {part}, a primeira em {due}.",
        "A Lei nº 12.007/2009, art. 4º, e a Lei 14.181/2021.",
        "O nome sai em até 5 dias úteis.",
        "Só os 3 primeiros números.",
        "O processo de pagamento é simples.",
    ],
)
def test_what_may_be_said_is_left_alone(said: str) -> None:
    """Numbers of laws and phones, and words that only look like forbidden ones."""
    assert not list(faults_of(said))


@pytest.mark.parametrize(
    ("name", "variations", "why"),
    [
        ("utter_x", ["Oi."], "uma só variação"),
        ("utter_x", ["Oi.", "Oi."], "uma só variação"),
        ("utter_x", ["Total {total}.", "Até logo."], "campos diferentes"),
        ("utter_x", ["Tudo bem? Posso ajudar?", "Oi."], "duas perguntas"),
        ("title_x", ["Quero falar com outra pessoa"], "botão comprido"),
    ],
)
def test_a_response_nobody_should_hear_is_found(name: str, variations: list[str], why: str) -> None:
    """Whatever its words are."""
    assert why in [fault.name for fault in faults_of_response(name, variations)]


def test_what_is_always_known_may_stand_in_one_variation_alone() -> None:
    """The name is not in every line."""
    assert not list(faults_of_response("utter_x", ["Oi, {name}!", "Oi!"]))


def test_a_finding_tells_file_and_line(tmp_path: Path) -> None:
    """In responses, in policies and in pages."""
    domain = tmp_path / "domain.yml"
    domain.write_text('responses:\n  line_x:\n    - text: "Tudo bem"\n    - text: "Só hoje!"\n')
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "creditor.yml").write_text(
        '# só hoje\nname: Loja\nrate: "2%"\nsaid:\n  - "só hoje"\n'
    )
    templates = tmp_path / "templates" / "pages"
    templates.mkdir(parents=True)
    (templates / "a.html").write_text("<p>\n{{ amount }}</p>\n<b>Só hoje</b>\n")
    found = check(responses(domain), [*sentences(policies), *pages(tmp_path)])
    places = [(each.place.file.name, each.place.line, each.fault.name) for each in found]
    assert places == [
        ("domain.yml", 4, "urgência"),
        ("creditor.yml", 5, "urgência"),
        ("a.html", 3, "urgência"),
    ]
