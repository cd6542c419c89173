from __future__ import annotations

from collections.abc import Sequence

import pytest

from shutten.checking.checker import GroundingChecker
from shutten.checking.verdicts import ProblemCode
from shutten.embedding import load_embedder
from shutten.types import Hit, Passage

CHECKER = GroundingChecker(load_embedder())


def codes(claim: str, texts: Sequence[str], title: str = "題") -> list[ProblemCode]:
    around = ["", *texts, ""]
    passages = [
        Passage(Hit("a", title, None, n + 2, 0, len(text), text, 0.5), around[n], around[n + 2])
        for n, text in enumerate(texts)
    ]
    return [each.code for each in CHECKER.check(claim, passages).problems]


PEAKS = ["南岳は標高2841メートル、北岳は標高2790メートルである。"]
FARM = ["Highfield Farm keeps 210 sheep and 45 goats."]
FIGURES = ["売上高は12%増の86億円、営業利益は4%減の5億円だった。"]
LIBRARY = ["蔵書は約6万2000冊から約9万冊に増えた。"]
DAM = ["市は貯水率が25%を下回れば、夜間の給水を止める方針だ。"]
POST = ["Results will be announced in May, and if places are left, a second round follows."]
VOTE = ["Karen Sand beat the sitting mayor, Martin Hale, by 1,254 votes."]
MINUTES = ["The minutes were written by the secretary and checked by the chair."]
MERGER = ["両町は2005年に合併を協議したが、実現しなかった。"]
BRIDGE = ["歩行者と自転車を除き、夜間は通行止めが続く。"]
FEES = ["月会費は個人会員が1000円、法人会員が6000円である。"]
BIRDS = ["湿地の渡り鳥は38種から52種に増えた。"]
BELLS = ["At the fair Rosa Lind won the race, ahead of Paul Amery."]
BORN = ["山根は1904年に金沢で生まれ、長崎へ移って、そこで亡くなった。"]


@pytest.mark.parametrize(
    ("claim", "source", "code"),
    [
        ("北岳は標高2841メートルである。", PEAKS, "subject"),
        ("Highfield Farm keeps 210 goats.", FARM, "subject"),
        ("営業利益は86億円だった。", FIGURES, "subject"),
        ("蔵書は約6万2000冊に増えた。", LIBRARY, "number"),
        ("市は夜間の給水を止める方針だ。", DAM, "modality"),
        ("A second round follows.", POST, "modality"),
        ("Karen Sand won 1,254 votes.", VOTE, "comparative"),
        ("The minutes were written by the chair.", MINUTES, "subject"),
        ("両町は2005年に合併した。", MERGER, "modality"),
        ("歩行者は夜間に通行止めになる。", BRIDGE, "quantifier"),
        ("個人会員の月会費は6000円である。", FEES, "number"),
        ("渡り鳥は38羽から52羽に増えた。", BIRDS, "unit"),
        ("Paul Amery won the race.", BELLS, "subject"),
        ("山根は金沢で亡くなった。", BORN, "subject"),
    ],
)
def test_what_is_put_together_falsely_is_caught(
    claim: str, source: list[str], code: ProblemCode
) -> None:
    assert code in codes(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("北岳は標高2790メートルである。", PEAKS),
        ("Highfield Farm keeps 45 goats.", FARM),
        ("Highfield Farm keeps 210 sheep.", FARM),
        ("売上高は86億円だった。", FIGURES),
        ("蔵書は約9万冊に増えた。", LIBRARY),
        ("貯水率が25%を下回れば、市は夜間の給水を止める方針だ。", DAM),
        ("Results will be announced in May.", POST),
        ("Karen Sand beat Martin Hale by 1,254 votes.", VOTE),
        ("The secretary wrote the minutes.", MINUTES),
        ("両町は2005年に合併を協議した。", MERGER),
        ("法人会員の月会費は6000円である。", FEES),
        ("Rosa Lind won the race.", BELLS),
        ("山根は金沢で生まれた。", BORN),
    ],
)
def test_each_statement_by_itself_passes(claim: str, source: list[str]) -> None:
    assert codes(claim, source) == []
