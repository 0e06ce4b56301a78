"""What `personas.yml` holds: people, their sayings and their debts."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic import ValidationError as InvalidModel

FILE = Path(__file__).parent / "personas.yml"
MAYBE = "talvez "
"""Before a saying that is said only sometimes."""


class PersonasError(Exception):
    """`personas.yml` cannot be used; one line that names the place and the mistake."""


class Moment(StrEnum):
    """Where a conversation stands, as the person on the phone sees it."""

    OPENING = "inicio"
    IDENTITY = "identidade"
    REASON = "motivo"
    OFFERS = "ofertas"
    AMOUNT = "valor"
    DATE = "data"
    SUMMARY = "resumo"
    AGREED = "fechado"
    PERSON = "pessoa"
    STOPPED = "parou"
    STATUS = "situacao"
    NO_DEBT = "sem_conta"
    CODES = "codigos"
    DOUBT = "duvida"
    WAY_OUT = "saida"
    WHICH_BILL = "qual_conta"
    CHECK = "conferencia"
    PROMISE = "promessa"
    PROMISED = "anotado"
    MAY_SHOW = "posso_mostrar"
    WHAT_HAPPENED = "o_que_houve"
    WHAT_TO_CHANGE = "o_que_mudar"
    NEW_DATE = "troca_data"
    DATE_CHANGED = "data_trocada"
    TALK = "conversa"
    SILENCE = "silencio"


def _yes_or_no(value: object) -> object:
    return {"sim": True, "não": False, "nao": False}.get(str(value), value)


def _range(value: object) -> object:
    """Read 3-45 as (3, 45)."""
    return tuple(str(value).split("-")) if value is not None else None


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Range = Annotated[tuple[int, int], BeforeValidator(_range)]


class Entry(BaseModel):
    """Parent of what the file holds: a misspelt field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Manner(Entry):
    """How somebody writes: shares of their messages, in percent."""

    no_accents: int = Field(0, alias="sem_acento")
    abbreviates: int = Field(0, alias="abrevia")
    typos: int = Field(0, alias="erros")
    shouts: int = Field(0, alias="gritado")
    emoji: int = 0
    bursts: int = Field(0, alias="rajada")
    stories: int = Field(0, alias="historia")
    voice: int = Field(0, alias="audio")
    photo: int = Field(0, alias="foto")
    taps: int = Field(0, alias="toca")


class Purse(Entry):
    """What fits: shares of the debt of today, in percent."""

    monthly: Range | None = Field(None, alias="por_mes")
    down_payment: Range | None = Field(None, alias="entrada")
    at_once: YesNo = Field(False, alias="a_vista")


class Saying(Entry):
    """One thing to say, in several ways, and what has to come of it."""

    ways: list[str] = Field(alias="diz", min_length=1)
    stories: list[str] = Field([], alias="conta")
    serves: frozenset[Moment] = Field(frozenset(), alias="serve")
    answer: str | None = Field(None, alias="responde")
    button: str | None = Field(None, alias="botao")
    silences: YesNo = Field(False, alias="cala")
    vanishes: YesNo = Field(False, alias="some")
    ends: YesNo = Field(False, alias="encerra")
    is_question: YesNo = Field(False, alias="pergunta")


class Persona(Entry):
    """Somebody with a goal, a purse and a manner."""

    name: str = Field(alias="nome")
    who: str = Field(alias="quem")
    weight: int = Field(alias="peso", ge=1)
    debts: list[str] = Field(alias="dividas")
    reason: str = Field(alias="motivo")
    purse: Purse = Field(alias="bolso")
    manner: Manner = Field(alias="jeito")
    questions: int = Field(0, alias="perguntas")
    moments: dict[Moment, list[str]] = Field(alias="momentos")
    knows_cpf: YesNo = Field(True, alias="conhece_cpf")
    is_company: YesNo = Field(False, alias="empresa")
    has_agreement: YesNo = Field(False, alias="acordo")
    sayings: dict[str, Saying] = Field({}, alias="falas")

    @property
    def wants_to_pay(self) -> bool:
        """Whether anything fits at all."""
        return self.purse.at_once or self.purse.monthly is not None


class DebtKind(Entry):
    """Bills of one kind: how many, how much each, how late. `prescribed`: days over five years
    of one bill more, which may not be collected."""

    bills: Range = Field(alias="contas")
    amount: Range = Field(alias="valor")
    days_late: Range = Field(alias="dias")
    products: list[str] = Field(alias="produto")
    prescribed: Range | None = Field(None, alias="prescrita")


class Cast(Entry):
    """The whole file."""

    personas: list[Persona] = Field(alias="pessoas")
    sayings: dict[str, Saying] = Field(alias="falas")
    debts: dict[str, DebtKind] = Field(alias="dividas")
    first_names: list[str] = Field(alias="nomes")
    surnames: list[str] = Field(alias="sobrenomes")
    companies: list[str] = Field(alias="empresas")

    @model_validator(mode="after")
    def _check_names(self) -> "Cast":
        for persona in self.personas:
            for used in _sayings_of(persona):
                if used not in self.sayings and used not in persona.sayings:
                    raise ValueError(f"{persona.name}: there is no saying {used!r}")
            for kind in persona.debts:
                if kind not in self.debts:
                    raise ValueError(f"{persona.name}: there is no kind of debt {kind!r}")
        return self

    def only(self, name: str | None) -> "Cast":
        """The same with only one persona. Raises PersonasError when there is none of that name."""
        chosen = [persona for persona in self.personas if name in (None, persona.name)]
        if not chosen:
            names = ", ".join(persona.name for persona in self.personas)
            raise PersonasError(f"{name}: no such persona; there are {names}")
        return self.model_copy(update={"personas": chosen})

    def saying(self, persona: Persona, name: str) -> Saying:
        """How `persona` says `name`."""
        return persona.sayings.get(name) or self.sayings[name]


def _sayings_of(persona: Persona) -> list[str]:
    scripted = [name.removeprefix(MAYBE) for names in persona.moments.values() for name in names]
    return [*scripted, f"motivo_{persona.reason}"]


def load(path: Path = FILE) -> Cast:
    """Read the file. Raises PersonasError."""
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Cast.model_validate(content)
    except yaml.YAMLError as error:
        raise PersonasError(f"{path.name}: not YAML: {error}") from None
    except InvalidModel as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise PersonasError(f"{path.name}: {where}: {first['msg']}") from None
