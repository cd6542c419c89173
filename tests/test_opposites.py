"""Sentences about the opposite of what is asked for."""

from __future__ import annotations

import pytest

from shutten.opposites import tells_the_opposite


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("シカが減ったのはなぜですか", "雪が少なくなり、シカが増えた。"),
        ("いつ所長を辞任しましたか", "1921年に所長に就任した。"),
        ("柵の外で見つかったのは何株ですか", "柵の中で57株が確認された。"),
        ("館の内側には何がありますか", "館の外側には池がある。"),
        ("計画に賛成したのは誰ですか", "村長は反対した。"),
        ("直輝はいつ生まれましたか", "1915年に死去した。"),
        ("いつ亡くなりましたか", "1861年に京に生まれた。"),
        ("母は誰ですか", "父は大工の勘助である。"),
        ("先代の橋の長さは", "現在の橋は長さ155メートルである。"),
        ("三代目を継いだのは誰", "二代目は弟子の与作が継いだ。"),
        ("鐘の重さは", "鐘の高さは2メートルである。"),
        ("Who was her mother?", "Her father was a miller."),
        ("When did the mill close?", "The mill opened in 1921."),
        ("Who designed the boat?", "The boat was built by Dent."),
        ("When did Edith step down?", "Edith became director in 1921."),
        ("Why did the catch decrease?", "The catch increased after 1990."),
    ],
)
def test_the_opposite(question: str, sentence: str) -> None:
    assert tells_the_opposite(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("シカが減ったのはなぜですか", "増えていたシカは、猟で減った。"),
        ("シカは増えましたか、減りましたか", "シカは増えた。"),
        ("柵の外で見つかったのは何株ですか", "柵の外では1株も見つからなかった。"),
        ("柵の外で見つかったのは何株ですか", "袋の中に種があった。"),
        ("増築したのはいつですか", "客が減った1980年に増築した。"),
        ("When did Edith become director?", "Edith became director in 1921."),
        ("いつ亡くなりましたか", "勘助（1861年生まれ）は1915年に没した。"),
        ("母は誰ですか", "父は大工、母は機屋の娘であった。"),
        ("When did the mill close?", "Opened in 1921, the mill was shut in 1950."),
    ],
)
def test_no_opposite(question: str, sentence: str) -> None:
    assert not tells_the_opposite(question, sentence)
