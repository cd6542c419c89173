"""Settings come from arguments, environment and TOML, in this order; a bad one is one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shutten.errors import SettingsError
from shutten.settings import Settings, cache_folder, samples_folder, unknown_variables


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_set_gives_the_defaults() -> None:
    settings = Settings()
    assert (settings.index, settings.embedder, settings.port) == (Path("index"), "bundled", 7860)
    assert (settings.frame_ancestors, settings.threads) == ((), None)


def test_an_argument_wins_over_the_environment_and_that_over_the_file(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "shutten.toml").write_text(
        'port = 1\nhost = "file"\nindex = "from-file"\n', encoding="utf-8"
    )
    monkeypatch.setenv("SHUTTEN_PORT", "2")
    monkeypatch.setenv("SHUTTEN_HOST", "environment")
    settings = Settings(port=3)
    assert (settings.port, settings.host, settings.index) == (3, "environment", Path("from-file"))


def test_the_configuration_file_can_be_named(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere / "shutten.toml").write_text("port = 1\n", encoding="utf-8")
    (elsewhere / "other.toml").write_text("upload_minutes = 4\n", encoding="utf-8")
    monkeypatch.setenv("SHUTTEN_CONFIG", "other.toml")
    assert (Settings().upload_minutes, Settings().port) == (4, 7860)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1


@pytest.mark.parametrize(
    ("written", "origins"),
    [
        ("https://wiki.example.org", ("https://wiki.example.org",)),
        (
            "https://wiki.example.org, http://localhost:8080\n'self'",
            ("https://wiki.example.org", "http://localhost:8080", "'self'"),
        ),
        ("*.example.org,*", ("*.example.org", "*")),
        (" , ", ()),
    ],
)
def test_frame_ancestors_are_taken_apart_at_commas_and_spaces(
    monkeypatch: pytest.MonkeyPatch, written: str, origins: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SHUTTEN_FRAME_ANCESTORS", written)
    assert Settings().frame_ancestors == origins


@given(st.text(min_size=1))
def test_no_origin_can_smuggle_a_header_or_a_directive(text: str) -> None:
    try:
        origins = Settings(frame_ancestors=(text,)).frame_ancestors
    except SettingsError:
        return
    assert not set("".join(origins)) & set(" ;,\r\n\t")


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PORT", "abc", "SHUTTEN_PORT=abc: expected a number from 0 to 65535"),
        ("PORT", "70000", "SHUTTEN_PORT=70000: expected a number from 0 to 65535"),
        ("THREADS", "0", "SHUTTEN_THREADS=0: expected a number from 1"),
        (
            "ANSWERER",
            "oracle",
            'SHUTTEN_ANSWERER=oracle: expected "reader", "local" or "server"',
        ),
        ("ANSWER_TOKENS", "0", "SHUTTEN_ANSWER_TOKENS=0: expected a number from 1"),
        (
            "SERVER_URL",
            "https://user:word@example.org/v1",
            "SHUTTEN_SERVER_URL: expected an address such as http://127.0.0.1:8000/v1, without"
            " user and password",
        ),
        ("UPLOAD_MINUTES", "1.5", "SHUTTEN_UPLOAD_MINUTES=1.5: expected a number from 1"),
        (
            "FRAME_ANCESTORS",
            "https://a.example; script-src",
            "SHUTTEN_FRAME_ANCESTORS=https://a.example; script-src: expected origins such as "
            "https://wiki.example.org, separated by commas or spaces",
        ),
    ],
)
def test_a_bad_value_in_the_environment_is_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(f"SHUTTEN_{name}", value)
    with pytest.raises(SettingsError) as caught:
        Settings()
    assert str(caught.value) == line


def test_a_bad_argument_is_one_line() -> None:
    with pytest.raises(SettingsError, match=r"^port=-1: expected a number from 0 to 65535$"):
        Settings(port=-1)


def test_a_bad_file_is_one_line(elsewhere: Path) -> None:
    path = elsewhere / "shutten.toml"
    path.write_text("port = 'x'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^port in shutten\.toml=x: expected a number"):
        Settings()
    path.write_text("port\n= 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^shutten\.toml is not TOML: .*$"):
        Settings()
    path.write_bytes(b"host = '\xff'\n")
    with pytest.raises(SettingsError, match=r"^shutten\.toml is not TOML: .*$"):
        Settings()


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("prot", "did you mean `port`? the README lists them"),
        ("nosuch", "the README lists them"),
        ("SHUTTEN_PORT", "write `port`"),
        ("api-keys", "write `api_keys`"),
        ("SHUTTEN_PROT", "did you mean `port`? the README lists them"),
        ("SHUTTEN_NOSUCH", "the README lists them"),
    ],
)
def test_a_name_in_the_file_that_is_no_setting_is_told_with_what_to_write(
    elsewhere: Path, written: str, cure: str
) -> None:
    (elsewhere / "shutten.toml").write_text(f"{written} = 7999\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        Settings()
    assert str(caught.value) == f"{written} in shutten.toml is not a setting: {cure}"


def test_a_named_file_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUTTEN_CONFIG", "absent.toml")
    with pytest.raises(SettingsError, match=r"^SHUTTEN_CONFIG=absent\.toml: there is no such file"):
        Settings()


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUTTEN_PORT", "")
    assert Settings().port == 7860


def test_the_cache_folder_follows_the_desktop_convention(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/tmp/caches")  # noqa: S108 - nothing is written
    assert cache_folder() == Path("/var/tmp/caches/shutten")  # noqa: S108
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert cache_folder() == Path("/home/somebody/.cache/shutten")


def test_the_sample_articles_are_found() -> None:
    names = {path.name for path in samples_folder().iterdir()}
    assert {"deepseek-r2.txt", "seikan-tunnel.md", "antikythera-mechanism.md"} <= names


@pytest.mark.parametrize(
    ("written", "origins"),
    [
        ("https://wiki.example.org", ("https://wiki.example.org",)),
        (
            "http://localhost:* https://*.example.org",
            ("http://localhost:*", "https://*.example.org"),
        ),
    ],
)
def test_allowed_origins_name_sites(
    monkeypatch: pytest.MonkeyPatch, written: str, origins: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SHUTTEN_ALLOWED_ORIGINS", written)
    assert Settings().allowed_origins == origins


@pytest.mark.parametrize("written", ["*", "wiki.example.org", "https:", "'self'", "https://a/path"])
def test_an_allowed_origin_that_names_no_site_is_one_line(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("SHUTTEN_ALLOWED_ORIGINS", written)
    with pytest.raises(SettingsError, match=r"^SHUTTEN_ALLOWED_ORIGINS=.*: expected origins such"):
        Settings()


def test_secrets_are_read_but_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUTTEN_API_KEYS", "first-key, second-key")
    monkeypatch.setenv("SHUTTEN_ADMIN_TOKEN", "open-sesame")
    monkeypatch.setenv("SHUTTEN_WIKI_PASSWORD", "bot-pass")
    monkeypatch.setenv("SHUTTEN_SERVER_KEY", "sk-secret")
    settings = Settings()
    assert settings.server_key is not None
    assert settings.server_key.get_secret_value() == "sk-secret"
    assert settings.wiki_password.get_secret_value() == "bot-pass"
    assert [key.get_secret_value() for key in settings.api_keys] == ["first-key", "second-key"]
    assert settings.admin_token is not None
    assert settings.admin_token.get_secret_value() == "open-sesame"
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    secrets = ("first-key", "second-key", "open-sesame", "bot-pass", "sk-secret")
    assert [word for word in secrets if word in shown] == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("ADMIN_TOKEN", "SHUTTEN_ADMIN_TOKEN: expected printable ASCII characters without spaces"),
        (
            "API_KEYS",
            "SHUTTEN_API_KEYS: expected printable ASCII characters without spaces, "
            "several keys separated by commas",
        ),
    ],
)
def test_a_secret_that_no_header_can_carry_is_one_line_without_it(
    monkeypatch: pytest.MonkeyPatch, name: str, line: str
) -> None:
    monkeypatch.setenv(f"SHUTTEN_{name}", "開けゴマ")
    with pytest.raises(SettingsError) as caught:
        Settings()
    assert str(caught.value) == line


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("TRUSTED_PROXIES", "127.0.0.1, ::1 10.0.0.0/8", ("127.0.0.1", "::1", "10.0.0.0/8")),
        ("ALLOWED_HOSTS", "qa.example.org,[::1]:80 *", ("qa.example.org", "[::1]:80", "*")),
        ("PRIVATE_HOSTS", "wiki.intra:8080 *.intra", ("wiki.intra:8080", "*.intra")),
        ("USER_HEADER", "Remote-User", "Remote-User"),
        ("WIDGET_REQUESTS_PER_MINUTE", "30", 30),
    ],
)
def test_who_is_trusted_and_what_may_be_reached_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object
) -> None:
    monkeypatch.setenv(f"SHUTTEN_{name}", value)
    assert getattr(Settings(), name.lower()) == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "proxy.example.org"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("TRUSTED_PROXIES", "127.0.0.1,*"),
        ("ALLOWED_HOSTS", "https://qa.example.org"),
        ("PRIVATE_HOSTS", "intra/path"),
        ("USER_HEADER", "Remote User"),
        ("GROUPS_HEADER", "X:Y"),
        ("KEY_REQUESTS_PER_MINUTE", "-1"),
    ],
)
def test_trust_in_something_that_is_no_address_host_or_header_is_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SHUTTEN_{name}", value)
    with pytest.raises(SettingsError, match=rf"^SHUTTEN_{name}=\S.*: expected \w+"):
        Settings()


@pytest.mark.parametrize(
    ("given", "kept"),
    [("", ""), ("/", ""), ("/qa", "/qa"), ("/qa/", "/qa"), ("/tools/qa-1.x_~", "/tools/qa-1.x_~")],
)
def test_a_root_path_is_kept_without_its_last_slash(given: str, kept: str) -> None:
    assert Settings(root_path=given).root_path == kept


@pytest.mark.parametrize("given", ["qa", "/q a", "//qa", "/qa//b", "/質問", "/qa?x", "/qa\n"])
def test_what_is_no_path_is_no_root_path(given: str) -> None:
    with pytest.raises(SettingsError, match="expected a path such as /qa"):
        Settings(root_path=given)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        ("https://example.org/api/chat/completions", "https://example.org/api"),
        ("http://localhost:11434", "http://localhost:11434"),
    ],
)
def test_the_address_of_a_server_ends_before_what_the_interface_adds(
    monkeypatch: pytest.MonkeyPatch, written: str, address: str
) -> None:
    monkeypatch.setenv("SHUTTEN_SERVER_URL", written)
    assert Settings().server_url == address


@pytest.mark.parametrize(
    "written",
    [
        "http://127.0.0.1:8000v1", "http://127.0.0.1:99999/v1", "http://127.0.0.1:0/v1",
        "http://::1/v1", "http://[::1/v1", "http://a]b/v1", "127.0.0.1:8000/v1",
    ],
)  # fmt: skip
def test_a_server_at_no_address_is_refused_with_what_an_address_is(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("SHUTTEN_SERVER_URL", written)
    with pytest.raises(SettingsError) as caught:
        Settings()
    assert str(caught.value) == (
        "SHUTTEN_SERVER_URL: expected an address such as http://127.0.0.1:8000/v1, without user"
        " and password"
    )


def test_a_variable_that_is_no_setting_is_told_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHUTTEN_RERANKR", "secret-value")
    monkeypatch.setenv("SHUTTEN_PORT", "7861")
    monkeypatch.setenv("SHUTTEN_CONFIG", "")
    monkeypatch.setenv("SHUTTEN_REQUIRE_BROWSER", "1")
    assert unknown_variables() == [
        "SHUTTEN_RERANKR is not a setting and is passed over: did you mean SHUTTEN_RERANKER?"
        " the README lists them"
    ]
    monkeypatch.delenv("SHUTTEN_RERANKR")
    monkeypatch.setenv("SHUTTEN_NOSUCH", "1")
    assert unknown_variables() == [
        "SHUTTEN_NOSUCH is not a setting and is passed over: the README lists them"
    ]


def test_a_variable_in_mixed_case_that_counts_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHUTTEN_Port", "7861")
    assert (Settings().port, unknown_variables()) == (7861, [])
