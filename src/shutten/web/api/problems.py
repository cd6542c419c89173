"""What is told when a request cannot be answered: one code each, in the language of the reader."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shutten.errors import (
    ArticleError,
    IndexBusyError,
    IndexStoreError,
    QuestionError,
    ShuttenError,
    UnknownArticleError,
    UnknownPageError,
    UnknownSourceError,
    WikiError,
)
from shutten.types import Language
from shutten.web.texts import ENGLISH, JAPANESE, Texts, preferred_language

logger = logging.getLogger(__name__)

Code = Literal[
    "invalid_json",
    "invalid_request",
    "invalid_question",
    "invalid_article",
    "question_empty",
    "question_too_long",
    "unknown_article",
    "unauthorized",
    "forbidden",
    "preflight_refused",
    "host_not_allowed",
    "sign_in_not_trusted",
    "remote_file",
    "unknown_source",
    "unknown_page",
    "wiki_unavailable",
    "not_found",
    "method_not_allowed",
    "too_large",
    "unsupported_media_type",
    "too_many_requests",
    "busy",
    "index_busy",
    "index_unavailable",
    "feedback_not_kept",
    "internal",
]
CODES: Final[tuple[Code, ...]] = get_args(Code)

STATUS: Final[dict[Code, int]] = {
    "invalid_json": 400,
    "invalid_request": 422,
    "invalid_question": 422,
    "invalid_article": 422,
    "question_empty": 422,
    "question_too_long": 422,
    "unknown_article": 404,
    "unauthorized": 401,
    "forbidden": 403,
    "preflight_refused": 400,
    "host_not_allowed": 403,
    "sign_in_not_trusted": 403,
    "remote_file": 403,
    "unknown_source": 404,
    "unknown_page": 404,
    "wiki_unavailable": 502,
    "not_found": 404,
    "method_not_allowed": 405,
    "too_large": 413,
    "unsupported_media_type": 415,
    "too_many_requests": 429,
    "busy": 503,
    "index_busy": 503,
    "index_unavailable": 503,
    "feedback_not_kept": 503,
    "internal": 500,
}

_OF_STATUS: Final[dict[int, Code]] = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


_CODE_OF: Final[tuple[tuple[type[ShuttenError], Code], ...]] = (
    (UnknownArticleError, "unknown_article"),
    (QuestionError, "invalid_question"),
    (ArticleError, "invalid_article"),
    (UnknownSourceError, "unknown_source"),
    (UnknownPageError, "unknown_page"),
    (WikiError, "wiki_unavailable"),
    (IndexBusyError, "index_busy"),
)
"""The first that an error is of."""


def _messages(texts: Texts, own: Mapping[Code, str]) -> dict[Code, str]:
    shared: dict[Code, str] = {
        "invalid_question": texts.error_question,
        "question_empty": texts.error_empty,
        "question_too_long": texts.error_long,
        "index_unavailable": texts.error_index,
        "busy": texts.error_busy,
        "internal": texts.error_unexpected,
    }
    return {**shared, **own}


MESSAGES: Final[dict[Language, dict[Code, str]]] = {
    "ja": _messages(
        JAPANESE,
        {
            "invalid_json": "本文が JSON として読めません（{detail}）。",
            "invalid_request": "リクエストの形が違います：{detail}",
            "invalid_article": "この記事は受け取れません：{detail}",
            "unknown_article": "この記事は索引にありません。GET /api/articles で確かめてください。",
            "unauthorized": "正しい鍵が要ります。Authorization: Bearer に続けて示してください。",
            "forbidden": (
                "このサイトのページからは使えません。使えるようにするには、管理者が"
                " SHUTTEN_ALLOWED_ORIGINS にサイトを加えます。"
            ),
            "preflight_refused": (
                "このサイトのページからはこの要求を送れません（{detail}）。使えるようにするには、"
                "管理者が SHUTTEN_ALLOWED_ORIGINS にサイトを加えます。"
            ),
            "host_not_allowed": (
                "このホスト名では応じません。管理者が SHUTTEN_ALLOWED_HOSTS に加えると使えます。"
            ),
            "sign_in_not_trusted": (
                "サインインのヘッダーは、信頼されたプロキシだけが一度だけ付けられます。"
                "SHUTTEN_TRUSTED_PROXIES とプロキシの設定を確かめてください。"
            ),
            "remote_file": (
                "他のサイトのファイルは取りに行きません。ファイルを保存してから追加してください。"
            ),
            "unknown_source": "この Wiki は索引にありません：{detail}",
            "unknown_page": "このページはありません：{detail}",
            "wiki_unavailable": "Wiki を読めません：{detail}",
            "not_found": "ここには何もありません。/openapi.json で確かめてください。",
            "method_not_allowed": "このアドレスでは使えないメソッドです。",
            "too_large": "リクエストが大きすぎます。{megabytes} MB 以内にしてください。",
            "unsupported_media_type": "Content-Type: application/json で送ってください。",
            "too_many_requests": "質問が続きすぎています。{seconds}秒後にもう一度お試しください。",
            "index_busy": "索引を書き換えている最中です。少し待って、もう一度お試しください。",
            "feedback_not_kept": "ご意見を書き留められませんでした。管理者に知らせてください。",
        },
    ),
    "en": _messages(
        ENGLISH,
        {
            "invalid_json": "The body is not JSON ({detail}).",
            "invalid_request": "The request is not as expected: {detail}",
            "invalid_article": "This article cannot be taken in: {detail}",
            "unknown_article": "There is no such article in the index. See GET /api/articles.",
            "unauthorized": "A valid key is needed: send it as Authorization: Bearer.",
            "forbidden": (
                "Pages of this site may not ask here. The administrator can add the site to"
                " SHUTTEN_ALLOWED_ORIGINS."
            ),
            "preflight_refused": (
                "Pages of this site may not send this request ({detail}). The administrator can add"
                " the site to SHUTTEN_ALLOWED_ORIGINS."
            ),
            "host_not_allowed": (
                "This host name is not answered. The administrator can add it to"
                " SHUTTEN_ALLOWED_HOSTS."
            ),
            "sign_in_not_trusted": (
                "A sign-in header may come only once, and only from a trusted proxy. Check"
                " SHUTTEN_TRUSTED_PROXIES and the proxy's settings."
            ),
            "remote_file": "Files of other sites are not fetched. Save the file and add it.",
            "unknown_source": "The index does not know this wiki: {detail}",
            "unknown_page": "There is no such page: {detail}",
            "wiki_unavailable": "The wiki cannot be read: {detail}",
            "not_found": "There is nothing here. See /openapi.json.",
            "method_not_allowed": "This address does not take this method.",
            "too_large": "The request is too large. Send up to {megabytes} MB.",
            "unsupported_media_type": "Send it as Content-Type: application/json.",
            "too_many_requests": "Too many requests. Try again in {seconds} seconds.",
            "index_busy": "The index is being changed. Try again in a moment.",
            "feedback_not_kept": "The feedback could not be written down. Tell the administrator.",
        },
    ),
}


class RefusedError(ShuttenError):
    """A request that is not answered; `fields` fill the message of its code."""

    def __init__(
        self, code: Code, *, headers: Mapping[str, str] | None = None, **fields: object
    ) -> None:
        super().__init__(MESSAGES["en"][code].format(**fields))
        self.code = code
        self.headers = dict(headers or {})
        self.fields = fields

    def message(self, language: Language) -> str:
        """Return what the reader is told."""
        return MESSAGES[language][self.code].format(**self.fields)

    def body(self, language: Language) -> dict[str, Any]:
        """Return the JSON object of every error."""
        return {"error": {"code": self.code, "message": self.message(language)}}


def unauthorized() -> RefusedError:
    """Return the error for a key that is missing or wrong."""
    return RefusedError("unauthorized", headers={"WWW-Authenticate": "Bearer"})


def as_refused(error: ShuttenError) -> RefusedError:
    """Return what a caller is told of an error; what only the operator can mend is logged."""
    if isinstance(error, RefusedError):
        return error
    for kind, code in _CODE_OF:
        if isinstance(error, kind):
            headers = {"Retry-After": "1"} if code == "index_busy" else {}
            return RefusedError(code, headers=headers, detail=str(error))
    logger.error("a request could not be answered", exc_info=error)
    unavailable = isinstance(error, IndexStoreError)
    return RefusedError("index_unavailable" if unavailable else "internal")


def refused_by_framework(error: HTTPException, *, megabytes: int) -> RefusedError:
    """Return our words for an error that the web framework raises."""
    code = _OF_STATUS.get(error.status_code)
    if code is None:
        code = "invalid_request" if error.status_code < STATUS["internal"] else "internal"
    fields = {"detail": error.detail, "megabytes": megabytes, "seconds": 1}
    return RefusedError(code, headers=error.headers, **fields)


def language_of(request: Request) -> Language:
    """Return the reader's language: the body's `lang`, `?lang=`, then Accept-Language."""
    asked = getattr(request.state, "lang", None) or request.query_params.get("lang")
    return preferred_language(asked, request.headers.get("accept-language"))


class JsonResponse(Response):
    """JSON as it is, not escaped; half a surrogate pair, which UTF-8 cannot hold, as an escape."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - the base class's signature
        """Return the body; raises ValueError for a number that is not finite."""
        return json_text(content).encode("utf-8", errors="backslashreplace")


def json_text(content: object) -> str:
    """Return JSON on one line."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def refusal_response(error: RefusedError, request: Request) -> JsonResponse:
    """Return an error in the language of who asked."""
    return JsonResponse(
        error.body(language_of(request)), status_code=STATUS[error.code], headers=error.headers
    )
