"""Operators send files of their own: checked, uploaded once, shown safely, not kept for ever."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from PIL import Image

from bot.conversations import files
from bot.whatsapp.client import Refused
from bot.whatsapp.media import MEGABYTE
from tests.desk.browserless import Desk, deliver, waiting
from tests.desk.browserless import app as app
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import query
from tests.whatsapp.edge import quiet_database as quiet_database
from tests.whatsapp.fake import FakeWhatsApp

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
NOT_TAKEN = Refused(131053, "Media upload error", http_status=400)


def png() -> bytes:
    """A small picture."""
    from io import BytesIO

    kept = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(kept, "PNG")
    return kept.getvalue()


@pytest.fixture
def held(app: Flask) -> tuple[UUID, Desk]:
    """A conversation and who holds it."""
    id_, ana = waiting(), Desk(app)
    ana.posts(f"/desk/c/{id_}/take")
    return id_, ana


def _rows() -> list[Any]:
    return query("SELECT id, state, content FROM bot.outbox ORDER BY position")


def test_a_pdf_goes_out_with_what_was_written_below_it(held: tuple[UUID, Desk]) -> None:
    """Uploaded first, then sent by its id; the audit says what it was."""
    id_, ana = held
    assert ana.attaches(id_, "acordo nº 7.pdf", PDF, "Segue o acordo.").status_code == 200
    whatsapp = deliver(id_, FakeWhatsApp())
    assert whatsapp.uploaded == [("acordo nº 7.pdf", PDF, "application/pdf")]
    [(_, content, _)] = whatsapp.sent
    assert content["document"]["id"].startswith("media")
    assert content["document"]["filename"] == "acordo nº 7.pdf"
    assert content["document"]["caption"] == "Segue o acordo."
    assert set(content) == {"type", "document"}, "nothing of ours goes to Meta"
    [(details,)] = query("SELECT details FROM bot.audit WHERE what = 'file sent'")
    assert details["bytes"] == len(PDF)


def test_a_picture_needs_no_words(held: tuple[UUID, Desk]) -> None:
    """It is an image by its content, whatever it is called."""
    id_, ana = held
    ana.attaches(id_, "fotos/nota.pdf", png())
    [(_, content, _)] = deliver(id_, FakeWhatsApp()).sent
    assert content["type"] == "image"
    assert "caption" not in content["image"]
    assert "filename" not in content["image"], "WhatsApp has none for pictures"
    [(name,)] = query("SELECT name FROM bot.files")
    assert name == "nota.png"


def test_long_words_go_ahead_of_the_file(held: tuple[UUID, Desk]) -> None:
    """Nothing is cut: what does not fit below it comes before it."""
    id_, ana = held
    ana.attaches(id_, "a.pdf", PDF, "Uma frase inteira. " * 100)
    kinds = [content["type"] for _, content, _ in deliver(id_, FakeWhatsApp()).sent]
    assert kinds == ["text", "document"]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("boleto.pdf", b"MZ\x90\x00 a program", "não é nenhum deles por dentro"),
        ("foto.png", b"<svg onload=alert(1)>", "não é nenhum deles por dentro"),
        ("nada.pdf", b"", "não é nenhum deles por dentro"),
        ("foto.jpg", b"\xff\xd8\xff" + b"0" * 5 * MEGABYTE, "O arquivo tem 5,0 MB"),
        ("a.pdf", b"%PDF-" + b"0" * 17 * MEGABYTE, "O arquivo é grande demais"),
    ],
)
def test_what_whatsapp_does_not_take_is_refused_with_the_reason(
    held: tuple[UUID, Desk], name: str, data: bytes, why: str
) -> None:
    """Before anything is written; what was typed stays in the box."""
    id_, ana = held
    answer = ana.attaches(id_, name, data, "Segue.")
    assert answer.status_code in (413, 422)
    assert why in answer.text
    assert _rows() == []
    assert query("SELECT count(*) FROM bot.files") == [(0,)]


def test_only_there_a_request_may_be_large(held: tuple[UUID, Desk]) -> None:
    """Every other form keeps the house's limit, and nobody sends 4 MB without signing in."""
    id_, ana = held
    large = "x" * 4 * MEGABYTE
    assert ana.posts(f"/desk/c/{id_}/note", text=large).status_code == 413
    ana.posts("/desk/logout")
    assert ana.attaches(id_, "a.pdf", b"%PDF-" + b"0" * 4 * MEGABYTE).status_code == 413


