"""Places of a sentence that cannot answer."""

from __future__ import annotations

import pytest

from shutten.wording.ruled_out import is_ruled_out

WATER = "水道を使えるのは、午前6時から午前9時までと、午後4時から午後7時までとする。"


@pytest.mark.parametrize(
    ("asked", "words", "ruled_out"),
    [
        ("水道は何時から使えますか", "午前9時", True),
        ("水道は何時から使えますか", "午後7時", True),
        ("水道は何時から使えますか", "午前6時", False),
        ("水道は何時から使えますか", "午前6時から午前9時", False),
        ("水道は何時まで使えますか", "午前9時", False),
        ("水道は何時から何時まで使えますか", "午前9時", False),
        ("水道は午前6時から何時まで使えますか", "午前9時", False),
    ],
)
def test_where_a_beginning_is_asked_for_no_words_begin_with_the_end(
    asked: str, words: str, *, ruled_out: bool
) -> None:
    start = WATER.index(words)
    place = (start, start + len(words))
    assert is_ruled_out(asked, "date", WATER, "", place) is ruled_out
