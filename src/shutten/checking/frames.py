"""What each part of a sentence tells: its words, the subject it takes over, and their roles.

A sentence like "X is 30 m high and Y 20 m" makes two statements. A frame holds one of them, with
what it shares with its neighbours: a subject named before, a verb that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shutten.checking.analysis import Analysis, analyse
from shutten.checking.polarity import is_passive
from shutten.checking.roles import finite_verb, is_pronoun, role_of, verb_like
from shutten.checking.words import Word
from shutten.remembering import remembered

Span = tuple[int, int]

_CUT_JA = re.compile(r"[、。;!?\n]+")
_CUT_EN = re.compile(
    r"(?<![ap]\.m)(?<!\bm[rs])(?<!\bdr)(?<!\bmrs)[;:.!?\n]+(?=\s|$)|,(?!\d)"
    r"|(?<!\bof)(?<!\bin)(?<!\bto)(?<!\bfor)(?<!\bwith)\s(?=(?:and|but|while|whereas|although|though|because|when|which|who|where|if|unless|after|before|until|against|or)\b)"
)
_JOINS = re.compile(r"^\s*(?:and|or|against)\b")
_PARALLEL = re.compile(r"^\s*(?:and|or|against|but|while|whereas)\b")
_CONJUNCTION = re.compile(r"\W*(?:(?:and|or|but|while)\b)?\s*")
_THERE = re.compile(r"^\W*(?:(?:and|but)\s+)?there\b")
_PARTICIPLE = re.compile(r"\W*(?:\w+ed|built|born|made|written|founded|known|held|led|sold|won)\b")
_OPENS = re.compile(r"^\s*(?:who|which|where)\b")
_PREPOSITION = re.compile(
    r"\b(by|from|to|in|on|at|as|for|with|between|of|into|over|under|than|after|before|since|until|except|against|among|on)\b"
)
_PLAIN_GAP = re.compile(r"^[\s\-'\",()&.]*(?:(?:the|an?|his|her|its|their|ms|mr|mrs|dr)\b[\s.]*)*$")
_NO_ARTICLE = re.compile(
    r"^\s*(?:(?:not|never|also|already|only|just|well|been|be|being|have|once)\s+)*$"
)
_AUXILIARY = re.compile(
    r"is|are|was|were|be|been|has|have|had|will|would|may|might|can|could|does|do|did|must|should"
)
_FRONT = re.compile(
    r"^\W*(?:(?:and|but)\s+)?(?:in|on|at|since|by|after|before|because|with|from|during|under|for|last|this|until|despite|if|when|over)\b"
)
_ARTICLE = re.compile(r"\b(?:the|an?|his|her|its|their)\s+")
_TOPIC = re.compile(r"^(?:さん|氏|ら|たち)*(?:(?:に|で|と|から|へ)?は|も)")
_ITS_TOPIC = re.compile(r"^(?:さん|氏|ら|たち)*は")
_IS_IT = re.compile(r"^(?:で(?:ある|あり|あっ|す|した|、|$)|だ)")
_OPEN_END = re.compile(
    r"(?:[はもをにへの]|(?<![たるいだすん])が|から|まで|より|さらに|また|ただし|および|など|以来|その後)$"
)
_PARTICLES = (
    "から",
    "まで",
    "より",
    "には",
    "では",
    "は",
    "が",
    "も",
    "を",
    "に",
    "へ",
    "で",
    "と",
    "の",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One statement; offsets are in the folded text.

    `subjects` are words of other frames that this one is said of, `shared` further words that it
    takes over (the verb of "A in 1962 and B in 1971"). `pronoun` is True where its subject is to
    be found in an earlier sentence.
    """

    spans: tuple[Span, ...]
    subjects: tuple[Word, ...] = ()
    shared: tuple[Word, ...] = ()
    pronoun: bool = False

    def holds(self, position: int) -> bool:
        """Whether a position lies in the frame's own words."""
        return any(start <= position < end for start, end in self.spans)

    def text_of(self, analysis: Analysis) -> str:
        """The frame's own words as one text."""
        return " ".join(analysis.text[start:end] for start, end in self.spans).strip()

    @property
    def start(self) -> int:
        """Offset of its first own word in the folded text."""
        return self.spans[0][0]


@remembered(maxsize=4096)
def frames_of(text: str) -> tuple[Frame, ...]:
    """Return the frames of a text in order, at least one."""
    analysis = analyse(text)
    if analysis.language == "ja":
        return tuple(_shared_ja(analysis, list(_frames_ja(analysis))))
    return tuple(_shared_en(analysis, list(_frames_en(analysis))))


