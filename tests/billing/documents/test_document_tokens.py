"""Tokens: what they say is theirs, and nobody else can write one."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.billing.documents.facts import Kind
from bot.billing.documents.tokens import Issue, Signer

SIGNER = Signer("secret")
ISSUE = Issue(Kind.RECEIPT, UUID(int=7), date(2026, 7, 22), opens=True)
ISSUES = st.builds(
    Issue,
    st.sampled_from(Kind),
    st.uuids(),
    st.dates(date(2020, 1, 1), date(2199, 1, 1)),
    st.integers(0, 9999),
    st.booleans(),
)


@given(ISSUES)
def test_a_token_says_what_was_written_into_it(issue: Issue) -> None:
    token = SIGNER.token(issue)
    assert SIGNER.read(token) == issue
    assert len(token) == 48


@given(st.integers(0, 47), st.sampled_from("ABxyz019-_"))
def test_a_changed_token_proves_nothing(place: int, other: str) -> None:
    token = SIGNER.token(ISSUE)
    changed = token[:place] + other + token[place + 1 :]
    assert SIGNER.read(changed) == (ISSUE if changed == token else None)


@pytest.mark.parametrize("token", ["", "x", "x" * 48, "é" * 48, "A" * 48 + "\n", "A" * 10_000])
def test_anything_else_is_no_token(token: str) -> None:
    assert SIGNER.read(token) is None


def test_another_installation_signs_differently() -> None:
    assert Signer("other").read(SIGNER.token(ISSUE)) is None
    assert Signer("other").code(ISSUE) != SIGNER.code(ISSUE)


def test_the_link_and_the_paper_carry_the_same_code_but_not_the_same_token() -> None:
    proof = replace(ISSUE, opens=False)
    assert SIGNER.code(proof) == SIGNER.code(ISSUE)
    assert SIGNER.token(proof) != SIGNER.token(ISSUE)
    assert SIGNER.code(ISSUE) != SIGNER.code(replace(ISSUE, issued_on=date(2026, 7, 23)))