def test_the_same_form_twice_is_one_file(held: tuple[UUID, Desk]) -> None:
    """A double click, or a browser that tries again."""
    id_, ana = held
    for _ in range(2):
        ana.attaches(id_, "a.pdf", PDF, message_id="6f1c1a52-7b3e-4f0e-9d6f-0d1e2c3b4a59")
    assert len(deliver(id_, FakeWhatsApp()).sent) == 1
    assert query("SELECT count(*) FROM bot.files") == [(1,)]


def test_a_file_meta_could_not_take_is_uploaded_anew_once(held: tuple[UUID, Desk]) -> None:
    """Then a person sees the reason; sending again uploads once more."""
    id_, ana = held
    ana.attaches(id_, "a.pdf", PDF)
    whatsapp = deliver(id_, FakeWhatsApp(NOT_TAKEN, NOT_TAKEN))
    assert len(whatsapp.uploaded) == 2
    [(row, state, _)] = _rows()
    assert state == "failed"
    assert "não aceitou o arquivo" in ana.gets(f"/desk/c/{id_}/thread").text
    assert ana.posts(f"/desk/c/{id_}/again/{row}").status_code == 204
    again = deliver(id_, FakeWhatsApp(NOT_TAKEN))
    assert len(again.uploaded) == 2
    assert [state for _, state, _ in _rows()] == ["failed", "accepted"]


def test_a_message_tried_again_is_not_uploaded_again(held: tuple[UUID, Desk]) -> None:
    """Meta keeps the file for 30 days."""
    id_, ana = held
    ana.attaches(id_, "a.pdf", PDF)
    busy = deliver(id_, FakeWhatsApp(Refused(131000, "busy", http_status=500)))
    query("UPDATE bot.outbox SET next_attempt_at = now()")
    assert len(busy.uploaded) == 1
    later = deliver(id_, FakeWhatsApp())
    assert later.uploaded == []
    assert len(later.sent) == 1


def test_an_upload_without_an_answer_is_made_again(held: tuple[UUID, Desk]) -> None:
    """Nothing was sent yet, so nothing can be sent twice."""
    id_, ana = held
    ana.attaches(id_, "a.pdf", PDF)
    lost = FakeWhatsApp()
    lost.uploads = [Refused(131000, "upload: ReadTimeout")]
    assert deliver(id_, lost).sent == []
    assert [state for _, state, _ in _rows()] == ["pending"]


def test_files_of_ours_open_safely_and_only_in_their_conversation(
    app: Flask, held: tuple[UUID, Desk]
) -> None:
    """A picture is shown, a PDF downloaded; neither runs anything; another team finds nothing."""
    id_, ana = held
    ana.attaches(id_, "foto.png", png())
    ana.attaches(id_, "acordo.pdf", PDF)
    (picture, _, _), (paper, _, _) = _rows()
    shown = ana.gets(f"/desk/c/{id_}/sent/{picture}")
    assert shown.mimetype == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    saved = ana.gets(f"/desk/c/{id_}/sent/{paper}")
    assert saved.mimetype == "application/octet-stream"
    assert saved.headers["Content-Disposition"] == "attachment; filename=acordo.pdf"
    assert saved.data == PDF
    other = waiting(phone="5521976543210")
    assert ana.gets(f"/desk/c/{other}/sent/{paper}").status_code == 404
    assert Desk(app, team="outra").gets(f"/desk/c/{id_}/sent/{paper}").status_code == 404
    assert ana.gets(f"/desk/c/{id_}/sent/{uuid4()}").status_code == 404


def test_bytes_are_not_kept_for_ever(held: tuple[UUID, Desk]) -> None:
    """After 30 days the transcript still says that a file was sent."""
    id_, ana = held
    ana.attaches(id_, "acordo.pdf", PDF)
    deliver(id_, FakeWhatsApp())
    files.forget_old()
    assert query("SELECT data IS NULL FROM bot.files") == [(False,)]
    query("UPDATE bot.files SET created_at = now() - interval '31 days'")
    files.forget_old()
    assert query("SELECT data IS NULL FROM bot.files") == [(True,)]
    thread = ana.gets(f"/desk/c/{id_}/thread").text
    assert "não fica guardado" in thread
    assert "acordo.pdf" in thread
    [(row, _, _)] = _rows()
    assert ana.gets(f"/desk/c/{id_}/sent/{row}").status_code == 404
    assert query("SELECT count(*) FROM bot.audit WHERE what = 'files forgotten'") == [(1,)]
