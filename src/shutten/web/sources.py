"""The article panel: one article laid out as a page, or the list of the articles there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from shutten.exporting.addresses import web_address
from shutten.layout import MARKDOWN_ENDINGS, front_matter
from shutten.readable import is_rule
from shutten.sentences import trimmed
from shutten.tables import is_row
from shutten.types import Article, Sentence, SentenceKind
from shutten.web.markup import Reference, celled, dropping_link, escaped, reading_link, worded
from shutten.web.texts import Texts, sentences_text

WINDOW: Final = 600
"""How many sentences a page holds; a browser stays quick with these, a whole book slows it."""

LISTED: Final = 200
"""How many articles the list shows; the choice below the question box can find the others."""

_HEADING: Final = re.compile(r"#{1,6}[ \t]+")
_BLANK_LINE: Final = re.compile(r"\n[ \t\r\u3000]*\n")

BlockKind = Literal["title", "heading", "source", "item", "paragraph", "table"]


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as the list names it."""

    reference: Reference
    title: str
    language: str
    sentences: int
    sample: bool = False


def names_apart(titles: Mapping[Reference, str]) -> dict[Reference, str]:
    """Return the name of each article whose title another has too: its file or its id."""
    counts = Counter(titles.values())
    return {each: each.article_id for each, title in titles.items() if counts[title] > 1}


def named_apart(listed: Sequence[Listed]) -> list[Listed]:
    """Return them with the name of each whose title another has too."""
    names = names_apart({each.reference: each.title for each in listed})
    return [
        replace(each, reference=replace(each.reference, name=names.get(each.reference, "")))
        for each in listed
    ]


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences that stand together on the page."""

    kind: BlockKind
    sentences: tuple[Sentence, ...]


def article_page(
    article: Article,
    sentences: Sequence[Sentence],
    reference: Reference,
    texts: Texts,
    *,
    focus: int = 1,
) -> str:
    """Return an article as HTML of one line.

    Every sentence is `<span class="s" id="s-N">` whose `.t` holds exactly its text. Of a long
    article only the sentences around `focus` are shown.
    """
    told = _without_front_matter(article, sentences)
    shown = _window(told, focus - (len(sentences) - len(told)))
    blocks = "".join(_block(article.text, block) for block in _blocks(article.text, shown))
    own_title = any(sentence.kind == "title" for sentence in told[:1])
    heading = "" if own_title else f'<h2 class="page-title">{escaped(article.title)}</h2>'
    return (
        f'<div class="page" id="page/{reference.key}" lang="{escaped(article.language)}">'
        f"{_page_head(article, len(sentences), reference, texts)}{heading}"
        f"{_window_note(told, shown, reference, texts)}"
        f'<div class="page-text">{blocks}</div></div>'
    )


def _without_front_matter(article: Article, sentences: Sequence[Sentence]) -> Sequence[Sentence]:
    """Leave out what says something about a Markdown file and is no part of its text."""
    if not article.id.lower().endswith(MARKDOWN_ENDINGS):
        return sentences
    front = front_matter(article.text)
    told = [each for each in sentences if front is None or each.end > front.end]
    return told or sentences


def page_on_its_way(texts: Texts) -> str:
    """Return what stands in the panel until the page has been set up."""
    return f'<p class="page-pending" role="status"><span>{texts.library_loading}</span></p>'


def library_page(listed: Sequence[Listed], texts: Texts) -> str:
    """Return the list of the articles as HTML of one line."""
    if not listed:
        return f'<div class="library"><p class="library-hint">{texts.library_empty}</p></div>'
    rows = "".join(_row(each, texts) for each in listed[:LISTED])
    hidden = len(listed) - LISTED
    more = f'<p class="library-hint">{texts.library_more.format(count=hidden)}</p>'
    return (
        f'<div class="library"><h2 class="library-head">{texts.library}</h2>'
        f'<p class="library-hint">{texts.library_hint}</p>'
        f"<ul>{rows}</ul>{more if hidden > 0 else ''}</div>"
    )


def _drop(reference: Reference, texts: Texts) -> str:
    """Return what takes an added file away; nothing for what is everybody's."""
    if reference.origin != "own":
        return ""
    return f'<a class="drop" role="button" href="{dropping_link(reference)}">{texts.drop}</a>'


