"""The one reader of the environment and of `shutten.toml`; settings are frozen.

What a caller passes wins over `SHUTTEN_…` variables, and these win over the TOML file: the one that
`SHUTTEN_CONFIG` names, else `shutten.toml` in the working directory.
"""

from __future__ import annotations

import os
import re
import tomllib
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from shutten.errors import SettingsError

PREFIX = "SHUTTEN_"

SECRETS = ("api_keys", "admin_token", "wiki_password", "server_key")
"""Settings whose values are never shown."""

_UNSHOWN = (*SECRETS, "server_url")
"""What a bad value of these was is not said either: it may hold a password."""

_NO_SETTINGS = frozenset(f"{PREFIX}{name}" for name in ("CONFIG", "SITE", "UPSTREAM", "CHROMIUM"))
"""Variables that are read elsewhere: where the settings are, what Caddy and the tests use."""

_WHERE_LISTED = "the README lists them"

_SITE = re.compile(r"https?://(?:\*\.)?[\w.-]+(?::(?:\d+|\*))?", re.ASCII)
_ORIGIN = re.compile(r"'self'|'none'|\*|(?:https?://)?(?:\*\.)?[\w.-]+(?::(?:\d+|\*))?|https?:")
_SECRET = re.compile(r"[!-~]+")
_HEADER = re.compile(r"(?:[A-Za-z0-9-]+)?", re.ASCII)
_HOST = re.compile(r"\*|(?:\*\.)?[\w.-]+(?::\d+)?|\[[0-9a-fA-F:.]+\](?::\d+)?", re.ASCII)
_ROOT_PATH = re.compile(r"(?:/[\w.~-]+)*", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s/@?#]+(?:/[^\s?#]*)?")


def _as_origins(value: object) -> object:
    """Take origins apart at commas and white space, and check each of them.

    An origin that could end the header it is put into would let a setting inject another one.
    """
    return _words(value, _ORIGIN)


def _as_sites(value: object) -> object:
    """Take origins apart; each must name a site, as its pages may do more than frame ours."""
    return _words(value, _SITE)


def _as_secrets(value: object) -> object:
    """Take keys apart; one with other characters than a header can carry would never match."""
    return _words(value, _SECRET)


def _as_secret(value: object) -> object:
    given = value.get_secret_value() if isinstance(value, SecretStr) else value
    if isinstance(given, str) and not _SECRET.fullmatch(given):
        message = "it holds characters that a header cannot carry"
        raise ValueError(message)
    return value


def _as_hosts(value: object) -> object:
    """Take host names apart; an IPv6 address stands in brackets, and a port may follow."""
    return _words(value, _HOST)


def _as_networks(value: object) -> object:
    """Take addresses and networks apart, and check that each of them is one."""
    words = _words(value, re.compile(r"[0-9a-fA-F:./]+"))
    for word in words if isinstance(words, tuple) else ():
        ip_network(word, strict=False)
    return words


def _as_header(value: object) -> object:
    if isinstance(value, str) and not _HEADER.fullmatch(value):
        message = "it is not the name of a header"
        raise ValueError(message)
    return value


def _as_root_path(value: object) -> object:
    path = value.rstrip("/") if isinstance(value, str) else value
    if isinstance(path, str) and not _ROOT_PATH.fullmatch(path):
        message = "it is not a path"
        raise ValueError(message)
    return path


def _as_address(value: object) -> object:
    """Take the end off that the interface adds; a password in an address would be shown."""
    if isinstance(value, str) and value:
        # The port of `http://127.0.0.1:8000v1` raises ValueError; nothing listens on port 0.
        if not _ADDRESS.fullmatch(value) or urlsplit(value).port == 0:
            message = "it is no address"
            raise ValueError(message)
        return value.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    return value


def _words(value: object, pattern: re.Pattern[str]) -> object:
    """Take a string apart at commas and white space; every part must be as the pattern says."""
    words = re.split(r"[,\s]+", value.strip()) if isinstance(value, str) else value
    if not isinstance(words, list | tuple):
        return words
    kept = tuple(word for word in words if word != "")
    for word in kept:
        text = word.get_secret_value() if isinstance(word, SecretStr) else word
        if not isinstance(text, str) or not pattern.fullmatch(text):
            message = "a part of it is not what is expected"
            raise ValueError(message)
    return kept


Wording = Literal["auto", "free", "close"]
"""How near to its sentence a written statement must keep; "auto" goes by the model's size."""


class Settings(BaseSettings):
    """Everything that can be set. A field's description says what is accepted.

    Raises SettingsError (one line: the setting, its value, what is accepted) instead of pydantic's.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        extra="forbid",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    index: Path = Field(default=Path("index"), description="a folder")
    embedder: str = Field(
        default="bundled",
        min_length=1,
        description='"bundled", or the name or folder of a sentence-transformers model',
    )
    reader: str = Field(default="bundled", min_length=1, description='"bundled"')
    reranker: str = Field(
        default="",
        description="nothing, or the name or folder of a sentence-transformers CrossEncoder",
    )
    answerer: Literal["reader", "local", "server"] = Field(
        default="reader", description='"reader", "local" or "server"'
    )
    model: str = Field(
        default="",
        description="a language model: hub name, folder, .gguf file, or the server's name",
    )
    server_url: Annotated[str, BeforeValidator(_as_address)] = Field(
        default="http://127.0.0.1:8000/v1",
        min_length=1,
        description="an address such as http://127.0.0.1:8000/v1, without user and password",
    )
    server_key: Annotated[SecretStr | None, BeforeValidator(_as_secret)] = Field(
        default=None, description="printable ASCII characters without spaces"
    )
    server_timeout: float = Field(default=60.0, gt=0, description="seconds, more than 0")
    server_tries: int = Field(default=4, ge=1, description="a number from 1")
    prompt_tokens: int = Field(default=700, ge=100, description="a number from 100")
    answer_tokens: int = Field(default=200, ge=1, description="a number from 1")
    answer_seconds: float = Field(default=120.0, gt=0, description="seconds, more than 0")
    wording: Wording = Field(default="auto", description='"auto", "free" or "close"')
    host: str = Field(default="127.0.0.1", min_length=1, description="a host name or address")
    port: int = Field(default=7860, ge=0, le=65535, description="a number from 0 to 65535")
    root_path: Annotated[str, BeforeValidator(_as_root_path)] = Field(
        default="", description="a path such as /qa, of letters, digits and -._~"
    )
    frame_ancestors: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_as_origins)] = Field(
        default=(),
        description="origins such as https://wiki.example.org, separated by commas or spaces",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_as_sites)] = Field(
        default=(),
        description="origins such as https://wiki.example.org, separated by commas or spaces",
    )
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_as_secrets)] = Field(
        default=(),
        description="printable ASCII characters without spaces, several keys separated by commas",
    )
    admin_token: Annotated[SecretStr | None, BeforeValidator(_as_secret)] = Field(
        default=None, description="printable ASCII characters without spaces"
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_as_networks)] = Field(
        default=(),
        description="addresses or networks such as 127.0.0.1 or 10.0.0.0/8, separated by commas",
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_as_hosts)] = Field(
        default=(),
        description="host names such as qa.example.org, separated by commas, or * for any",
    )
    user_header: Annotated[str, BeforeValidator(_as_header)] = Field(
        default="", description="the name of a header such as Remote-User"
    )
    groups_header: Annotated[str, BeforeValidator(_as_header)] = Field(
        default="", description="the name of a header such as Remote-Groups"
    )
    requests_per_minute: int = Field(default=0, ge=0, description="a number from 0 (no limit)")
    key_requests_per_minute: int | None = Field(
        default=None, ge=0, description="a number from 0 (no limit)"
    )
    widget_requests_per_minute: int | None = Field(
        default=None, ge=0, description="a number from 0 (no limit)"
    )
    request_max_megabytes: int = Field(default=4, ge=1, description="a number from 1")
    feedback_file: Path | None = Field(default=None, description="a file")
    keep_feedback: bool = Field(default=True, description='"true" or "false"')
    choose_model: bool | None = Field(default=None, description='"true" or "false"')
    suggestions: int = Field(default=3, ge=0, le=3, description="a number from 0 (none) to 3")
    max_question_characters: int = Field(default=2000, ge=1, description="a number from 1")
    upload_max_megabytes: int = Field(default=20, ge=1, description="a number from 1")
    upload_minutes: int = Field(default=60, ge=1, description="a number from 1")
    private_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_as_hosts)] = Field(
        default=(),
        description="host names or addresses such as wiki.intra.example, separated by commas",
    )
    wiki_user: str = Field(default="", description="a user name, or a bot's")
    wiki_password: SecretStr = Field(default=SecretStr(""), description="that user's password")
    threads: int | None = Field(default=None, ge=1, description="a number from 1")

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - pydantic checks each by its field
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise SettingsError(_explain(error, values)) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, environment, TOML file."""
        return init_settings, env_settings, _toml_source(settings_cls)


def unknown_variables() -> list[str]:
    """Return a line for each variable of the environment that looks like a setting and is none.

    Its value, which may be a secret, is not said.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | _NO_SETTINGS
    strangers = sorted(
        name for name in os.environ if _is_like_ours(name) and name.upper() not in known
    )
    return [_passed_over(name) for name in strangers]


def _is_like_ours(name: str) -> bool:
    return name.startswith(PREFIX) and not name.startswith(f"{PREFIX}REQUIRE_")


def _passed_over(name: str) -> str:
    near = _nearest(name)
    meant = f"did you mean {PREFIX}{near.upper()}? " if near else ""
    return f"{name} is not a setting and is passed over: {meant}{_WHERE_LISTED}"


def _not_a_setting(name: str, origin: str) -> str:
    """Say what to write in place of a name in the file, or of an argument."""
    near = _nearest(name)
    if near is None:
        return f"{origin} is not a setting: {_WHERE_LISTED}"
    if near == _bare(name):
        return f"{origin} is not a setting: write `{near}`"
    return f"{origin} is not a setting: did you mean `{near}`? {_WHERE_LISTED}"


def _nearest(name: str) -> str | None:
    """Return the setting whose name is nearly this one; the prefix, which all have, tells nothing.

    None where none is near.
    """
    near = get_close_matches(_bare(name), Settings.model_fields, n=1, cutoff=0.75)
    return near[0] if near else None


def _bare(name: str) -> str:
    return name.lower().removeprefix(PREFIX.lower()).replace("-", "_")


def configuration_file() -> Path:
    """Return where the TOML file is looked for; it need not be there unless SHUTTEN_CONFIG is."""
    return Path(os.environ.get(f"{PREFIX}CONFIG") or "shutten.toml")


def cache_folder() -> Path:
    """Return the user's own cache folder for Shutten, which need not exist or be writable."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path(os.path.expanduser("~")) / ".cache") / "shutten"  # noqa: PTH111 - Path.home() raises where there is no home


def samples_folder() -> Path:
    """Return the sample articles: inside the installed package, or `articles/` of a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "samples"
    return installed if installed.is_dir() else here.parents[1] / "articles"


def _toml_source(settings_cls: type[BaseSettings]) -> PydanticBaseSettingsSource:
    path = configuration_file()
    named = bool(os.environ.get(f"{PREFIX}CONFIG"))
    if named and not path.is_file():
        message = f"SHUTTEN_CONFIG={path}: there is no such file; name a TOML file or unset it"
        raise SettingsError(message)
    try:
        return TomlConfigSettingsSource(settings_cls, toml_file=path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not TOML: {_one_line(error)}"
        raise SettingsError(message) from error
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}; mend its permissions"
        raise SettingsError(message) from error


def _explain(error: ValidationError, values: dict[str, Any]) -> str:
    """Say where the first wrong value came from, what it was, and what is accepted."""
    first = error.errors()[0]
    name = str(first["loc"][0])
    field = Settings.model_fields.get(name)
    if field is None:
        return _not_a_setting(name, _origin(name, values))
    if name in _UNSHOWN:
        return f"{_origin(name, values)}: expected {field.description}"
    value = values.get(name, os.environ.get(PREFIX + name.upper(), first["input"]))
    return f"{_origin(name, values)}={value}: expected {field.description}"


def _origin(name: str, values: dict[str, Any]) -> str:
    if name in values:
        return name
    if PREFIX + name.upper() in os.environ:
        return PREFIX + name.upper()
    return f"{name} in {configuration_file()}"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
