"""What /openapi.json says is what is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient
from tests.web.making import DOG, NEWS, make_assistant

from shutten.questions import Question, read_question
from shutten.settings import Settings
from shutten.types import Answer, Citation, Hit
from shutten.web.api.problems import CODES, MESSAGES, STATUS
from shutten.web.api.shapes import EXAMPLE_ANSWER, EXAMPLE_HIT
from shutten.web.app import create_app

ADMIN = "open-sesame"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(make_assistant([NEWS, DOG]), Settings(keep_feedback=False)))


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert response.status_code == 200
    return dict(response.json())


def operations(described: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def schema_of(described: dict[str, Any], method: str, path: str, status: str) -> dict[str, Any]:
    response = operations(described)[method, path]["responses"][status]
    schema = response["content"]["application/json"]["schema"]
    return {**schema, "components": described["components"]}


def test_these_are_the_addresses(described: dict[str, Any]) -> None:
    assert sorted(operations(described)) == [
        ("GET", "/api/articles"),
        ("GET", "/api/articles/{article_id}"),
        ("GET", "/healthz"),
        ("POST", "/api/ask"),
        ("POST", "/api/export"),
        ("POST", "/api/feedback"),
        ("POST", "/api/search"),
    ]


def test_each_address_says_what_it_does_and_which_errors_it_has(described: dict[str, Any]) -> None:
    for (_, path), operation in operations(described).items():
        assert operation["summary"]
        assert operation["description"]
        if path.startswith("/api/"):
            problems = {status for status in operation["responses"] if int(status) >= 400}
            assert {"401", "429", "500"} <= problems
            for status in problems:
                content = operation["responses"][status]["content"]["application/json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert content["examples"]


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(references(described)) <= known


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        (("POST", "/api/ask"), {"question": "犬の名前はポチですか"}),
        (("POST", "/api/ask"), {"question": "量子色力学とは？"}),
        (("POST", "/api/search"), {"question": "犬"}),
        (("POST", "/api/feedback"), {"rating": "up"}),
        (("GET", "/api/articles"), None),
        (("GET", "/api/articles/{article_id}"), None),
        (("GET", "/healthz"), None),
    ],
)
def test_answers_are_as_described(
    client: TestClient,
    described: dict[str, Any],
    asked: tuple[str, str],
    body: dict[str, Any] | None,
) -> None:
    method, path = asked
    response = client.request(method, path.format(article_id="dog.txt"), json=body)
    jsonschema.validate(response.json(), schema_of(described, method, path, "200"))


@pytest.mark.parametrize(
    ("body", "good"),
    [
        ({"question": "q"}, True),
        ({"question": "q", "history": [{"question": "a", "answer": "b"}], "lang": "en"}, True),
        ({"question": "q", "article_ids": [], "history": None, "lang": None, "more": 1}, True),
        ({}, False),
        ({"question": None}, False),
        ({"question": "q", "history": [{"question": "a"}]}, False),
        ({"question": "q", "history": {}}, False),
        ({"question": "q", "article_ids": [1]}, False),
        ({"question": "q", "lang": "fr"}, False),
    ],
)
def test_a_question_is_described_as_it_is_read(
    described: dict[str, Any], body: dict[str, Any], *, good: bool
) -> None:
    request = operations(described)["POST", "/api/ask"]["requestBody"]
    schema = request["content"]["application/json"]["schema"]
    assert jsonschema.Draft202012Validator(schema).is_valid(body) is good
    try:
        read_question(body, "1")
    except ValueError:
        assert not good
    else:
        assert good
    members = {"lang" if field.name == "language" else field.name for field in fields(Question)}
    assert set(schema["properties"]) == members - {"id"}


def test_the_examples_have_every_field_and_hold_together(described: dict[str, Any]) -> None:
    assert set(EXAMPLE_ANSWER) == {field.name for field in fields(Answer)}
    assert set(EXAMPLE_HIT) == {field.name for field in fields(Hit)}
    schema = schema_of(described, "POST", "/api/ask", "200")
    jsonschema.validate(EXAMPLE_ANSWER, schema)
    example: Any = EXAMPLE_ANSWER
    (citation,) = example["citations"]
    assert set(citation) == {field.name for field in fields(Citation)}
    words = citation["quote"][citation["answer_start"] : citation["answer_end"]]
    assert words == example["short_answer"]
    for claim in example["claims"]:
        assert example["text"][claim["start"] : claim["end"]] == claim["text"]
    hit: Any = EXAMPLE_HIT
    for source, quote in ((citation, citation["quote"]), (hit, hit["text"])):
        assert source["end"] - source["start"] == len(quote)
        assert NEWS.text[source["start"] : source["end"]] == quote


def test_every_code_has_a_status_and_words_in_both_languages() -> None:
    assert set(STATUS) == set(CODES)
    for messages in MESSAGES.values():
        assert set(messages) == set(CODES)
    assert all(MESSAGES["ja"][code] != MESSAGES["en"][code] for code in CODES)


def test_changes_are_described_only_where_they_can_be_made() -> None:
    app = create_app(make_assistant([NEWS]), Settings(admin_token=ADMIN, api_keys=["key"]))
    described = TestClient(app).get("/openapi.json").json()
    path = "/api/articles/{article_id}"
    assert sorted(described["paths"][path]) == ["delete", "get", "put"]
    assert described["paths"][path]["put"]["security"] == [{"admin": []}]
    assert described["paths"]["/api/ask"]["post"]["security"] == [{"key": []}]
    assert set(described["components"]["securitySchemes"]) == {"admin", "key"}
