"""What `combinado nlu evaluate` prints, in Markdown; trainers read it, so in Portuguese."""

from collections.abc import Sequence
from itertools import islice

from bot.nlu.measures import (
    Confusion,
    IntentMeasures,
    Measures,
    Understood,
    by_intent,
    confusions,
    measure,
)

WORST = 15
"""How many confusions are told."""


def markdown(title: str, understood: Sequence[Understood]) -> str:
    """The figures of one file of messages."""
    lines = [
        f"## {title}",
        "",
        *_overall(measure(understood)),
        "",
        *_intents(by_intent(understood)),
        "",
        *_confusions(confusions(understood)),
    ]
    return "\n".join(lines)


def _overall(measures: Measures) -> list[str]:
    times = f"p50 {measures.parse_p50:.1f} ms, p95 {measures.parse_p95:.1f} ms"
    return [
        "| medida | resultado |",
        "|---|---|",
        f"| mensagens | {measures.messages} |",
        f"| acertos | {measures.accuracy:.3f} |",
        f"| erra e age | {measures.wrong_and_acting:.3f} |",
        f"| pergunta de novo | {measures.asked:.3f} |",
        f"| erro de calibração (ECE) | {measures.calibration_error:.3f} |",
        f"| tempo por mensagem | {times} |",
    ]


def _intents(measured: Sequence[IntentMeasures]) -> list[str]:
    return [
        "| intenção | mensagens | precisão | cobertura | F1 |",
        "|---|---|---|---|---|",
        *(
            f"| {each.intent} | {each.messages} | {each.precision:.2f} | {each.recall:.2f} "
            f"| {each.f1:.2f} |"
            for each in measured
        ),
    ]


def _confusions(found: Sequence[Confusion]) -> list[str]:
    lines = ["Piores confusões (entre parênteses a confiança; com ? o bot pergunta):", ""]
    for each in islice(found, WORST):
        lines.append(f"- {each.meant} entendida como {each.heard}: {len(each.messages)}")
        lines += [f"  - {_message(message)}" for message in each.messages]
    return lines


def _message(message: Understood) -> str:
    return f"“{message.text}” ({message.confidence:.2f}{'?' if message.asked else ''})"
