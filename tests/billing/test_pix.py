"""The Pix BR Code against the examples of the Central Bank, and against damage of any kind."""

import io
import re
from decimal import Decimal

import pytest
import zxingcpp
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from bot.billing import pix

# BCB, Manual de Padrões para Iniciação do Pix, sections 2.6.3, 2.7.2 and 2.8.
STATIC = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
DYNAMIC = (
    "00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd441"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***630464E4"
)
COMPOSITE = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865406100.505802BR5913Fulano de Tal6008BRASILIA62070503***"
    "80740014br.gov.bcb.pix2552pix.example.com/rec/2353c790eefb11eaadc10242ac12000263042875"
)
KEY = "123e4567-e12b-12d1-a456-426655440000"
URL = "pix.example.com/8b3da2f39a4140d1a91abd93113bd441"
WHO = {"name": "Fulano de Tal", "city": "BRASILIA"}

FIELDS = {
    "00": "01",
    "26": f"0014br.gov.bcb.pix0136{KEY}",
    "52": "0000",
    "53": "986",
    "54": "100.50",
    "58": "BR",
    "59": "Fulano de Tal",
    "60": "BRASILIA",
    "62": "0503***",
}

txids = st.just("***") | st.from_regex(r"[A-Za-z0-9]{1,25}", fullmatch=True)
keys = st.emails().filter(lambda key: len(key) <= 77) | st.uuids().map(str)
amounts = st.none() | st.decimals("0.01", "9999999999.99", places=2)
latin = st.text("ÁÉÍÓÚÇÃÕáéíóúçãõabcXYZ &-0123456789", min_size=1, max_size=40).filter(
    lambda text: re.search(r"\w|&|-", text)
)


def test_the_static_example_of_the_central_bank_comes_out_whole():
    assert pix.brcode(key=KEY, **WHO) == STATIC


def test_the_dynamic_example_of_the_central_bank_comes_out_whole():
    assert pix.brcode(url=URL, **WHO) == DYNAMIC
    assert pix.brcode(url=f"https://{URL}", **WHO) == DYNAMIC


def test_the_static_example_is_read():
    read = pix.parse(STATIC)
    assert read == pix.BrCode(KEY, None, "Fulano de Tal", "BRASILIA", None, "***", None, False)
    assert not read.dynamic


def test_the_dynamic_example_is_read():
    read = pix.parse(f" {DYNAMIC}\n")
    assert read == pix.BrCode(None, URL, "Fulano de Tal", "BRASILIA", None, "***", None, True)
    assert read.dynamic


def test_the_composite_example_is_read_for_its_payment():
    """Its recurrence (tag 80) is none of our business, and no reason to refuse it."""
    read = pix.parse(COMPOSITE)
    assert (read.key, read.amount) == (KEY, Decimal("100.50"))


def test_the_gui_may_be_in_capitals():
    """BCB, Manual, note 10: the GUI is case insensitive; many banks write it in capitals."""
    read = pix.parse(resigned(STATIC.replace("br.gov.bcb.pix", "BR.GOV.BCB.PIX")))
    assert read.key == KEY


def test_another_arrangement_may_come_before_the_pix():
    other = "26220018br.com.outro.pagar"
    pix_at_27 = STATIC.replace("26580014", other + "27580014")
    assert pix.parse(resigned(pix_at_27)).key == KEY


@given(keys, latin, latin, amounts, txids)
def test_a_static_code_is_read_back(key, name, city, amount, txid):
    read = pix.parse(pix.brcode(key=key, name=name, city=city, amount=amount, txid=txid))
    assert (read.key, read.url, read.amount, read.txid) == (key, None, amount, txid)
    assert read.name.isascii()
    assert 1 <= len(read.name) <= 25
    assert 1 <= len(read.city) <= 15


@given(st.from_regex(r"[a-z]{1,9}\.[a-z]{2,3}(/[a-z0-9]{1,30}){1,2}", fullmatch=True), amounts)
def test_a_dynamic_code_is_read_back(url, amount):
    read = pix.parse(pix.brcode(url=url, amount=amount, **WHO))
    assert (read.url, read.key, read.amount, read.single_use) == (url, None, amount, True)


