"""Settings of every process, read from the environment and `.env`.

What a business decides (offers, hours, creditor) is not here: see `policies/`.
"""

from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent

DEMO_SECRETS = {
    "whatsapp_phone_number_id": "100000000000001",
    "whatsapp_access_token": "demo-access-token",
    "whatsapp_app_secret": "demo-app-secret",
    "whatsapp_verify_token": "demo-verify-token",
    "secret_key": "demo-secret-key",
    "billing_token": "demo-billing-token",
}

DEMO_ACCOUNT_ID = "200000000000002"

REQUIRED = (*DEMO_SECRETS, "public_url")


class SettingsError(Exception):
    """A setting is missing or malformed; the message is one line that says which and why."""


class Settings(BaseSettings):
    """All settings. Field `web_port` is read from `WEB_PORT`, and so on.

    With `DEMO=1` secrets get public demo values and WhatsApp is the simulator;
    without it every secret must be given.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    demo: bool = False
    host: str = "127.0.0.1"
    private_host: str = "127.0.0.1"
    """Where Rasa and the actions listen: nothing asks them for a password."""
    var_dir: Path = PROJECT / "var"
    training_repository: Path = PROJECT
    """The git checkout in which trainers' changes are made; another one only in tests."""
    database_url: str = ""

    whatsapp_api_url: str = "https://graph.facebook.com"
    whatsapp_api_version: str = Field(default="v26.0", pattern=r"^v\d+\.\d+$")
    whatsapp_phone_number_id: str = ""
    whatsapp_business_account_id: str = ""
    """Whose templates are read from Meta; without it those of `policies/desk.yml` are offered."""
    whatsapp_access_token: SecretStr = SecretStr("")
    whatsapp_app_secret: SecretStr = SecretStr("")
    whatsapp_verify_token: SecretStr = SecretStr("")

    secret_key: SecretStr = SecretStr("")
    billing_token: SecretStr = SecretStr("")
    billing_provider: Literal["builtin", "asaas"] = "builtin"
    asaas_api_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    asaas_api_key: SecretStr = SecretStr("")
    asaas_webhook_token: SecretStr = SecretStr("")

    web_port: int = 8000
    billing_port: int = 8001
    simulator_port: int = 8002
    worker_port: int = 8003
    rasa_port: int = 5005
    actions_port: int = 5055

    public_url: str = ""
    billing_url: str = ""
    rasa_url: str = ""
    actions_url: str = ""

    burst_seconds: float = Field(default=1.0, ge=0, le=30)
    """A typed message waits this long for the next one of a burst; a tapped button never waits."""

    events_to_private_hosts: bool = False
    """Billing's events may go to hosts of a private network."""

    log_format: Literal["json", "console"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _fill_defaults(self) -> Self:
        if self.demo:
            self._fill_demo_values()
        for name in ("billing", "rasa", "actions"):
            if not getattr(self, f"{name}_url"):
                setattr(self, f"{name}_url", f"http://127.0.0.1:{getattr(self, f'{name}_port')}")
        if self.demo and not self.public_url:
            self.public_url = f"http://localhost:{self.web_port}"
        return self

    def _fill_demo_values(self) -> None:
        for name, value in DEMO_SECRETS.items():
            if not _plain(getattr(self, name)):
                field = type(self).model_fields[name]
                setattr(self, name, SecretStr(value) if field.annotation is SecretStr else value)
        if "whatsapp_business_account_id" not in self.model_fields_set:
            self.whatsapp_business_account_id = DEMO_ACCOUNT_ID
        if "whatsapp_api_url" not in self.model_fields_set:
            self.whatsapp_api_url = f"http://127.0.0.1:{self.simulator_port}"

    def missing(self) -> list[str]:
        """Names, as in the environment, of what has no default and nobody has set."""
        return [name.upper() for name in REQUIRED if not _plain(getattr(self, name))]


def _plain(value: SecretStr | str) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


@cache
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises SettingsError when one is missing or malformed.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}={first.get('input')!r}: {first['msg']}") from None
    missing = settings.missing()
    if missing:
        raise SettingsError(
            f"{', '.join(missing)}: not set. Put them in the environment or in .env, "
            "or set DEMO=1 to try Combinado with the simulator."
        )
    return settings