def _row(listed: Listed, texts: Texts) -> str:
    reference = listed.reference
    return (
        f'<li><a href="{reading_link(reference)}" lang="{escaped(listed.language)}">'
        f'{escaped(listed.title)}</a><span class="facts">{_facts(listed, texts)}</span>'
        f"{_drop(reference, texts)}</li>"
    )


def _facts(listed: Listed, texts: Texts) -> str:
    language = texts.language_ja if listed.language == "ja" else texts.language_en
    facts = [language, sentences_text(texts, listed.sentences)]
    if listed.sample:
        facts.append(texts.sample)
    name = listed.reference.name
    if listed.reference.origin == "own":
        facts.append(texts.named.format(title=texts.own, name=listed.reference.article_id))
    elif name:
        facts.append(name)
    return escaped(" · ".join(facts))


def _page_head(article: Article, count: int, reference: Reference, texts: Texts) -> str:
    listed = Listed(reference, article.title, article.language, count, article.sample)
    address = web_address(article.url)
    link = (
        f' · <a href="{escaped(address)}" rel="noopener">{texts.original_page}</a>'
        if address
        else ""
    )
    return (
        f'<p class="page-head"><a class="to-library" href="#list">{texts.library_back}</a>'
        f'<a class="to-answer" href="#answer">{texts.back_to_answer}</a>'
        f'<span class="facts">{_facts(listed, texts)}{link}</span>'
        f"{_drop(reference, texts)}</p>"
    )


