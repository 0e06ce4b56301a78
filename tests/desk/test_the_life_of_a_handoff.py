"""From the debtor's message to the operator's reply on their phone, and back to the bot."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.desk.console import WAIT_MS, Console
from tests.house import House


def test_a_person_takes_over_helps_and_gives_back(
    house: House, console: Callable[..., Console]
) -> None:
    """Everything live, nothing reloaded."""
    phone = house.phone()
    ana = console("ana")
    for words in ("oi", "529", "quero falar com um atendente"):
        phone.says(words)
    ana.opens("Maria")
    ana.sees("Pediu uma pessoa")
    ana.sees("Maria Souza")
    ana.screenshot("fila")
    ana.takes()
    before = len(phone.bubbles())
    ana.replies("Oi, Maria! Aqui é a Ana. Em que posso ajudar?")
    assert "Aqui é a Ana" in phone.answer_after(before)

    phone.send(type="text", text="meu boleto venceu")
    ana.sees("meu boleto venceu")
    ana.screenshot("conversa")
    assert house.owner() == ("operator", "ask_human")

    before = len(phone.bubbles())
    ana.page.get_by_role("button", name="Devolver ao bot").click()
    expect(ana.page.get_by_text("O bot está respondendo")).to_be_visible(timeout=WAIT_MS)
    assert "assistente virtual" in phone.answer_after(before)
    assert house.owner()[0] == "bot"
    answer = phone.says("quais são as minhas contas?")
    assert "Sofá Bahia" in answer, "identity was confirmed lately and is not asked again"