# ── Japanese ─────────────────────────────────────────────────────────────────────────────────


def _frames_ja(analysis: Analysis) -> Iterator[Frame]:
    for start, end in _segments_ja(analysis):
        yield from _relative_ja(analysis, start, end)


def _segments_ja(analysis: Analysis) -> Iterator[Span]:
    """Parts between commas; what tells nothing by itself belongs to what follows."""
    text, begin = analysis.text, 0
    ends = [match.end() for match in _CUT_JA.finditer(text)]
    for end in [*ends, len(text)] if not ends or ends[-1] < len(text) else ends:
        last = end == len(text) or text[end - 1] in "。!?\n"
        if last or _tells_ja(analysis, begin, end):
            if text[begin:end].strip():
                yield begin, end
            begin = end


def _has_content(analysis: Analysis, start: int, end: int) -> bool:
    items = [*(w.start for w in analysis.words), *_figures(analysis)]
    return any(start <= place < end for place in items)


def _figures(analysis: Analysis) -> list[int]:
    """Where numbers, dates and times begin."""
    return [
        *(q.start for q in analysis.quantities),
        *(m.start for m in analysis.moments),
        *(t.start for t in analysis.times),
    ]


def _tells_ja(analysis: Analysis, start: int, end: int) -> bool:
    """Whether a part has a verb of its own, or a number beside what it is a number of."""
    part = analysis.text[start:end].rstrip("、")
    words = [w for w in analysis.words if start <= w.start < end]
    if not words:
        return False
    following = _part_end(analysis, end)
    if _OPEN_END.search(part):
        common = _particles(analysis, start, end) & _particles(analysis, end, following)
        return len(common) > 1 or {"number", "subject"} <= common
    named = any(role_of(w) in ("subject", "object") for w in words)
    if _counts(analysis, start, end) and (
        named or any(_before_number(analysis, w.end) for w in words)
    ):
        return True
    if not words[-1].tail and any(role_of(w) == "subject" for w in words):
        return "は" in _particles(analysis, end, following)
    return bool(re.search(r"[ぁ-ゖ]$", part)) and (
        named or (role_of(words[-1]) == "none" and bool(words[-1].tail))
    )


def _part_end(analysis: Analysis, start: int) -> int:
    match = _CUT_JA.search(analysis.text, start)
    return match.end() if match else len(analysis.text)


def _particles(analysis: Analysis, start: int, end: int) -> set[str]:
    """The particles of a part, dates and numbers as one each."""
    found = {_particle(w) for w in analysis.words if start <= w.start < end} - {"", "の"}
    if any(start <= m.start < end for m in analysis.moments):
        found.add("date")
    if _counts(analysis, start, end):
        found.add("number")
    if any(role_of(w) == "subject" for w in analysis.words if start <= w.start < end):
        found.add("subject")
    return found


def _particle(word: Word) -> str:
    tail = re.sub(r"^(?:さん|氏|ら|たち)", "", word.tail)
    return next((each for each in _PARTICLES if tail == each), "")


def _relative_ja(analysis: Analysis, start: int, end: int) -> Iterator[Frame]:
    """Cut off what describes a noun: 昨年2位だった | 原田さんが制した."""
    heads = [
        (n, word)
        for n, word in enumerate(analysis.words)
        if start <= word.start < end and _is_described(analysis, word, start)
    ]
    rest: list[Span] = []
    begin = start
    for n, head in heads:
        opening = _opening(analysis, begin, head.start)
        group = tuple(_noun_group(analysis, n, end))
        described = Frame(((opening, head.start),))
        named = any(w.tail[-1:] == "が" for w in subject_words(analysis, described))
        subjects = (*_same_thing(analysis, group, opening), *group)
        yield replace(described, shared=group) if named else replace(described, subjects=subjects)
        if opening > begin:
            rest.append((begin, opening))
        begin = head.start
    yield Frame((*rest, (begin, end)))


def _is_described(analysis: Analysis, word: Word, start: int) -> bool:
    before = analysis.text[start : word.start].rstrip("「『(")
    match = re.search(r"(?:た|る|ている|ない|だった|である)(?:この|その)?$", before)
    if match is None or word.script == "latin" or len(before) < 5:  # noqa: PLR2004
        return False
    if re.match(
        r"(?:方針|予定|計画|見込|可能性|見通|必要|疑|場合|時|前|後|際|案|考|意向|理由|原因|構想|目標)",
        word.key,
    ):
        return False
    inside = [w for w in analysis.words if start <= w.start < word.start]
    if not inside:
        return any(start <= place < word.start for place in _figures(analysis))
    return role_of(inside[-1]) == "none"