def _window(sentences: Sequence[Sentence], focus: int) -> Sequence[Sentence]:
    if len(sentences) <= WINDOW:
        return sentences
    first = min(max(0, focus - 1 - WINDOW // 2), len(sentences) - WINDOW)
    return sentences[first : first + WINDOW]


def _window_note(
    sentences: Sequence[Sentence], shown: Sequence[Sentence], reference: Reference, texts: Texts
) -> str:
    if len(shown) == len(sentences):
        return ""
    first, last, total = shown[0].number, shown[-1].number, sentences[-1].number
    note = escaped(texts.page_window.format(first=first, last=last, total=total))
    if first > sentences[0].number:
        earlier = max(1, first - WINDOW // 2)
        note += f' <a href="{reading_link(reference, earlier)}">{texts.page_earlier}</a>'
    if last < total:
        later = min(total, last + WINDOW // 2)
        note += f' <a href="{reading_link(reference, later)}">{texts.page_later}</a>'
    return f'<p class="page-window">{note}</p>'


def _blocks(text: str, sentences: Sequence[Sentence]) -> Iterator[Block]:
    """Group sentences into titles, headings, list items, tables and paragraphs."""
    gathered: list[Sentence] = []
    kind: BlockKind = "paragraph"
    for sentence in sentences:
        alone, begins = _kind_alone(sentence.kind), _kind_begun(text, sentence)
        is_apart = alone or begins == "item" or (begins == "table") != (kind == "table")
        if gathered and (is_apart or _ends_block(text, gathered[-1], kind)):
            yield Block(kind, tuple(gathered))
            gathered = []
        if alone:
            yield Block(alone, (sentence,))
            continue
        if not gathered:
            kind = begins
        gathered.append(sentence)
    if gathered:
        yield Block(kind, tuple(gathered))


def _kind_begun(text: str, sentence: Sentence) -> BlockKind:
    """Return the kind of block that begins with a sentence, or goes on with it."""
    line = text[slice(*trimmed(text, sentence))]
    if is_row(line) or is_rule(line):
        return "table"
    return "item" if _list_mark(text, sentence) else "paragraph"


def _kind_alone(kind: SentenceKind) -> BlockKind | None:
    """Return the kind of block that a sentence makes by itself."""
    kinds: dict[SentenceKind, BlockKind] = {
        "title": "title",
        "heading": "heading",
        "source": "source",
    }
    return kinds.get(kind)


def _list_mark(text: str, sentence: Sentence) -> str:
    """Return the mark that makes a sentence an item of a list, which is no part of its words."""
    return text[sentence.start : trimmed(text, sentence)[0]].strip()


def _ends_block(text: str, sentence: Sentence, kind: BlockKind) -> bool:
    """Whether a paragraph ends behind this sentence: a blank line, or the end of a list line."""
    gap = _gap(text, sentence)
    return bool(_BLANK_LINE.search(gap)) or (kind == "item" and "\n" in gap)


def _gap(text: str, sentence: Sentence) -> str:
    """Return the white space behind a sentence."""
    return text[trimmed(text, sentence)[1] : sentence.end]


def _block(text: str, block: Block) -> str:
    if block.kind == "table":
        rows = "".join(_table_row(text, sentence) for sentence in block.sentences)
        return f'<div class="table-frame" tabindex="0"><div class="table">{rows}</div></div>'
    wrapped = _is_wrapped(text, block)
    written = [_sentence(text, sentence) for sentence in block.sentences]
    gaps = [_space(_gap(text, sentence), wrapped=wrapped) for sentence in block.sentences[:-1]]
    inner = "".join(each + gap for each, gap in zip(written, [*gaps, ""], strict=True))
    if block.kind == "title":
        return f'<h2 class="page-title">{inner}</h2>'
    if block.kind == "heading":
        level = min(max(len(_heading_sign(text, block.sentences[0]).strip()) or 2, 2), 4)
        return f'<h{level + 1} class="heading level-{level}">{inner}</h{level + 1}>'
    names = {"source": "source-line", "item": "item"}
    name = names.get(block.kind)
    if name == "item" and _list_mark(text, block.sentences[0])[:1].isalnum():
        name = "item numbered"
    return f'<p class="{name}">{inner}</p>' if name else f"<p>{inner}</p>"


def _is_wrapped(text: str, block: Block) -> bool:
    """Whether lines break inside sentences, so that a line break says nothing about the sense."""
    return any("\n" in text[slice(*trimmed(text, sentence))] for sentence in block.sentences)


def _heading_sign(text: str, sentence: Sentence) -> str:
    """Return the Markdown sign of a heading, the empty string where there is none."""
    found = _HEADING.match(text[slice(*trimmed(text, sentence))])
    return found.group() if found and sentence.kind in ("title", "heading") else ""


def _sentence(text: str, sentence: Sentence) -> str:
    start, end = trimmed(text, sentence)
    if start == end:
        return ""
    sign = _heading_sign(text, sentence)
    hidden = f'<span class="sign">{escaped(sign)}</span>' if sign else ""
    mark = _list_mark(text, sentence)
    number = f'<span class="number">{escaped(mark)}</span> ' if mark[:1].isalnum() else ""
    return (
        f'{number}<span class="s" id="s-{sentence.number}" tabindex="-1">'
        f'<span class="n">{sentence.number}</span>'
        f'<span class="t">{hidden}{worded(text[start + len(sign) : end])}</span></span>'
    )


def _table_row(text: str, sentence: Sentence) -> str:
    """A row whose cells stand under each other; the line between head and rows does not show."""
    row = text[slice(*trimmed(text, sentence))]
    shown = (
        f'<span class="s" id="s-{sentence.number}" tabindex="-1">'
        f'<span class="n">{sentence.number}</span><span class="t">{celled(row)}</span></span>'
    )
    name = "rule" if is_rule(row) else "head" if sentence.kind == "head" else ""
    return f'<div class="{name}">{shown}</div>' if name else shown


def _space(gap: str, *, wrapped: bool) -> str:
    if not gap:
        return ""
    return "<br>" if "\n" in gap and not wrapped else " "
