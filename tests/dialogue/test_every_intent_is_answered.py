"""Every intent gets a sensible answer, said by one person in one situation.

A case is where the conversation stands, what is said, words the answer must have, and why
it is handed over, if it is.
"""

import pytest

from tests.house import House

STRANGER: tuple[str, ...] = ("oi",)
KNOWN = ("oi", "529")
OFFERED = (*KNOWN, "esqueci de pagar")
SUMMARY = (*OFFERED, "a primeira")
AGREED = (*SUMMARY, "sim")

Case = tuple[tuple[str, ...], str, str, str | None]

CASES: dict[str, Case] = {
    "greet": ((), "bom dia", "Loja Horizonte", None),
    "greet again": (KNOWN, "oi de novo", "Oi", None),
    "goodbye": (KNOWN, "tchau, até mais", "precisar", None),
    "thank": (AGREED, "muito obrigada", "😊", None),
    "affirm": (SUMMARY, "sim, fechado", "Combinado", None),
    "deny": (SUMMARY, "não, prefiro outra", "opções", None),
    "deny identity": (STRANGER, "não quero", "proteg|ninguém", None),
    "ask_help": (STRANGER, "o que você faz?", "te ajudo", None),
    "ask_if_bot": (STRANGER, "você é um robô?", "assistente virtual", None),
    "ask_human": (STRANGER, "quero falar com um atendente", "pessoa", "ask_human"),
    "insult": (KNOWN, "vai se ferrar seu lixo", "ajudar a resolver", None),
    "crisis": (KNOWN, "não aguento mais viver", "188", "crisis"),
    "out_of_scope": (KNOWN, "vai chover amanhã em campinas?", "assuntos da Loja Horizonte", None),
    "inform_identity": (STRANGER, "começa com 529", "Encontrei 2 contas", None),
    "wrong_person": (STRANGER, "não sou essa pessoa, número errado", "Desculpe o incômodo", None),
    "third_party": (STRANGER, "sou o marido dela, ela não está", "própria pessoa", None),
    "third_party died": (STRANGER, "ela é minha mãe e faleceu mês passado", "Sinto muito", "death"),
    "ask_who_is_this": ((), "quem é você? de que empresa?", "Loja Horizonte", None),
    "ask_if_scam": (STRANGER, "isso é golpe? como sei que é verdade?", "CNPJ", None),
    "ask_debt": (STRANGER, "quanto eu devo?", "CPF", None),
    "ask_debt known": (KNOWN, "quanto eu devo mesmo?", "Total hoje", None),
    "ask_debt_origin": (KNOWN, "essa dívida é de quê?", "contrato", None),
    "ask_charges": (KNOWN, "por que tem multa e juros?", "multa|Multa", None),
    "ask_consequences": (KNOWN, "o que acontece se eu não pagar?", "multa de 2%", None),
    "ask_consequences unknown": (STRANGER, "o que acontece se eu não pagar?", "CPF", None),
    "ask_name_clearing": (KNOWN, "quando meu nome sai do spc?", "5 dias úteis", None),
    "dispute_debt": (KNOWN, "não reconheço essas duas, nunca comprei", "em conferência", None),
    "already_paid": (KNOWN, "já paguei essa conta semana passada", "já pagou|já está paga", None),
    "ask_boleto": (AGREED, "me manda o boleto de novo", "2379", None),
    "ask_boleto before": (KNOWN, "manda o boleto pra eu pagar tudo", "À vista: R$", None),
    "ask_pix": (AGREED, "tem a chave pix?", "000201", None),
    "ask_payment_methods": (KNOWN, "quais as formas de pagamento?", "boleto", None),
    "payment_problem": (AGREED, "o boleto dá erro no aplicativo", "desculpe|Desculpe", None),
    "reason_forgot": (KNOWN, "esqueci completamente", "À vista", None),
    "reason_unemployment": (KNOWN, "fui demitido e tô sem emprego", "Sinto muito", None),
    "reason_cash_flow": (KNOWN, "esse mês apertou, salário atrasou", "À vista", None),
    "reason_health_family": (KNOWN, "minha mãe ficou internada no hospital", "Sinto muito", None),
    "reason_no_bill": (KNOWN, "o boleto nunca chegou pra mim", "À vista", None),
    "reason_dissatisfied": (
        KNOWN,
        "o sofá veio com defeito",
        "Sinto muito por isso",
        "dissatisfied",
    ),
    "reason in other words": (
        KNOWN,
        "xerimbabo quiproquó lambisgoia tergiversando",
        "À vista",
        None,
    ),
    "pay_in_full": (OFFERED, "quero quitar tudo de uma vez", "À vista: R$", None),
    "ask_installments": (OFFERED, "dá pra fazer em 3x?", "3ª parcela", None),
    "ask_installments early": (KNOWN, "quero parcelar em 3 vezes", "3ª parcela", None),
    "ask_discount": (OFFERED, "tem algum desconto?", "R$", None),
    "propose_amount": (OFFERED, "consigo pagar 150 por mês", "parcela: R$|mais perto", None),
    "propose_date": (OFFERED, "só consigo pagar dia 28", "28/", None),
    "choose_option by number": (OFFERED, "2", "1ª parcela", None),
    "choose_option by name": (OFFERED, "a primeira opção", "confirmar|certo", None),
    "too_expensive": (OFFERED, "tá muito caro, não cabe", "por mês", None),
    "ask_more_time": (OFFERED, "preciso de mais prazo", "dia", None),
    "cannot_pay": (OFFERED, "não tenho como pagar nada", "Defensoria", "over_indebted"),
    "refuse_to_pay": (OFFERED, "não vou pagar e pronto", "respeito", None),
    "ask_agreement_status": (AGREED, "como está meu acordo?", "vence em", None),
    "change_agreement": (AGREED, "quero mudar o acordo que fechei", "quer mudar", None),
    "opt_out": (STRANGER, "pare de me mandar mensagem", "não mando mais", None),
    "ask_later": (KNOWN, "agora não posso, me chama mais tarde", "Quando puder", None),
    "update_contact": (KNOWN, "mudei de telefone, anota meu número novo", "equipe", None),
    "privacy_request": (
        KNOWN,
        "quero saber que dados meus vocês guardam",
        "direito",
        "privacy_request",
    ),
    "threaten_complaint": (
        KNOWN,
        "vou no procon reclamar de vocês",
        "direito",
        "threaten_complaint",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_intent_is_answered(house: House, case: Case) -> None:
    """With fitting words, and a person where one is needed."""
    before, said, expected, handed_over = case
    phone = house.phone()
    for words in before:
        phone.says(words)
    answer = phone.says(said)
    assert any(words in answer for words in expected.split("|")), answer
    assert house.owner() == (("queue", handed_over) if handed_over else ("bot", None))
    assert "None" not in answer
    assert "{" not in answer