def _opening(analysis: Analysis, begin: int, end: int) -> int:
    """Where a description begins: behind the last topic in front of it."""
    topics = [w for w in analysis.words if begin <= w.start < end and _TOPIC.match(w.tail)]
    comma = analysis.text.rfind("、", begin, end) + 1
    if not topics:
        return max(begin, comma)
    match = _TOPIC.match(topics[-1].tail)
    return max(comma, topics[-1].end + (match.end() if match else 0))


def _same_thing(analysis: Analysis, group: Sequence[Word], opening: int) -> tuple[Word, ...]:
    """The topic that is said to be the noun described: 黒石は、東隅に据えられた聖宝である."""
    if not _IS_IT.match(group[-1].tail):
        return ()
    begin = max(analysis.text.rfind(mark, 0, opening) for mark in "。!?") + 1
    topics = [w for w in analysis.words if begin <= w.start < opening and _ITS_TOPIC.match(w.tail)]
    return tuple(topics[-1:])


def _noun_group(analysis: Analysis, number: int, end: int) -> Iterator[Word]:
    """A noun with those that it belongs to: 妻の倉田ハル."""
    for word in analysis.words[number:]:
        if word.start >= end:
            return
        yield word
        if word.tail and not word.tail.startswith("の"):
            return


def _shared_ja(analysis: Analysis, frames: list[Frame]) -> Iterator[Frame]:
    topics: tuple[Word, ...] = ()
    for number, frame in enumerate(frames):
        if analysis.text[: frame.start].rstrip().endswith(("。", "!", "?")):
            topics = ()
        own = subject_words(analysis, frame)
        shared = frame.shared
        if not _has_verb_ja(analysis, frame):
            shared = (*shared, *_verb_behind(analysis, frames[number:]))
        yield replace(
            frame,
            subjects=frame.subjects or (() if own else topics),
            shared=shared,
            pronoun=not own and not frame.subjects and not topics,
        )
        if own and not frame.subjects:
            topics = (*_possessors(analysis, own[0]), *own)


def _possessors(analysis: Analysis, word: Word) -> Iterator[Word]:
    """What a noun belongs to, in front of it: 羊 in 羊の毛."""
    before = next((w for w in reversed(analysis.words) if w.end < word.start), None)
    if before and before.tail == "の" and before.end + 1 == word.start:
        yield from _possessors(analysis, before)
        yield before


def _has_verb_ja(analysis: Analysis, frame: Frame) -> bool:
    inside = [w for w in analysis.words if frame.holds(w.start)]
    text = frame.text_of(analysis)
    if re.search(
        r"(?:[だでりしくてずたるいうすつれえみきけせめべ]|です|(?<=[たるいだすん])が)[、。]?$", text
    ):
        return True
    bare = bool(inside) and not inside[-1].tail and not _counts(analysis, *_bounds(frame))
    return bare and any(role_of(w) == "subject" for w in inside)


def _bounds(frame: Frame) -> Span:
    return frame.spans[0][0], frame.spans[-1][1]


def _verb_behind(analysis: Analysis, frames: Sequence[Frame]) -> Iterator[Word]:
    for frame in frames[1:]:
        inside = [w for w in analysis.words if frame.holds(w.start)]
        if inside and role_of(inside[-1]) == "none" and inside[-1].tail:
            yield inside[-1]
            return


# ── English ──────────────────────────────────────────────────────────────────────────────────


def _frames_en(analysis: Analysis) -> Iterator[Frame]:
    text, begin = analysis.text, 0
    cuts = [match.end() for match in _CUT_EN.finditer(text)]
    for number, cut in enumerate([*cuts, len(text)]):
        following = cuts[number + 1] if number + 1 < len(cuts) else len(text)
        ends = cut == len(text) or _tells_en(analysis, begin, cut, following)
        if ends and _has_content(analysis, begin, cut):
            yield Frame(((begin, cut),))
            begin = cut


