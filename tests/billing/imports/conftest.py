"""Files to import, and what the database holds after it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bot.billing.context import Context
from bot.billing.http import EXTENSION
from bot.billing.imports.service import Summary, import_file
from tests.billing.support import Api

CUSTOMERS = "identificador;cpf_cnpj;nome;telefone"
MARIA = "C-1;529.982.247-25;Maria Souza;(11) 98765-4321"
INVOICES = "identificador;cpf_cnpj;descricao;vencimento;valor;valor_pago"
SOFA = "F-1;529.982.247-25;Sofá;10/06/2026;389,90;"


class Import:
    """Writes a file, imports it, and keeps what was refused as (line, column, value, reason)."""

    def __init__(self, context: Context, folder: Path) -> None:
        self.context = context
        self.folder = folder
        self.rejected: list[tuple[str, str, str, str]] = []

    def __call__(self, content: str | bytes | list[list[Any]], **options: Any) -> Summary:
        """Import CSV from text or bytes, or a sheet from rows."""
        return self.file(self.write(content), **options)

    def file(self, path: Path, **options: Any) -> Summary:
        report = self.folder / "rejected.csv"
        try:
            return import_file(self.context, path, report=report, **options)
        finally:
            if report.exists():
                with report.open(encoding="utf-8-sig", newline="") as file:
                    self.rejected = [tuple(row) for row in csv.reader(file, delimiter=";")][1:]

    def write(self, content: str | bytes | list[list[Any]]) -> Path:
        if isinstance(content, list):
            book = Workbook()
            for row in content:
                book.active.append(row)
            book.save(self.folder / "file.xlsx")
            return self.folder / "file.xlsx"
        path = self.folder / "file.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    @property
    def reasons(self) -> list[str]:
        return [reason for *_, reason in self.rejected]


@pytest.fixture
def context(api: Api) -> Context:
    found: Context = api.app.extensions[EXTENSION]
    return found


@pytest.fixture
def take(context: Context, tmp_path: Path) -> Import:
    return Import(context, tmp_path)


def lines(*rows: str) -> str:
    return "\n".join(rows) + "\n"


Take = Callable[..., Summary]
