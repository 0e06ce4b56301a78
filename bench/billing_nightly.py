"""`python -m bench.billing_nightly`: the nightly update of a million bills, and large imports.

Each command runs as a process of its own on an empty embedded PostgreSQL, as a company would run
it; the kernel tells its peak memory, and PostgreSQL's is sampled meanwhile.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import psutil
from openpyxl import Workbook
from sqlalchemy import text
from validate_docbr import CPF

from bench import figures, machine
from bench.figures import MEGABYTE, Row
from bot import db

SMALL, LARGE = 10_000, 100_000
INVOICES = 1_000_000
SECONDS_BETWEEN_SAMPLES = 0.2
GENERATE = f"""
INSERT INTO billing.invoices (
    id, customer_id, external_id, contract, description, due, amount, paid_amount, carried,
    juros_from, status
)
SELECT gen_random_uuid(), owners.id, 'bench-' || number, 'C', 'Parcela', due, amount, paid, 0,
    CASE WHEN paid > 0 THEN due + 10 END, 'open'
FROM generate_series(1, {INVOICES}) AS number
JOIN (SELECT id, row_number() OVER () - 1 AS position FROM billing.customers) AS owners
    ON owners.position = number % {LARGE}
CROSS JOIN LATERAL (
    SELECT current_date - number % 2000 AS due, 10 + number % 100000 / 100.0 AS amount,
        CASE WHEN number % 10 = 0 THEN 5 ELSE 0 END AS paid
) AS made
"""


@dataclass(frozen=True)
class Run:
    """What a command took; peaks in bytes, PostgreSQL's as the shares of its processes (PSS).

    `cpu` are the seconds of our process alone: on a busy machine they say more than the clock.
    """

    seconds: float
    cpu: float
    ours: int
    postgres: int

    def __str__(self) -> str:
        ours, postgres = self.ours / MEGABYTE, self.postgres / MEGABYTE
        took = f"{self.seconds:.1f} s (our CPU {self.cpu:.1f} s)"
        return f"{took}, our peak {ours:.0f} MB, PostgreSQL's {postgres:.0f} MB"


def main() -> None:
    """Measure everything; figures go to stdout."""
    print(machine.describe(), end="\n\n", flush=True)
    with TemporaryDirectory(prefix="combinado-") as folder:
        os.environ |= {"DEMO": "1", "VAR_DIR": folder, "DATABASE_URL": ""}
        db.migrate()
        print(figures.table(_rows(Path(folder))))


def _rows(folder: Path) -> Iterator[Row]:
    for count in (SMALL, LARGE):
        path = _customers(folder, count)
        yield Row(f"Import, {count:,} customers, CSV", str(_run(folder, "import", path)))
    yield Row("The same file again", str(_run(folder, "import", path)))
    for count in (SMALL, LARGE):
        path = _invoices(folder, count)
        yield Row(f"Import, {count:,} invoices, CSV", str(_run(folder, "import", path)))
    path = _sheet(path)
    yield Row(f"Import, {LARGE:,} invoices again, XLSX", str(_run(folder, "import", path)))
    with db.transaction() as session:
        session.execute(text(GENERATE))
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE billing.invoices"))
    total = INVOICES + LARGE
    yield Row(f"Nightly update, {total:,} invoices", str(_run(folder, "nightly")))
    yield Row("The same night again", str(_run(folder, "nightly")))


def _run(folder: Path, *arguments: str | Path) -> Run:
    command = [sys.executable, "-m", "bot.cli", "billing", *map(str, arguments)]
    started = time.monotonic()
    with _sampled(machine.postgres_pid(folder)) as peak:
        process = subprocess.Popen(command, stdout=sys.stderr)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: failed")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(time.monotonic() - started, cpu, usage.ru_maxrss * 1024, peak[0])


@contextmanager
def _sampled(pid: int) -> Iterator[list[int]]:
    """Keep the peak of PostgreSQL's memory in a list of one, until the end of the block."""
    peak, over = [0], Event()

    def sample() -> None:
        while not over.wait(SECONDS_BETWEEN_SAMPLES):
            peak[0] = max(peak[0], _pss(psutil.Process(pid)))

    thread = Thread(target=sample)
    thread.start()
    yield peak
    over.set()
    thread.join()


def _pss(server: psutil.Process) -> int:
    found = 0
    for process in [server, *server.children(recursive=True)]:
        try:
            found += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue  # a backend that has ended
    return found


def _cpf(number: int) -> str:
    """Return a valid CPF, another one for each number."""
    nine = f"{number + 100_000_000:09}"
    for _ in range(2):
        left = sum(int(d) * w for d, w in zip(nine, range(len(nine) + 1, 1, -1), strict=True)) % 11
        nine += str(0 if left < 2 else 11 - left)
    assert CPF().validate(nine)
    return nine


def _customers(folder: Path, count: int) -> Path:
    path = folder / f"customers-{count}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("identificador;cpf_cnpj;nome;nascimento;email;telefone\n")
        for number in range(count):
            phone = f"(11) 9{number + 10_000_000:08}"
            file.write(f"C-{number};{_cpf(number)};Maria Souza {number};03/05/1988;")
            file.write(f"maria{number}@example.com;{phone}\n")
    return path


def _invoices(folder: Path, count: int) -> Path:
    path = folder / f"invoices-{count}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("identificador;identificador_cliente;contrato;descricao;vencimento;valor\n")
        for number in range(count):
            day = f"{number % 28 + 1:02}/{number % 12 + 1:02}/2025"
            file.write(f"F-{number};C-{number};LH-{number};Parcela {number};{day};1.389,90\n")
    return path


def _sheet(path: Path) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    with path.open(encoding="utf-8") as file:
        for line in file:
            sheet.append(line.rstrip("\n").split(";"))
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


if __name__ == "__main__":
    main()