def _tells_en(analysis: Analysis, begin: int, cut: int, following: int) -> bool:
    """Whether a text is to be cut at a place: there is a statement before it and one behind."""
    left, right = analysis.text[begin:cut], analysis.text[cut:following]
    if re.search(r"[;:.!?\n]+\s*$", left):
        return True
    if not _has_content(analysis, begin, cut) or (
        not finite_verb(left) and not _counted(analysis, begin, cut)
    ):
        return False
    if finite_verb(right):
        return True
    behind = _until_next_verb(analysis, cut)
    joined = left.endswith(",") or _PARALLEL.match(right)
    if joined and _counted(analysis, begin, cut) and _counted(analysis, cut, behind):
        return True
    if not _JOINS.match(right):
        return False
    mine, theirs = (set(_PREPOSITION.findall(each)) for each in (left, analysis.text[cut:behind]))
    return bool((mine & theirs) - {"of", "in"})


def _until_next_verb(analysis: Analysis, cut: int) -> int:
    stop = re.compile(r"[;.!?](?=\s|$)|\s(?:and|but|while)\b").search(analysis.text, cut + 2)
    return stop.start() if stop else len(analysis.text)


def _counted(analysis: Analysis, start: int, end: int) -> bool:
    return any(start <= place < end for place in _figures(analysis))


def _shared_en(analysis: Analysis, frames: list[Frame]) -> Iterator[Frame]:
    subject: tuple[Word, ...] = ()
    verb: tuple[Word, ...] = ()
    for frame in frames:
        text = frame.text_of(analysis)
        own = subject_words(analysis, frame)
        relative = bool(_OPENS.match(text))
        pronoun = is_pronoun(re.sub(r"^\s*(?:and|but|while|if|when|although|because)\s+", "", text))
        has_verb = finite_verb(text)
        taken = _last_noun(analysis, frame) if relative else subject
        if _THERE.search(text):
            taken = ()
        yield replace(
            frame,
            subjects=() if own and not pronoun else taken,
            shared=_participle_of(analysis, frame) if has_verb else verb,
            pronoun=not own and not taken,
        )
        subject = own if own and not pronoun and not relative else subject
        verb = (
            tuple(w for w in analysis.words if frame.holds(w.start) and verb_like(analysis, w))
            or verb
        )


def _participle_of(analysis: Analysis, frame: Frame) -> tuple[Word, ...]:
    """The noun in front of a participle: her novel Frost Road, published in 1935."""
    if not _PARTICIPLE.match(frame.text_of(analysis)):
        return ()
    return _last_noun(analysis, frame)


def _last_noun(analysis: Analysis, frame: Frame) -> tuple[Word, ...]:
    found: list[Word] = []
    end = frame.start
    for word in reversed([w for w in analysis.words if w.end <= frame.start + 1]):
        if not _PLAIN_GAP.match(analysis.text[word.end : end]):
            break
        found.append(word)
        end = word.start
    return tuple(reversed(found))


# ── roles ────────────────────────────────────────────────────────────────────────────────────


@remembered(maxsize=4096)
def roles_in(text: str) -> dict[int, str]:
    """The role of each content word of a text, by its start.

    "subject", "object", a preposition or particle, "label" for what a number counts or measures,
    "verb", "genitive" or "".
    """
    analysis = analyse(text)
    if analysis.language == "ja":
        return {word.start: _role_ja(analysis, word) for word in analysis.words}
    return _roles_en(analysis)


@remembered(maxsize=8192)
def logical_roles(text: str, frame: Frame) -> dict[int, str]:
    """The roles of a frame's words where the passive is turned round: who has it done is "object".

    The words that the frame is said of are its subject.
    """
    roles = dict(roles_in(text))
    roles |= {w.start: "subject" for w in frame.subjects if roles.get(w.start) != "genitive"}
    analysis = analyse(text)
    if not is_passive(frame.text_of(analysis), analysis.language):
        return roles
    turned = {"subject": "object", "by": "subject"}
    passive = {start: turned.get(role, role) for start, role in roles.items()}
    for word in analysis.words:
        if frame.holds(word.start) and word.tail.startswith("によ"):
            passive[word.start] = "subject"
    return passive


def _role_ja(analysis: Analysis, word: Word) -> str:
    role = role_of(word)
    if role == "none" and not word.tail:
        if _before_number(analysis, word.end):
            return "label"
        following = next((w for w in analysis.words if w.start == word.end), None)
        return _role_ja(analysis, following) if following else ""
    if role in ("subject", "object", "genitive"):
        return role
    tail = re.sub(r"^(?:さん|氏|ら|たち)", "", word.tail)
    if role == "none":
        following = next((w for w in analysis.words if w.start > word.start), None)
        joined = following is not None and following.start == word.end + len(word.tail)
        return "verb" if word.tail and not joined else ""
    return next((each for each in _PARTICLES if tail.startswith(each)), "")


