"""What the person who runs the service may set, and where from: a YAML file, then the environment
over it.

An unknown name is refused with the nearest known one: a setting that is silently ignored is a
promise broken.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from authored import Authored, Mistake, Mistakes, did_you_mean, read_file, shape

PREFIX = "QUIETLINE_"
OFF = "off"
"""Written for a listener that is not wanted."""
UNIX = "unix:"
"""How a socket on this machine is written, before its path."""
ELSEWHERE = frozenset(
    {
        "DESK_SECONDS",
        "DESK_SEED",
        "FLIPS",
        "FUZZ",
        "KILLS",
        "SEED",
        "SETTINGS",
        "SPREADSHEET",
        "SUITE",
        "TEST_DATABASE_URL",
        "TRIALS",
        "TRIALS_DATABASE",
        "TRIALS_TOLD",
    }
)
"""Names with our prefix that other parts read: tests, the launcher, the place of the settings
file.
"""


class Settings(BaseModel):
    """All settings. In the environment each has the prefix `QUIETLINE_` and capitals."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data: Path = Field(Path("data"), description="Where the database and confirmations are kept.")
    database: SecretStr = Field(
        SecretStr(""),
        description="A PostgreSQL database, like postgresql://quietline@host/quietline; "
        "default: files in the data folder.",
    )
    database_file: Path | None = Field(
        None, description="A file with that address, when there is a password in it (mode 0600)."
    )
    key_ring: Path | None = Field(
        None, description="Where keys are kept; default: memory-backed storage where there is any."
    )
    key_service: str = Field(
        "",
        description="Where key services answer, separated by commas: unix:/run/quietline/keys.sock,"
        " keys.example.org:8700; default: none, keys are in folders of this machine.",
    )
    key_service_identity: Path | None = Field(
        None, description="Folder of this replica's enrolment, made by `quietline keys enrol`."
    )
    keep_hours: int = Field(
        72, ge=24, le=720, description="Hours until what is kept is unreadable."
    )
    countries: str = Field(
        "all", description="Country packs to serve, separated by commas; all: every pack."
    )
    signing_keys: Path | None = Field(
        None,
        description="Where the keys are that listings are signed with; default: beside the data.",
    )
    staff_bind: str = Field(
        "127.0.0.1:8090",
        description="Address and port of the staff console, never the survivors' page; off: none.",
    )
    staff_url: str = Field(
        "", description="Where staff open the console, when a proxy stands before it."
    )
    api_bind: str = Field(
        "off", description="Address and port of the HSDS API for partners with a key; off: none."
    )
    link_checker: bool = Field(
        False,
        description="Whether the console may visit listings' web addresses when asked to.",
    )
    metrics_bind: str = Field(
        "off",
        description="Where figures of the program are read: unix:/run/quietline/metrics.sock, or "
        "an address and port that only the monitoring reaches; off: nowhere.",
    )
    backup_folder: Path | None = Field(
        None, description="Where backups go; default: beside the data, in its name with -backups."
    )
    backup_keep: int = Field(
        14, ge=1, le=1000, description="How many backups are kept; older ones are removed."
    )
    backup_seal_for: Path | None = Field(
        None,
        description="File of the public half of a key: backups open only with the other half.",
    )
    slips: str = Field(
        "off",
        description="Services that were told of referral slips, by listing, separated by commas; "
        "all: every listing; off: no slips, and no page for them.",
    )
    web_host: str = Field("127.0.0.1", description="Address the survivors' page listens on.")
    web_port: int = Field(8080, ge=0, le=65535, description="Port of the survivors' page.")
    web_secure: Literal["auto", "yes", "no"] = Field(
        "auto", description="Whether cookies are for https alone; auto goes by each request."
    )
    web_behind_proxy: bool = Field(
        False, description="Trust X-Forwarded-Proto and -For, which a proxy of ours always sets."
    )
    onion_url: str = Field(
        "", description="The same page as an onion service; Tor Browser is told of it."
    )
    exit_url: str = Field(
        "https://www.wikipedia.org/", description="Where the quick exit leads: a harmless page."
    )
    language: str = Field(
        "en", description="The language when the device names none that we speak."
    )
    public_url: str = Field(
        "", description="Where people open the survivors' page; named as the safer way elsewhere."
    )
    telegram_token: SecretStr | None = Field(
        None, description="The bot's token from BotFather; rather put it in a file."
    )
    telegram_token_file: Path | None = Field(
        None, description="A file with the token that only its owner can read (mode 0600)."
    )
    telegram_mode: Literal["polling", "webhook", "off"] = Field(
        "polling", description="How updates come: we ask, or Telegram brings them."
    )
    telegram_api_base: str = Field(
        "https://api.telegram.org", description="The Bot API; a server of one's own may stand here."
    )
    telegram_webhook_url: str = Field(
        "", description="Where Telegram reaches the webhook's port; default: the public address."
    )
    telegram_webhook_port: int | None = Field(
        None, ge=0, le=65535, description="A port for the webhook alone; default: the web page's."
    )
    telegram_clear_hours: int = Field(
        24, ge=1, le=46, description="Hours until messages in a chat are deleted on both sides."
    )
    organisation: str = Field(
        "", max_length=120, description="Who runs this, as people read it in the privacy notice."
    )
    contact: str = Field(
        "",
        max_length=160,
        description="Where people ask or complain about privacy: an e-mail or postal address.",
    )

    @field_validator("organisation", "contact")
    @classmethod
    def _is_a_line(cls, said: str) -> str:
        if not said.isprintable():
            raise ValueError("must be one line of plain text")
        return said.strip()

    @field_validator("staff_bind", "api_bind")
    @classmethod
    def _is_bind(cls, bind: str) -> str:
        if bind != OFF and not re.fullmatch(r"[^\s/]+:[0-9]{1,5}", bind):
            raise ValueError(f"must be an address and a port, like 127.0.0.1:8090, or {OFF}")
        return bind

    @field_validator("metrics_bind")
    @classmethod
    def _is_socket_or_bind(cls, bind: str) -> str:
        if bind.startswith(UNIX) and Path(bind.removeprefix(UNIX)).is_absolute():
            return bind
        if bind.startswith(UNIX):
            raise ValueError("must name a whole path, like unix:/run/quietline/metrics.sock")
        return cls._is_bind(bind)

    @field_validator("public_url", "staff_url", "telegram_webhook_url", "telegram_api_base")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// (or http:// for an onion or local address)")
        return url.rstrip("/") if url else url

    @field_validator("onion_url")
    @classmethod
    def _is_onion(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[a-z2-7]{56}\.onion/?", url):
            raise ValueError("must be http:// and an onion address of 56 letters, with no page")
        return url.rstrip("/")

    @field_validator("exit_url")
    @classmethod
    def _is_https(cls, url: str) -> str:
        if not url.startswith("https://"):
            raise ValueError("must begin with https://")
        return url


def bound(bind: str) -> tuple[str, int] | None:
    """Host and port of an address to listen on, like `127.0.0.1:8090`; None when it is off."""
    if bind == OFF:
        return None
    host, _, port = bind.rpartition(":")
    return host.strip("[]"), int(port)


def read_settings(
    file: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """The settings in force. Raises `Mistakes`."""
    file = file or (Path(named) if (named := environment.get(f"{PREFIX}SETTINGS")) else None)
    authored = read_file(file) if file else Authored("settings", {}, {})
    if authored.value is None:
        authored = Authored(authored.file, {}, {})
    shape(Settings, authored)
    set_outside = _from(environment)
    merged = {**authored.value, **set_outside}
    return shape(Settings, Authored("the environment", merged, {}))


def _from(environment: Mapping[str, str]) -> dict[str, str]:
    known = {name.upper(): name for name in Settings.model_fields}
    found, wrong = {}, []
    for variable, value in environment.items():
        name = variable.removeprefix(PREFIX)
        if name == variable or name in ELSEWHERE:
            continue
        if name in known:
            found[known[name]] = value
        else:
            hint = did_you_mean(variable, [PREFIX + other for other in known])
            wrong.append(Mistake("the environment", 0, 0, f"{variable} is not a setting", hint))
    if wrong:
        raise Mistakes(wrong)
    return found