def test_names_lose_their_accents_and_their_excess():
    code = pix.brcode(
        key=KEY, name="Associação Educacional São João", city="São José do Rio Preto", info="nº 7 ✓"
    )
    read = pix.parse(code)
    assert (read.name, read.city) == ("Associacao Educacional Sa", "Sao Jose do Rio")
    assert read.info == "no 7"


@given(st.sampled_from([STATIC, DYNAMIC, COMPOSITE]), st.data())
def test_any_damaged_character_is_caught(code, data):
    position = data.draw(st.integers(0, len(code) - 1))
    char = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    assume(char.upper() != code[position].upper() or position < len(code) - 4)
    assume(char != code[position])
    with pytest.raises(ValueError, match="BR Code"):
        pix.parse(code[:position] + char + code[position + 1 :])


@given(st.text(st.characters()))
def test_whatever_is_not_a_br_code_is_a_value_error(text):
    with pytest.raises(ValueError, match="BR Code"):
        pix.parse(text)


@given(st.lists(st.tuples(st.integers(0, 99), st.text(st.characters(), max_size=12)), max_size=9))
def test_any_signed_fields_are_read_or_refused_with_a_value_error(fields):
    body = "000201" + "".join(f"{tag:02d}{len(value):02d}{value}" for tag, value in fields)
    try:
        pix.parse(signed(body))
    except ValueError:
        return


@given(st.sampled_from(["26", "52", "53", "54", "58", "59", "60", "62"]), st.text(max_size=20))
def test_any_value_in_any_field_is_read_or_refused_with_a_value_error(tag, value):
    fields = {**FIELDS, tag: value}
    body = "".join(f"{name}{len(field):02d}{field}" for name, field in fields.items())
    try:
        pix.parse(signed(body))
    except ValueError:
        return


@pytest.mark.parametrize("thing", [None, 5, b"000201", ["000201"], object()])
def test_what_is_not_text_is_a_value_error_too(thing):
    with pytest.raises(ValueError, match="expected text"):
        pix.parse(thing)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("000201", "000202", "start with tag 00"),
        ("000201", "", "start with tag 00"),
        ("5303986", "5303840", "tag 53 is '840', expected 986"),
        ("5303986", "", "tag 53 is missing"),
        ("52040000", "", "tag 52 is missing"),
        ("5802BR", "5802US", "tag 58 is 'US', expected BR"),
        ("5913Fulano de Tal", "", "tag 59 is missing"),
        ("6008BRASILIA", "", "tag 60 is missing"),
        ("62070503***", "", "tag 62 is missing"),
        ("62070503***", "62070603***", "tag 62: tag 05 is missing"),
        ("5802BR", "5802BR5802BR", "tag 58 appears twice"),
        ("5802BR", "54031,05802BR", "tag 54 is '1,0'"),
        ("5802BR", "54005802BR", "tag 54 has no value of 00"),
        ("000201", "000201010213", "tag 01 is '13'"),
        ("br.gov.bcb.pix", "br.gov.bcb.pox", "no tag from 26 to 51 is of br.gov.bcb.pix"),
        ("0136123e", "0336123e", "expected a Pix key"),
        ("0136123e", "0139123e", "tag 26: tag 01 has no value of 39"),
        ("62070503***", "6207xx03***", "tag 62: no tag and length at position 0"),
    ],
)
def test_a_refusal_says_which_field_is_wrong(old, new, problem):
    with pytest.raises(ValueError, match=problem):
        pix.parse(resigned(STATIC.replace(old, new, 1)))


def test_a_wrong_crc_says_the_right_one():
    with pytest.raises(ValueError, match="CRC is '0000', expected 1D3D"):
        pix.parse(STATIC[:-4] + "0000")


