"""The report and the transcripts, in Portuguese and Markdown."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.rehearsal.mind import Outcome
from bot.rehearsal.results import Judged, Results
from bot.rehearsal.rules import RULES
from bot.rehearsal.talk import Exchange

MOST_LISTED = 30


def report(results: Results) -> str:
    """The whole report."""
    sections = (
        _figures(results),
        _by_persona(results),
        _handoffs(results),
        _rules(results),
        _violations(results),
        _dead_ends(results),
        _mishaps(results),
        _repetitions(results),
    )
    return "\n".join("\n".join(section) for section in sections) + "\n"


def _figures(results: Results) -> Iterator[str]:
    figures = results.figures()
    share = f"{figures['agreed_share']:.0%}"
    yield f"# Ensaio: {figures['conversations']} conversas, semente {results.seed}\n"
    yield "| medida | valor |\n|---|---|"
    yield f"| conversas | {figures['conversations']} em {results.seconds:.0f} s |"
    yield f"| acordos | {figures['agreements']} |"
    yield f"| de quem pode pagar, com acordo e sem pessoa | {share} de {figures['could_pay']} |"
    yield f"| mensagens do robô por acordo (mediana) | {figures['bot_messages_per_agreement']:g} |"
    yield f"| becos sem saída | {figures['dead_ends']} |"
    yield f"| regras quebradas | {figures['violations']} |"
    yield f"| a mesma mensagem duas vezes seguidas | {figures['repeated_bubbles']} |"
    yield f"| a mesma frase duas vezes seguidas | {figures['repeated_sentences']} |"
    yield f"| falas mal respondidas | {figures['misunderstandings']} |"


def _by_persona(results: Results) -> Iterator[str]:
    yield "\n## Por pessoa\n"
    outcomes = list(Outcome)
    yield f"| pessoa | {' | '.join(outcomes)} | mal respondidas |"
    yield "|---" * (len(outcomes) + 2) + "|"
    names = sorted({judged.conversation.debtor.persona.name for judged in results.judged})
    for name in names:
        those = [j for j in results.judged if j.conversation.debtor.persona.name == name]
        counts = Counter(judged.conversation.outcome for judged in those)
        cells = " | ".join(str(counts[outcome] or "") for outcome in outcomes)
        yield f"| {name} | {cells} | {sum(len(j.conversation.mishaps) for j in those) or ''} |"


def _handoffs(results: Results) -> Iterator[str]:
    yield "\n## Passadas a uma pessoa, pelo motivo na fila\n"
    yield "| motivo | conversas |\n|---|---|"
    for reason, count in results.handoffs.most_common():
        yield f"| {reason} | {count} |"


def _rules(results: Results) -> Iterator[str]:
    yield "\n## Regras, conferidas em cada mensagem\n"
    yield "| regra | vezes quebrada |\n|---|---|"
    broken = Counter(v.rule for judged in results.judged for v in judged.violations)
    for name, (title, _) in RULES.items():
        yield f"| {title} | {broken[name]} |"


def _violations(results: Results) -> Iterator[str]:
    found = [(j, v) for j in results.judged for v in j.violations]
    if found:
        yield "\n## Regras quebradas\n"
    for judged, violation in found[:MOST_LISTED]:
        yield f"- {_link(judged)}, fala {violation.exchange + 1}: {violation.rule}: {violation.why}"
        yield f"  > {violation.excerpt}"


def _dead_ends(results: Results) -> Iterator[str]:
    if results.dead_ends:
        yield "\n## Becos sem saída\n"
    for judged in results.dead_ends[:MOST_LISTED]:
        conversation = judged.conversation
        yield f"- {_link(judged)}: {conversation.dead_end}"
        yield from (f"  > {line}" for line in _quoted(conversation.exchanges[-1]))


def _mishaps(results: Results) -> Iterator[str]:
    found = [(j, m) for j in results.judged for m in j.conversation.mishaps]
    if found:
        yield "\n## Falas mal respondidas\n"
        yield "| fala | vezes | exemplo | esperado | veio | conversa |\n|---|---|---|---|---|---|"
    said = Counter(mishap.said for _, mishap in found)
    for name, count in said.most_common():
        judged, mishap = next((j, m) for j, m in found if m.said == name)
        expected = mishap.expected.replace("|", "\\|")
        came = f"{mishap.moment} | {_link(judged)}"
        yield f"| {name} | {count} | {mishap.words} | {expected} | {came} |"


def _repetitions(results: Results) -> Iterator[str]:
    found = [(j, r) for j in results.judged for r in j.repetitions]
    if found:
        yield "\n## O mesmo duas vezes seguidas\n"
    for judged, repetition in found[:MOST_LISTED]:
        what = "mensagem" if repetition.is_whole_bubble else "frase"
        words = " ".join(repetition.words.split())[:120]
        yield f"- {_link(judged)}, fala {repetition.exchange + 1}, {what}: {words}"


def _link(judged: Judged) -> str:
    name = judged.conversation.debtor.file_name
    return f"[{name.removesuffix('.md')}]({name})"


def transcript(judged: Judged) -> str:
    """A conversation as it was on the phone, with what is wrong in it."""
    conversation = judged.conversation
    debtor = conversation.debtor
    lines = [
        f"# {debtor.number:03d} {debtor.persona.name}: {conversation.outcome}",
        "",
        f"{debtor.persona.who} {debtor.name}, {len(debtor.bills)} conta(s).",
        *([f"**Beco sem saída:** {conversation.dead_end}"] if conversation.dead_end else []),
        *([f"Na fila de pessoas: {conversation.handoff}"] if conversation.handoff else []),
    ]
    for number, exchange in enumerate(conversation.exchanges):
        lines += ["", *_said(number, exchange), *_quoted(exchange), *_faults(judged, number)]
    for mishap in conversation.mishaps:
        lines += ["", f"⚠️ “{mishap.words}” esperava {mishap.expected}; veio {mishap.moment}"]
    return "\n".join(lines) + "\n"


def _said(number: int, exchange: Exchange) -> Sequence[str]:
    how = "toca em " if exchange.is_tap else ""
    said = " / ".join(exchange.texts)
    return [f"**{number + 1}. {how}{said}**  _({exchange.name})_", ""]


def _quoted(exchange: Exchange) -> list[str]:
    lines: list[str] = []
    for bubble in exchange.bubbles:
        lines += ["", *(f"> {line}" for line in bubble.text.splitlines())]
        if bubble.taps:
            lines.append("> " + " ".join(f"`{tap.title}`" for tap in bubble.taps))
    return lines or ["", "> (silêncio)"]


def _faults(judged: Judged, number: int) -> Iterator[str]:
    for violation in judged.violations:
        if violation.exchange == number:
            yield f"\n❌ {RULES[violation.rule][0]}: {violation.why}"
    for repetition in judged.repetitions:
        if repetition.exchange == number:
            yield f"\n🔁 repetido: {' '.join(repetition.words.split())[:100]}"
