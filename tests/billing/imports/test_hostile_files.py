"""Files from the worst of days: a clear word for each, nothing lost, nothing broken."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.billing.imports.errors import ImportRefused
from bot.billing.imports.files import rows_of
from bot.billing.imports.words import Problem
from tests.billing.imports.conftest import CUSTOMERS, INVOICES, MARIA, Import, lines

OTHER = "C-2;526.018.159-06;João Pereira;(21) 97654-3210"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "está vazio"),
        (b"\n\n \n", "não achei o cabeçalho"),
        (CUSTOMERS.encode() + b"\n", "só tem o cabeçalho"),
        (b"nome\nMaria\n", "não achei o cabeçalho"),
        (b"nome;telefone\nMaria;11987654321\n", "faltam as colunas cpf_cnpj"),
        (b"nome;cpf;cnpj\nMaria;52998224725;\n", "duas colunas para cpf_cnpj"),
        (lines(CUSTOMERS, MARIA).encode("utf-16"), "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ".xls antigo"),
        (b"PK\x03\x04" + b"\x00" * 600, "não pode ser lida"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "não achei o cabeçalho"),
        (b"\x00" * 100_000, "não achei o cabeçalho"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(
    take: Import, content: bytes, reason: str
) -> None:
    with pytest.raises(ImportRefused, match=reason):
        take(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_common_way_to_write_a_csv_is_read(
    take: Import, encoding: str, delimiter: str, end: str
) -> None:
    text = f"Código;CPF;Razão Social{end}C-1;52998224725;Conceição{end}".replace(";", delimiter)
    assert take(text.encode(encoding)).new == 1


def test_one_line_in_another_encoding_does_not_spoil_the_rest(take: Import) -> None:
    content = lines(CUSTOMERS, MARIA).encode() + "C-2;52601815906;João;\n".encode("latin-1")
    assert take(content).new == 2


def test_swapped_accents_are_told(take: Import) -> None:
    swapped = "João".encode().decode("cp1252")
    assert take(lines(CUSTOMERS, MARIA, f"C-2;52601815906;{swapped};")).rejected == 1
    assert "acentos trocados" in take.reasons[0]


def test_nul_and_formulas_cost_their_row_and_are_harmless_in_the_report(take: Import) -> None:
    rows = ["C-2;52601815906;Jo\x00ão;", "=cmd|' /C calc'!A0;52601815906;João;"]
    summary = take(lines(CUSTOMERS, MARIA, *rows))
    assert (summary.new, summary.rejected) == (1, 2)
    assert take.reasons == ["caractere inválido", "fórmula; cole a célula como valor"]
    assert take.rejected[1][2].startswith("'=cmd")


def test_quotes_that_never_close_cost_one_line(take: Import) -> None:
    summary = take(lines(CUSTOMERS, MARIA, 'C-3;11144477735;"José;', OTHER))
    assert (summary.new, summary.rejected) == (2, 1)
    assert take.rejected[0][0] == "3"
    assert "aspas" in take.reasons[0]


def test_a_line_break_within_quotes_is_part_of_the_text(take: Import) -> None:
    assert take(lines(CUSTOMERS, 'C-1;52998224725;"Maria\nSouza";', OTHER)).new == 2
    assert take.rejected == []


def test_a_line_of_50_megabytes_is_skipped_without_being_read_whole(
    take: Import, tmp_path: Path
) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(lines(CUSTOMERS, MARIA).encode())
        for _ in range(50):
            file.write(b"x" * 1024 * 1024)
        file.write(lines("", OTHER).encode())
    summary = take.file(path)
    assert (summary.new, summary.rejected) == (2, 1)
    assert take.rejected == [("3", "", "", Problem.LINE_TOO_LONG.value)]


def test_rows_longer_and_shorter_than_the_header(take: Import) -> None:
    summary = take(lines(CUSTOMERS, f"{MARIA};;;", "C-2;52601815906;João", f"{OTHER};extra", "C-3"))
    assert (summary.new, summary.rejected) == (2, 2)


def test_the_dimension_a_sheet_claims_is_not_believed(take: Import, tmp_path: Path) -> None:
    take(lines(CUSTOMERS, MARIA))
    path = take.write([INVOICES.split(";"), ["F-1", "52998224725", "Sofá", "10/06/2026", 10]])
    forged = tmp_path / "forged.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'ref="A1:F2"', b'ref="A1:XFD1048576"')
            new.writestr(name, content)
    assert take.file(forged).new == 1


def test_a_small_sheet_that_unpacks_to_gigabytes_is_refused(take: Import, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * (101 * 1024**2))
    with pytest.raises(ImportRefused, match="grande demais"):
        take.file(bomb)


def test_merged_cells_and_formulas_of_a_sheet_are_told(take: Import, tmp_path: Path) -> None:
    take(lines(CUSTOMERS, MARIA))
    book = Workbook()
    sheet = book.active
    sheet.append(INVOICES.split(";"))
    sheet.append(["F-1", "52998224725", "Sofá", "10/06/2026", 10])
    sheet.append(["F-2", None, None, "10/07/2026", 10])
    sheet.append(["F-3", "52998224725", "Mesa", "10/07/2026", "=5+5"])
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "merged.xlsx")
    summary = take.file(tmp_path / "merged.xlsx")
    assert (summary.new, summary.rejected) == (1, 2)
    assert take.reasons == ["campo obrigatório vazio", "fórmula; cole a célula como valor"]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    import tracemalloc

    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        path.write_text(CUSTOMERS + "\n" + f"{MARIA}\n" * rows)
        tracemalloc.start()
        for _ in rows_of(path):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(5000) < peak(500) * 1.2