def test_nothing_may_follow_the_crc():
    with pytest.raises(ValueError, match="end with tag 63"):
        pix.parse(f"{STATIC}6101x")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "give one of them"),
        ({"key": KEY, "url": URL}, "give one of them"),
        ({"key": "x" * 78}, "key: 1 characters too many for tag 26"),
        ({"key": "x" * 500}, "key: 424 characters too many for tag 26"),
        ({"key": KEY, "info": "x" * 38}, "key and info: 1 characters too many"),
        ({"key": ""}, "key: '' must be ASCII"),
        ({"key": "a b@c.d"}, "key: 'a b@c.d' must be ASCII characters without spaces"),
        ({"key": "joão@c.d"}, "key: .* must be ASCII"),
        ({"url": "pix.example.com"}, "url: .* not a host and path"),
        ({"url": "http://pix.example.com/a"}, "url: .* not a host and path"),
        ({"url": f"pix.example.com/{'a' * 62}"}, "url: 1 characters too many for tag 26"),
        ({"url": URL, "info": "a"}, "info: a dynamic code"),
        ({"key": KEY, "txid": ""}, "txid: '' is neither"),
        ({"key": KEY, "txid": "A-1"}, "txid: 'A-1' is neither"),
        ({"key": KEY, "txid": "é"}, "txid: 'é' is neither"),
        ({"key": KEY, "txid": "A" * 26}, "has 26 characters, tag 62-05 holds 25"),
        ({"key": KEY, "amount": Decimal("0.00")}, "amount: a code for nothing"),
        ({"key": KEY, "amount": Decimal("-1.00")}, "amount: -1.00 is negative"),
        ({"key": KEY, "amount": Decimal("1.001")}, "amount: 1.001 has more than 2 decimals"),
        ({"key": KEY, "amount": Decimal(10000000000)}, "amount: .* too large"),
        ({"key": KEY, "name": "日本"}, "name: '日本' has no ASCII letters"),
        ({"key": KEY, "city": " "}, "city: ' ' has no ASCII letters"),
        ({"key": KEY, "info": "✓"}, "info: '✓' has no ASCII letters"),
    ],
)
def test_a_code_that_no_bank_would_read_is_refused(fields, problem):
    with pytest.raises(ValueError, match=problem):
        pix.brcode(**{**WHO, **fields})


def test_an_amount_in_float_is_refused():
    with pytest.raises(TypeError, match="amount: expected a Decimal"):
        pix.brcode(key=KEY, amount=1.5, **WHO)


@pytest.mark.parametrize("code", [STATIC, DYNAMIC, COMPOSITE])
def test_the_qr_sent_in_the_chat_is_decoded_back(code):
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(pix.qr_png(code))))
    assert [qr.text for qr in found] == [code]


@pytest.mark.parametrize("code", [STATIC, DYNAMIC, COMPOSITE])
def test_the_qr_of_the_web_page_is_decoded_back(code):
    svg = pix.qr_svg(code)
    assert svg.startswith("<svg")
    assert [qr.text for qr in zxingcpp.read_barcodes(drawn(svg))] == [code]


def test_the_modules_of_a_qr_are_a_square():
    rows = pix.qr_modules(STATIC)
    assert {len(row) for row in rows} == {len(rows)}
    assert {module for row in rows for module in row} == {0, 1}


def resigned(code):
    """Sign a changed code again, so that its CRC is not what is wrong with it."""
    return signed(code[:-8])


def signed(body):
    """Add tag 63: CRC16-CCITT-FALSE bit by bit, as the BR Code manual describes it."""
    crc = 0xFFFF
    for byte in f"{body}6304".encode(errors="replace"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return f"{body}6304{crc:04X}"


def drawn(svg):
    """Draw the runs of a QR in SVG, eight pixels a module."""
    side = int(re.search(r"viewBox=\"0 0 (\d+)", svg).group(1)) * 8
    image = Image.new("L", (side, side), 255)
    path = re.search(r"class=\"qrline\".* d=\"([^\"]+)\"", svg).group(1)
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path):
        if command == "h":
            image.paste(0, tuple(int(8 * n) for n in (x, y - 0.5, x + float(first), y + 0.5)))
            x += float(first)
        else:
            x, y = (x * (command == "m") + float(first), y * (command == "m") + float(second))
    return image
