"""A sentence that says what is not so is no answer to what is."""

from __future__ import annotations

import pytest
from tests.bundled import bundled_assistant

from shutten.types import Article
from shutten.wording.denial import affirms, denies

CAUSE = "大雨による増水は直接の原因ではないとされた。"
BLAME = "設計者の工藤は責任を問われなかった。"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("橋が崩れた直接の原因は何ですか", CAUSE),
        ("崩落の原因", CAUSE),
        ("誰が事故の責任を問われましたか", BLAME),
        ("TG7Lに許可が出たのはいつですか", "経済産業省の許可が下りていない。"),
        ("沈没の原因は何ですか", "船底の腐食が原因だという説もあったが、調査団はこれを否定した。"),
        ("写本の作者は誰", "作者を円明とする見方は、年代が合わないため誤りだとわかった。"),
        ("Who was blamed by the inquiry?", "The architect was not blamed by the inquiry."),
        ("Which plant produced the glass?", "The Holm plant didn't produce glass."),
    ],
)
def test_what_is_denied_is_told(question: str, sentence: str) -> None:
    assert denies(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("橋が崩れた直接の原因は何ですか", "直接の原因はピンの疲労亀裂とされた。"),
        ("直接の原因ではないとされたのは何ですか", CAUSE),
        ("大雨は直接の原因ですか", CAUSE),
        ("工藤は責任を問われた？", BLAME),
        ("誰が責任を問われましたか", "誰も責任を問われなかった。"),
        ("原因は何ですか", "原因は明らかになっていない。"),
        ("蔵書している図書館はどこですか", "この雑誌は市立図書館しか蔵書していない。"),
        ("いつ再建されましたか", "城は1990年まで再建されなかった。"),
        ("興行収入はいくらですか", "製作費に対し、わずか41万ドルの興行収入しか得られなかった。"),
        ("閘門が必要なのはなぜ", "水位が季節で変わるため、閘門は必要でなければならない。"),
        ("否定された説では何が原因ですか", "腐食が原因だという説もあったが、否定された。"),
        ("調査団は何を否定しましたか", "腐食が原因だという説もあったが、調査団は否定した。"),
        ("沈没したのはいつ", "腐食が原因だという説もあったが、調査団はこれを否定した。"),
        ("When was it rebuilt?", "It was not rebuilt until 1990."),
        ("Who opened it?", "It was not only opened by the king."),
        ("Who was not blamed?", "The architect was not blamed."),
        ("Was the architect blamed?", "The architect was not blamed."),
        ("Who was blamed?", "The railway was blamed, but the architect was not blamed."),
    ],
)
def test_what_is_affirmed_or_asked_for_as_denied_is_left_alone(
    question: str, sentence: str
) -> None:
    assert not denies(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("配達しなかったのは何軒ですか", "局員は52軒に配達した。"),
        ("修復されていない像は何体ありますか", "像は14体が修復された。"),
        ("配達しなかったのは何軒ですか", "しかし、配達したのは52軒にとどまった。"),
    ],
)
def test_what_a_question_denies_is_affirmed(question: str, sentence: str) -> None:
    assert affirms(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("配達しなかったのは何軒ですか", "52軒に配達し、8軒には届けられなかった。"),
        ("配達しなかったのは何軒ですか", "配達を断った家は8軒だった。"),
        ("配達しなかったのは何軒ですか", "残りの8軒は翌日の配達になった。"),
        ("配達しなかったのはなぜですか", "大雪で道が通れず、52軒に配達した。"),
        ("配達したのは何軒ですか", "局員は52軒に配達した。"),
        ("配達しなかったのは何軒ですか", "局員は8軒の前を通りすぎた。"),
    ],
)
def test_what_may_tell_of_the_rest_is_left_alone(question: str, sentence: str) -> None:
    assert not affirms(question, sentence)


def test_the_sentence_that_affirms_comes_before_the_one_that_denies() -> None:
    text = (
        "白鷺橋の崩落\n\n白鷺橋は1983年に崩れた。大雨による増水は直接の原因ではないとされた。"
        "委員会は1984年5月の報告書で、直接の原因を吊り桁のピンの疲労亀裂とした。\n"
    )
    assistant = bundled_assistant(Article("b.txt", "白鷺橋の崩落", text))
    answer = assistant.ask("白鷺橋が崩れた直接の原因は何ですか")
    assert "疲労亀裂" in answer.citations[0].quote
    assert not any("ではない" in each.quote for each in answer.citations)
