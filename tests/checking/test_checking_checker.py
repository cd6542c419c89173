from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from shutten.checking.alignment import WordVectors, align
from shutten.checking.analysis import analyse
from shutten.checking.checker import GroundingChecker
from shutten.checking.verdicts import CODES, Problem, ProblemCode, Verdict
from shutten.embedding import load_embedder
from shutten.types import Hit, Language, Passage

EMBEDDER = load_embedder()
RULES = GroundingChecker(EMBEDDER)


def passages(texts: Sequence[str], title: str = "題", article: str = "a") -> list[Passage]:
    around = ["", *texts, ""]
    return [
        Passage(Hit(article, title, None, n + 2, 0, len(text), text, 0.5), around[n], around[n + 2])
        for n, text in enumerate(texts)
    ]


def verdict(claim: str, *texts: str, title: str = "題") -> Verdict:
    return RULES.check(claim, passages(texts, title))


TOWER = (
    "A medal of 1699 shows King Louis beside the builder Henry.",
    "The storm of 1703 swept the tower away and killed Henry.",
    "Its lamp could be seen from the reef.",
)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("The storm of 1703 swept the tower away and killed King Louis.", "King"),
        ("The lamp could be seen by Henry.", "Henry"),
    ],
)
def test_a_claim_is_not_pieced_together_from_sentences(claim: str, words: str) -> None:
    found = RULES.check(claim, passages(TOWER))
    assert not found.supported
    assert any(words in problem.explain("en") for problem in found.problems)


@pytest.mark.parametrize(
    "claim",
    [
        "The storm of 1703 swept the tower away and killed Henry.",
        "The storm killed Henry, and the lamp could be seen from the reef.",
    ],
)
def test_each_statement_of_a_claim_may_rest_on_its_own_sentence(claim: str) -> None:
    assert RULES.check(claim, passages(TOWER)).supported


def codes(found: Verdict) -> list[ProblemCode]:
    return [problem.code for problem in found.problems]


BRIDGE = "青空橋は1974年6月3日に開通し、長さは812メートルである。"
DAM = "県は来年、古いダムを2基取り壊す予定だが、費用は公表していない。"
SHIP = "The ferry Alba carried 340 passengers from Oban to Mallaig in 1921, and none was hurt."


@pytest.mark.parametrize(
    ("claim", "source", "code"),
    [
        ("青空橋の長さは912メートルである。", BRIDGE, "number"),
        ("青空橋の長さは812キロメートルである。", BRIDGE, "unit"),
        ("青空橋は1975年に開通した。", BRIDGE, "date"),
        ("青空橋は昭和50年に開通した。", BRIDGE, "date"),
        ("青空橋は開通しなかった。", BRIDGE, "negation"),
        ("青空橋は閉鎖された。", BRIDGE, "contrast"),
        ("青空橋の長さは812メートル未満である。", BRIDGE, "comparative"),
        ("青空橋はロンドンの橋である。", BRIDGE, "name"),
        ("青空橋は木材で造られた。", BRIDGE, "addition"),
        ("県は古いダムを2基取り壊した。", DAM, "modality"),
        ("県は費用を公表した。", DAM, "negation"),
        ("県はすべての古いダムを2基取り壊す予定だ。", DAM, "quantifier"),
        ("The ferry Alba carried 430 passengers.", SHIP, "number"),
        ("The ferry Alba carried 340 passengers in 1912.", SHIP, "date"),
        ("The ferry Bella carried 340 passengers.", SHIP, "name"),
        ("The ferry Alba was named after Oban.", SHIP, "addition"),
        ("The ferry Alba sank near Oban in 1921.", SHIP, "addition"),
        ("犬が猫を追った。", "猫が犬を追った。", "subject"),
        ("Weiss beat Sorel.", "Sorel beat Weiss in the final.", "subject"),
        ("始発は朝7時に出る。", "始発は朝6時に出る。", "time"),
    ],
)
def test_each_check_gives_its_reason(claim: str, source: str, code: ProblemCode) -> None:
    found = verdict(claim, source)
    assert not found.supported
    assert code in codes(found)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("青空橋は昭和49年6月3日に開通した。", BRIDGE),
        ("青空橋の長さは八百十二メートルである。", BRIDGE),
        ("1974年に青空橋が開通した。", BRIDGE),
        ("青空橋の長さは約800メートルである。", BRIDGE),
        ("費用は公表されていない。", DAM),
        ("古いダムが2基、取り壊される予定だ。", DAM),
        ("In 1921 the ferry Alba carried 340 passengers.", SHIP),
        ("340 passengers were carried by the ferry Alba.", SHIP),
        ("Weiss lost to Sorel.", "Sorel beat Weiss in the final."),
        ("高木さんは森田さんに敗れた。", "森田さんが高木さんを破った。"),
    ],
)
def test_a_true_claim_in_other_words_passes(claim: str, source: str) -> None:
    assert codes(verdict(claim, source)) == []


