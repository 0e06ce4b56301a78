"""How much personal data does masking find, and how much of what it finds is some?

`python -m bench.masking`: recall and precision by kind, for the table written before the rules
and those written after them.
"""

from bot.training.masking_rules import Kind
from tests.training.measuring import TABLES, Measured, measure


def main() -> None:
    """Print one table in Markdown for each table of messages."""
    for table in TABLES:
        measured = measure(table)
        print(f"{table.name}: recall {measured.recall:.3f}, precision {measured.precision:.3f}\n")
        print("| kind | pieces | recall | found | precision |", "|---|---|---|---|---|", sep="\n")
        for kind in Kind:
            print(_line(kind, measured))
        print()


def _line(kind: Kind, measured: Measured) -> str:
    pieces, found = measured.pieces[kind], measured.found[kind]
    recall = f"{measured.hidden[kind] / pieces:.3f}" if pieces else "–"
    precision = f"{measured.right[kind] / found:.3f}" if found else "–"
    return f"| {kind} | {pieces} | {recall} | {found} | {precision} |"


if __name__ == "__main__":
    main()
