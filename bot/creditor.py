"""Who is charging: `policies/creditor.yml`, and how a file of `policies/` is read at all.

Everybody who speaks to a debtor names the creditor from here (CDC art. 42-A).
"""

import string
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic import ValidationError as InvalidModel
from validate_docbr import CNPJ

from bot.business_hours import BusinessHours
from bot.settings import PROJECT, SettingsError

POLICIES = PROJECT / "policies"


class PolicyError(SettingsError):
    """A policy file cannot be used; one line that names the file, the line and the field."""


class Policy(BaseModel):
    """Parent of what policy files hold: frozen, and a misspelt field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Loaded = TypeVar("Loaded", bound=BaseModel)


def load_policy(path: Path, model: type[Loaded]) -> Loaded:
    """Read a YAML file into `model`.

    Raises PolicyError when the file is missing, is not YAML or breaks a rule of the model.
    """
    return parse_policy(read_policy(path), str(path), model)


def read_policy(path: Path) -> str:
    """Return the text of a policy file. Raises PolicyError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PolicyError(f"{path}: not found. Copy it from the project and adapt it.") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PolicyError(f"{path}, line {line}: not UTF-8: save the file as UTF-8") from None
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read: {error.strerror}") from None


def parse_policy(text: str, name: str, model: type[Loaded]) -> Loaded:
    """Read YAML into `model`. Raises PolicyError that names `name`, the line and the field."""
    try:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
        content = yaml.load(text, yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyError(f"{name}, line {line}: not YAML: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PolicyError(f"{name}, line {line}: not YAML: {error.reason}") from None
    _refuse_duplicates(tree, name)
    try:
        return model.model_validate(content)
    except InvalidModel as error:
        where, message = fault(error)
        field = ".".join(str(part) for part in where) or "the file"
        raise PolicyError(f"{name}, line {_line(tree, where)}: {field}: {message}") from None


def fault(error: InvalidModel) -> tuple[list[int | str], str]:
    """Return where the first mistake is, and what. A rule between fields says where itself."""
    first = error.errors(include_url=False)[0]
    where = [part for part in first["loc"] if _is_in_file(part)]
    return [*where, *first.get("ctx", {}).get("at", ())], first["msg"].removeprefix("Value error, ")


def _refuse_duplicates(node: yaml.Node | None, name: str, *where: str) -> None:
    """Raise PolicyError for a field written twice: YAML would silently take the last."""
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _refuse_duplicates(item, name, *where, str(number))
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            path = (*where, str(key.value))
            if path[-1] in seen:
                line = key.start_mark.line + 1
                raise PolicyError(f"{name}, line {line}: {'.'.join(path)}: written twice")
            seen.add(path[-1])
            _refuse_duplicates(value, name, *path)


def _is_in_file(part: int | str) -> bool:
    return isinstance(part, int) or part.isidentifier()


def _line(node: yaml.Node | None, where: list[int | str]) -> int:
    """Return the line, from 1, of the deepest node on the way that is in the file."""
    line = node.start_mark.line + 1 if node else 1
    for part in where:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, part: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    return None


def sentence(*fields: str) -> AfterValidator:
    """Refuse a sentence of a policy with a field in braces that nobody fills in."""

    def check(template: str) -> str:
        used = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        if used - set(fields):
            raise ValueError(f"unknown field {', '.join(sorted(used - set(fields)))}")
        return template

    return AfterValidator(check)


def _check_cnpj(text: str) -> str:
    if not CNPJ().validate(text):
        raise ValueError(f"{text!r} is not a CNPJ: its check digits do not match")
    return text


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Creditor(Policy):
    """The company that charges: named on every document, page and by the bot."""

    name: Text
    legal_name: Text
    cnpj: Annotated[Text, AfterValidator(_check_cnpj)]
    address: Text
    city: Text
    site: Annotated[Text, StringConstraints(pattern=r"^https?://")]
    official_whatsapp: Text
    phone: Text
    assistant: Text
    business_hours: BusinessHours
    data_kept: Text
    data_kept_for: Text
    gains: tuple[Text, ...]
    consequences: tuple[Annotated[Text, sentence("multa", "juros")], ...]


class _Rates(BaseModel):
    """The rates of the contract as `negotiation.yml` writes them: "2%"."""

    multa: str
    juros_monthly: str


class _Negotiation(BaseModel):
    """As much of `negotiation.yml` as the creditor's sentences repeat."""

    late_charges: _Rates


def load_creditor(policies: Path = POLICIES) -> Creditor:
    """Read who charges, its consequences told with the rates of the negotiation policy.

    Raises PolicyError.
    """
    creditor = load_policy(policies / "creditor.yml", Creditor)
    rates = load_policy(policies / "negotiation.yml", _Negotiation).late_charges
    told = {"multa": rates.multa, "juros": rates.juros_monthly}
    written = {name: rate.replace(".", ",") for name, rate in told.items()}
    consequences = tuple(line.format(**written) for line in creditor.consequences)
    return creditor.model_copy(update={"consequences": consequences})


@cache
def get_creditor() -> Creditor:
    """The creditor of this installation, read once. Raises PolicyError."""
    return load_creditor()