def test_the_subject_may_stand_in_the_title_or_the_sentence_before() -> None:
    texts = ("橘ゆり子は作家である。", "1931年に神戸で生まれた。")
    assert verdict("橘ゆり子は1931年に神戸で生まれた。", *texts).supported
    assert verdict(
        "橘ゆり子は神戸で生まれた。", "1931年に神戸で生まれた。", title="橘ゆり子"
    ).supported


def test_a_claim_of_two_sentences_cites_both_and_no_third() -> None:
    texts = ("白水橋は2001年に架けられた。", "町の人口は少ない。", "夜は照明で青く光る。")
    found = verdict("白水橋は2001年に架けられ、夜は青く光る。", *texts)
    assert found.supported
    assert [each.passage for each in found.evidence] == [0, 2]


def test_evidence_marks_the_supporting_words_in_the_original() -> None:
    text = "［注］ 青空橋は１９７４年に開通した。"
    (evidence,) = verdict("青空橋は1974年に開通した。", text).evidence
    assert text[evidence.start : evidence.end] == "青空橋は１９７４年に開通"


def test_what_one_sentence_says_of_one_thing_is_not_said_of_another() -> None:
    text = "運賃は大人が180円、小人が90円だ。"
    assert codes(verdict("運賃は小人が180円だ。", text)) == ["subject"]
    assert verdict("運賃は大人が180円だ。", text).supported


def test_relative_dates_need_the_day_of_the_article() -> None:
    dated = GroundingChecker(EMBEDDER, published={"a": date(2025, 3, 10)})
    found = passages(["昨年、青空橋が開通した。"])
    assert dated.check("青空橋は2024年に開通した。", found).supported
    assert not dated.check("青空橋は2023年に開通した。", found).supported


def test_the_day_is_that_of_the_article_whose_sentence_bears_a_claim_out() -> None:
    told, other = passages(["昨年、青空橋が開通した。"])[0], passages(["公園に桜がある。"])[0]
    found = [
        replace(told, published=date(2025, 3, 10)),
        replace(other, hit=replace(other.hit, article_id="b"), published=date(1990, 1, 1)),
    ]
    assert RULES.check("青空橋は2024年に開通した。", found).supported
    assert not RULES.check("青空橋は2023年に開通した。", found).supported


def test_a_whole_sentence_is_supported_by_itself() -> None:
    found = verdict("会社側は問い合わせに答えていない。", "会社側は問い合わせに答えていない[3]。")
    assert (found.supported, found.support) == (True, 1.0)


def test_without_a_sentence_that_shares_anything_there_is_no_support() -> None:
    found = verdict("火星には水がある。", "青空橋が開通した。")
    assert codes(found) == ["no_sentence"]
    assert RULES.check("火星には水がある。", []).problems == (Problem("no_sentence"),)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_reason_has_a_sentence_in_both_languages(language: Language) -> None:
    told = [Problem(code, "12").explain(language) for code in CODES]
    assert len(set(told)) == len(CODES)
    assert all("{" not in sentence for sentence in told)


def test_the_words_of_a_problem_are_those_of_the_claim() -> None:
    found = verdict("青空橋の長さは９１２メートルである。", BRIDGE)
    assert found.problems[0].explain("ja") == "数「９１２メートル」は引用した文にありません。"


def test_a_compound_is_matched_in_pieces() -> None:
    claim, text = analyse("若葉高校が勝った"), analyse("青葉高校が勝った")
    matches = align(claim, [text], WordVectors(EMBEDDER))
    assert {m.word.key: m.strength >= 0.5 for m in matches} == {
        "若": False, "葉高校": True, "勝": True,
    }  # fmt: skip
