"""What the pages call things."""

from datetime import UTC, datetime

from bot.training.masking_rules import Kind
from bot.training.models import ChangeState, ExampleKind, State, Verdict
from bot.training.signals import Signal

SIGNALS = {
    Signal.CORRECTED: ("corrigiu o bot", "Logo depois a pessoa disse que não era isso."),
    Signal.CONTRADICTED: (
        "atendente discorda",
        "Quem atendeu encerrou a conversa como outra coisa, que o bot não ouviu.",
    ),
    Signal.HANDED_OVER: ("foi para a fila", "Logo depois foi preciso uma pessoa da equipe."),
    Signal.ASKED_TWICE: ("perguntou duas vezes", "O bot perguntou o que era, e de novo."),
    Signal.ASKED: ("teve que perguntar", "O bot não teve certeza e perguntou o que era."),
    Signal.NARROW_MARGIN: (
        "duas quase iguais",
        "Duas intenções pareceram quase igualmente certas.",
    ),
    Signal.LOW_CONFIDENCE: ("pouca certeza", "O bot respondeu com menos de 90 % de certeza."),
    Signal.DRIFT: ("palavras novas", "Usa palavras que os exemplos nunca tiveram."),
    Signal.GUEST: ("convidado", "Alguém escreveu isto ao testar um modelo por convite."),
}
"""A chip, and the sentence behind it."""

STATES = {
    State.OPEN: "para avaliar",
    State.ACCEPTED: "aceitas",
    State.RELABELLED: "corrigidas",
    State.REJECTED: "descartadas",
    State.SKIPPED: "puladas",
    State.SECOND_OPINION: "segunda opinião",
}
VERDICTS = {
    Verdict.ACCEPT: "aceitou",
    Verdict.RELABEL: "corrigiu",
    Verdict.REJECT: "descartou",
    Verdict.SKIP: "pulou",
    Verdict.UNSURE: "pediu segunda opinião",
}
STAND_INS = {
    Kind.ACCOUNT: "uma conta",
    Kind.ADDRESS: "um endereço",
    Kind.BIRTH_DATE: "uma data de nascimento",
    Kind.BOLETO: "um boleto",
    Kind.CARD: "um cartão",
    Kind.CEP: "um CEP",
    Kind.CNPJ: "um CNPJ",
    Kind.CPF: "um CPF",
    Kind.DOCUMENT: "um documento",
    Kind.EMAIL: "um e-mail",
    Kind.LINK: "um link",
    Kind.NAME: "um nome",
    Kind.PHONE: "um telefone",
    Kind.PIX_CODE: "um Pix copia e cola",
    Kind.PIX_KEY: "uma chave Pix",
}
KINDS = {
    ExampleKind.EXAMPLE: "mensagem",
    ExampleKind.INTENT: "intenção nova",
    ExampleKind.RESPONSE: "resposta do bot",
    ExampleKind.SYNONYM: "sinônimo",
    ExampleKind.STORY: "conversa de teste",
    ExampleKind.REMOVAL: "tirar do arquivo",
    ExampleKind.MOVE: "mudar de intenção",
}
CHANGES = {
    ChangeState.DRAFT: "rascunho",
    ChangeState.APPLIED: "gravada",
    ChangeState.UNDONE: "desfeita: os exemplos esperam de novo",
}
TOPICS = {
    "agreement": "Acordos",
    "conversation": "Conversa",
    "debt": "A dívida",
    "identity": "Quem está falando",
    "negotiation": "Negociação",
    "payment": "Pagamento",
    "reasons": "Por que atrasou",
    "rights": "Contato e direitos",
}


def percent(share: float | None) -> str:
    """`87 %`."""
    return f"{share * 100:.0f} %" if share is not None else "?"


def ago(at: datetime) -> str:
    """`há 3 min`, `há 2 h`, `há 5 dias`."""
    minutes = int((datetime.now(UTC) - at).total_seconds() // 60)
    if minutes < 1:
        return "agora"
    if minutes < 60:
        return f"há {minutes} min"
    if minutes < 60 * 24:
        return f"há {minutes // 60} h"
    days = minutes // (60 * 24)
    return f"há {days} dia{'s' if days > 1 else ''}"
