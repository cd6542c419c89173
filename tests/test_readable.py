from __future__ import annotations

import pytest

from shutten.readable import bars, hidden_spans, is_rule, readable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("詳しくは[案内](https://example.org/a)を見る。", "詳しくは案内を見る。"),
        ("[赤](javascript:alert(1))と![絵](http://example.org/x.png)", "赤と絵"),
        ('[a](b "title (x)") and [c](<d e>)', "a and c"),
        ("[![印](https://example.org/b.svg)](https://example.org) です", "印 です"),
        ("前[ ](x)後 ![](y.png)", "前 後 "),
        ("［全角］（かっこ）と[1](2)と[12](x)", "［全角］（かっこ）と[1](2)と[12](x)"),
        ("f[x](y) ではない [a] (b)", "fx ではない [a] (b)"),
        ("[a](b\nc)", "[a](b\nc)"),
        ("閉じない[a](b", "閉じない[a](b"),
    ],
)
def test_a_link_is_its_words_and_a_picture_its_description(written: str, read: str) -> None:
    assert readable(written) == read


def test_the_marking_is_told_as_spans_in_order_that_do_not_touch() -> None:
    text = "x[![印](a)](b)y[z](c)"
    assert [text[slice(*span)] for span in hidden_spans(text)] == ["[![", "](a)](b)", "[", "](c)"]


def test_a_heap_of_brackets_is_read_at_once() -> None:
    for heap in ("[" * 5_000, "![" * 2_500, "[a](" * 1_500, "[![a](b" * 800):
        assert readable(heap) == heap


@pytest.mark.parametrize(
    ("text", "outer", "inner"),
    [
        ("| 2021 | 63,900人 |", ["| ", " |"], [" | "]),
        ("|2021|63,900人|増|", ["|", "|"], ["|", "|"]),
        (r"| a \| b | - |", ["| ", " |"], [" | "]),
        ("| 年 | 数 |\n前の行", ["| ", " |"], [" | "]),
        ("|x|+|y|", [], []),
        ("| x |", [], []),
        ("a | b と | c", [], []),
    ],
)
def test_the_bars_of_a_row_are_told_from_other_bars(
    text: str, outer: list[str], inner: list[str]
) -> None:
    found = [[text[slice(*span)] for span in spans] for spans in bars(text)]
    assert found == [outer, inner]


def test_a_line_of_dashes_below_the_head_of_a_table_is_told() -> None:
    lines = ["|---|:--:|", "| --- | ---: |", "--- | ---", "---", "| - a |", "| 1 |"]
    assert [is_rule(line) for line in lines] == [True, True, True, False, False, False]
