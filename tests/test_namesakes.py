"""Sentences that tell of the person an article is about, where a relative is asked about."""

from __future__ import annotations

import pytest

from shutten.namesakes import is_of_namesake, names_heard


@pytest.mark.parametrize(
    ("question", "title", "known", "is_one"),
    [
        ("柿沼直輝はいつ生まれましたか", "柿沼直温", "1859年に川俣に生まれた。", True),
        ("柿沼直輝はいつ生まれましたか", "柿沼直温 (染織家)", "1859年に生まれた。", True),
        ("柿沼直温はいつ生まれましたか", "柿沼直温", "1859年に川俣に生まれた。", False),
        ("柿沼直輝はいつ生まれましたか", "柿沼直温", "直輝は1857年に生まれた。", False),
        ("柿沼直輝はいつ生まれましたか", "柿沼直温", "兄は1857年に生まれた。", False),
        ("柿沼直温が柿沼直輝に譲ったのはいつ", "柿沼直温", "1890年に家を譲った。", False),
        ("柿沼容疑者は何歳ですか", "柿沼直温", "47歳である。", False),
        ("川俣工場はいつできましたか", "川俣茂一", "1923年にできた。", False),
        ("桐生家の家紋は何ですか", "川俣家", "家紋は三つ雀である。", True),
        ("桐生家の家紋は何ですか", "川俣家", "桐生の家紋は三つ雀である。", False),
        ("川俣家の家紋は何ですか", "川俣家", "家紋は三つ雀である。", False),
        ("When did Hisao Kanze die?", "Tetsunojo KANZE (the Ninth)", "He died in 1978.", True),
        ("When did Tetsunojo Kanze die?", "Tetsunojo KANZE", "He died in 1978.", False),
        ("When did Hisao Kanze die?", "Tetsunojo KANZE", "Hisao died in 1978.", False),
        ("When did Tetunojo Kanze die?", "Tetsunojo KANZE", "He died in 1978.", False),
        ("When was the Kestrel Duo sold?", "Spectrometers", "The Kestrel One was sold.", True),
        ("When was the Kestrel Duo sold?", "Kestrel Duo", "The Kestrel One was sold.", False),
        ("When was the Harrow Mill sold?", "Harrow", "The Harrow Bridge was sold.", False),
        ("直輝はいつ生まれましたか", "渡し舟の歴史", "1859年に生まれた。", False),
    ],
)
def test_one_of_a_family_is_told_from_another(
    question: str, title: str, known: str, *, is_one: bool
) -> None:
    assert is_of_namesake(question, title, known) is is_one


@pytest.mark.parametrize(
    ("question", "heard"),
    [
        ("How long is the Gotthard Base Tunnel?", ("Gotthard",)),
        ("How long is the Seikan Tunnel?", ()),
        ("Gotthard is how long?", ()),
        ("ゴッタルドは何キロですか", ()),
    ],
)
def test_names_are_heard_in_katakana(question: str, heard: tuple[str, ...]) -> None:
    texts = ["青函トンネルの全長は53キロである。", "ゴッタルドベーストンネルは57キロある。"]
    assert names_heard(question, texts) == heard
