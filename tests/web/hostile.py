"""Articles, answers and a watch for tests of what hostile text does in a browser."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.payloads import bare, payloads

from shutten.assistant import Assistant
from shutten.embedding import HashEmbedder
from shutten.exporting.document import showable_line
from shutten.index import Index
from shutten.reader import OverlapReader
from shutten.retrieval import HybridRetriever
from shutten.types import (
    Answer,
    Article,
    Citation,
    Claim,
    Hit,
    Language,
    Origin,
    Section,
    Turn,
)

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Dialog, Page

TEXTS = [each.text for each in payloads()]
BATCHES = [range(start, min(start + 52, len(TEXTS))) for start in range(0, len(TEXTS), 52)]
ALL_TOGETHER = "all.md"


def title_of(number: int) -> str:
    return f"題{number}は{TEXTS[number]}"


def article(number: int) -> Article:
    """An article all of whose parts are one payload."""
    text = showable_line(TEXTS[number])
    url = text if ":" in text.strip()[:12] else f"https://canary.invalid/wiki/{text}"
    return Article(
        f"{number}/{text}",
        title_of(number),
        f"節{number}は{text}\n\n札{number}の値は{text}\n",
        url=url,
        language=text,
        revision=text,
        origin=Origin("hostile", "1", (Section(0, text),)),
    )


def articles() -> list[Article]:
    lines = [f"## 節{n}は{text}\n\n札{n}の値は{text}\n" for n, text in enumerate(TEXTS)]
    together = Article(ALL_TOGETHER, "すべて", "\n".join(lines))
    return [together, *map(article, range(len(TEXTS)))]


def question(batch: range, mode: str) -> str:
    """What makes `Quoting` quote, write or refuse about the articles of a batch."""
    return f"{mode} {batch.start}-{batch.stop} " + " ".join(TEXTS[batch.start : batch.stop])


class Quoting(Assistant):
    """Says what it reads, all of it, and what it is asked: the most obedient model there is."""

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),  # noqa: ARG002
        article_ids: Sequence[str] | None = None,  # noqa: ARG002
        language: Language | None = None,
        answer_id: str = "",
        quoting: bool = False,  # noqa: ARG002
        sample: int = 0,  # noqa: ARG002
    ) -> Generator[Answer]:
        named = re.match(r"\s*(\w+) (\d+)-(\d+) ", question)
        mode, first, last = named.groups() if named else ("refused", "0", "1")
        citations = self._citations(range(int(first), int(last)))
        draft = Answer(
            answer_id, question, question, language or "ja", "", "refused", refused=True,
            refusal_reason="not_answered", notices=(question,), hits=_hits(citations),
        )  # fmt: skip
        yield _answered(draft, citations, mode) if mode != "refused" else draft

    def ask(self, question: str, **more: Any) -> Answer:  # noqa: ANN401
        return [*self.stream(question, **more)][-1]

    def _citations(self, numbers: range) -> tuple[Citation, ...]:
        found = [
            (each, sentence)
            for each in map(article, numbers)
            for sentence in self.index.sentences(each.id)
            if each.text[sentence.start : sentence.end].strip()
        ]
        return tuple(
            Citation(
                marker=marker,
                article_id=each.id,
                title=each.title,
                url=each.url,
                sentence=sentence.number,
                start=sentence.start,
                end=sentence.end,
                quote=each.text[sentence.start : sentence.end],
                support=1.0,
                answer_start=1,
                answer_end=4,
                anchor=each.origin.anchor_at(0) if each.origin else None,
                revision=each.revision,
            )
            for marker, (each, sentence) in enumerate(found, start=1)
        )


def _hits(citations: Sequence[Citation]) -> tuple[Hit, ...]:
    return tuple(
        Hit(each.article_id, each.title, each.url, each.sentence, each.start, each.end,
            each.quote, 0.5, anchor=each.anchor, revision=each.revision)
        for each in citations
    )  # fmt: skip


def _answered(draft: Answer, citations: tuple[Citation, ...], mode: str) -> Answer:
    text, claims = "", []
    for each in citations:
        start = len(text)
        text += f"{each.quote}[{each.marker}]\n\n"
        span = (start, start + len(each.quote))
        claims.append(Claim(each.quote, *span, supported=True, citations=(each.marker,)))
    return Answer(
        draft.id, draft.question, draft.question, draft.language, text,
        "quoted" if mode == "quoted" else "partial", refused=False,
        short_answer=" ".join(each.quote for each in citations), claims=tuple(claims),
        removed=tuple(claims[:1]), notices=draft.notices, citations=citations, hits=draft.hits,
    )  # fmt: skip


def make_quoting() -> Quoting:
    embedder = HashEmbedder()
    index = Index.in_memory(articles(), embedder)
    reader, retriever = OverlapReader(), HybridRetriever(index, embedder)
    return Quoting(index, retriever, reader, embedder, max_question_characters=100_000)


# ── watching ─────────────────────────────────────────────────────────────────────────────────

TELL = """(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'msgbox', 'open']) {
        window[name] = () => __tell(name);
    }
    Object.defineProperty(window, '__ran', { set: () => __tell('ran'), configurable: true });
    addEventListener('securitypolicyviolation', (event) => __tell(`csp ${event.blockedURI}`));
})()"""

SETTLED = """async () => {
    const image = new Promise((done) => {
        const made = document.createElement('img');
        made.onerror = done;
        made.src = 'there-is-no-such-picture';
        document.body.append(made);
        made.hidden = true;
    });
    const frame = new Promise((done) => {
        const made = document.createElement('iframe');
        made.onload = done;
        made.srcdoc = 'x';
        made.hidden = true;
        document.body.append(made);
    });
    await Promise.all([image, frame]);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
"""What comes after all that the page had begun to load by now."""

LINKS = """(selector) => {
    const found = [];
    const search = (root) => {
        for (const element of root.querySelectorAll('*')) {
            for (const name of ['href', 'src', 'action', 'formaction', 'xlink:href', 'data']) {
                if (element.hasAttribute(name)) found.push(element.getAttribute(name));
            }
            if (element.shadowRoot) search(element.shadowRoot);
        }
    };
    for (const root of document.querySelectorAll(selector)) search(root);
    return found;
}"""

MARKUP = "script, img, picture, video, audio, iframe, object, embed, form, base, meta, math"


@dataclass
class Watch:
    """What happened in a browser that no text may bring about, and where."""

    happened: list[tuple[str, str]] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.expose_binding("__tell", lambda source, what: self._tell(source["frame"].url, what))
        context.add_init_script(TELL)
        context.on("request", lambda request: self._request(request.url, request.frame.url))
        context.on("page", self._page)

    def _tell(self, place: str, what: str) -> None:
        self.happened.append((what, place))

    def _page(self, page: Page) -> None:
        page.on("dialog", self._dialog)
        page.on("popup", lambda popup: self._tell(page.url, f"popup {popup.url}"))

    def _dialog(self, dialog: Dialog) -> None:
        self._tell("", "dialog")
        dialog.dismiss()

    def _request(self, url: str, place: str) -> None:
        if urlsplit(url).hostname not in ("127.0.0.1", "localhost", None):
            self._tell(place, f"request {url}")


def assert_harmless(page: Page, watch: Watch, selector: str) -> None:
    """Nothing ran or was asked for, and no address in this part of the page can do so later."""
    page.evaluate(SETTLED)
    assert watch.happened == []
    schemes = {urlsplit(each).scheme for each in page.evaluate(LINKS, selector)}
    assert schemes <= {"", "http", "https"}


def legible(text: str, numbers: Sequence[int] | range, front: str) -> list[int]:
    """Return which payloads do not stand in a text, each after its front and number."""
    squeezed = bare(text)
    return [n for n in numbers if bare(showable_line(f"{front}{n}は{TEXTS[n]}")) not in squeezed]