def _before_number(analysis: Analysis, position: int) -> bool:
    gap = re.compile(r"(?:約|およそ|最長|最大|が|は)?").match(analysis.text, position)
    here = gap.end() if gap else position
    return any(q.start in (position, here) for q in analysis.quantities)


def _roles_en(analysis: Analysis) -> dict[int, str]:
    roles: dict[int, str] = {}
    for frame in frames_of(analysis.source):
        verb = _verb_at(analysis, frame)
        own = {word.start for word in subject_words(analysis, frame)}
        previous: Word | None = None
        for word in (w for w in analysis.words if frame.holds(w.start)):
            begin = previous.end if previous else frame.start
            before = roles.get(previous.start, "") if previous else ""
            roles[word.start] = (
                "subject" if word.start in own else _role_en(analysis, word, begin, before, verb)
            )
            previous = word
    return roles


def _role_en(analysis: Analysis, word: Word, begin: int, before: str, verb: Span | None) -> str:
    """The role of a word that is no subject; `before` is that of the word in front of it."""
    gap = analysis.text[begin : word.start]
    if verb is not None and verb[0] <= word.start < verb[1]:
        return "verb"
    if _counts(analysis, begin, word.start) and re.search(r"(?:^|\s)(?:of\s+)?$", gap):
        return "label"
    passed = verb is not None and begin <= verb[0] < word.start
    if passed and _NO_ARTICLE.match(analysis.text[verb[1] if verb else begin : word.start]):
        return (
            "verb" if verb and _AUXILIARY.fullmatch(analysis.text[verb[0] : verb[1]]) else "object"
        )
    if before and not passed and before != "verb" and _PLAIN_GAP.match(gap):
        return before
    found = _PREPOSITION.findall(gap)
    if found:
        return str(found[-1])
    return "object" if verb is not None and word.start > verb[0] else ""


def _counts(analysis: Analysis, start: int, end: int) -> bool:
    counted = [q.start for q in analysis.quantities if q.unit != "ordinal"]
    return any(start <= place < end for place in (*counted, *(t.start for t in analysis.times)))


def _verb_at(analysis: Analysis, frame: Frame) -> Span | None:
    piece = analysis.text[frame.start : frame.spans[-1][1]]
    verb = finite_verb(piece)
    return None if verb is None else (frame.start + verb.start(), frame.start + verb.end())


def subject_words(analysis: Analysis, frame: Frame) -> tuple[Word, ...]:
    """The words that a frame itself names as what it is said of."""
    inside = [w for w in analysis.words if frame.holds(w.start)]
    if analysis.language == "ja":
        return tuple(w for w in inside if role_of(w) == "subject")
    verb = _verb_at(analysis, frame)
    if verb is None:
        return tuple(_heading_words(analysis, frame))
    found: list[Word] = []
    end = _subject_start(analysis, frame.start, verb[0])
    for word in inside:
        gap = analysis.text[end : word.start] if word.start >= end else ""
        if word.start < end or word.start >= verb[0]:
            continue
        if found and not _PLAIN_GAP.match(gap):
            break
        found.append(word)
        end = word.end
    return tuple(found)


def _heading_words(analysis: Analysis, frame: Frame) -> Iterator[Word]:
    """In front of the number or preposition of a part without a verb: and North Peak 2,790 m."""
    opening = _CONJUNCTION.match(analysis.text, frame.start)
    end = opening.end() if opening else frame.start
    if analysis.text[: frame.start].rstrip(" ,;").endswith(".") or not frame.start:
        return
    for word in (w for w in analysis.words if frame.holds(w.start)):
        if not _PLAIN_GAP.match(analysis.text[end : word.start]):
            return
        yield word
        end = word.end


def _subject_start(analysis: Analysis, begin: int, verb: int) -> int:
    """Where the subject begins: behind what is put in front of it (After the flood the state …)."""
    piece = analysis.text[begin:verb]
    if not _FRONT.match(piece):
        return begin
    comma = piece.rfind(", ")
    articles = [m.end() for m in _ARTICLE.finditer(piece)]
    numbers = [q.end - begin for q in analysis.quantities if begin <= q.start < verb]
    numbers += [m.end - begin for m in analysis.moments if begin <= m.start < verb]
    numbers += [t.end - begin for t in analysis.times if begin <= t.start < verb]
    first = piece.find(", ")
    if first >= 0 and comma >= 0:
        return begin + (max([a for a in articles if a < first][1:], default=first + 1))
    return begin + max([*articles, *numbers], default=0)
