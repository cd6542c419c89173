"""The ids of headings, as each program gives them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from unicodedata import normalize

import pytest

from shutten.wiki.anchors import (
    DOKUWIKI,
    GITHUB,
    MEDIAWIKI,
    MKDOCS,
    OBSIDIAN,
    QUARTO,
    Anchors,
    AnchorStyle,
    dokuwiki_id,
)

HEADINGS = [
    "歴史", "歴史", "2024年の記録", "1.2 概要", "Über uns!", "会社:製品・部品", "***", "2024",
    "A & B (C)", "Foo", "foo", "Résumé_of  work", "「引用」と『本』", "１２３", "section",
]  # fmt: skip


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (
            DOKUWIKI,
            [
                "歴史", "歴史1", "年の記録", "概要", "ueber_uns", "会社製品・部品", "section",
                "section2024", "a_b_c", "foo", "foo1", "resume_of_work", "引用_と_本", "１２３",
                "section1",
            ],
        ),
        (
            MEDIAWIKI,
            [
                "歴史", "歴史_2", "2024年の記録", "1.2_概要", "Über_uns!", "会社:製品・部品", "***",
                "2024", "A_&_B_(C)", "Foo", "foo_2", "Résumé_of_work", "「引用」と『本』", "１２３",
                "section",
            ],
        ),
        (
            MKDOCS,
            [
                "_1", "_2", "2024", "12", "uber-uns", "_3", "_4", "2024_1", "a-b-c", "foo",
                "foo_1", "resume_of-work", "_5", "123", "section",
            ],
        ),
        (
            QUARTO,
            [
                "歴史", "歴史-1", "年の記録", "概要", "über-uns", "会社製品部品", "section",
                "section-1", "a-b-c", "foo", "foo-1", "résumé_of-work", "引用と本", "section-2",
                "section-3",
            ],
        ),
    ],
    ids=["dokuwiki", "mediawiki", "mkdocs", "quarto"],
)  # fmt: skip
def test_headings_get_the_ids_of_the_program(style: AnchorStyle, expected: list[str]) -> None:
    anchors = Anchors(style)
    assert [anchors.next(heading) for heading in HEADINGS] == expected


def test_files_get_the_ids_of_a_code_forge_and_notes_keep_their_words() -> None:
    forge, notes = Anchors(GITHUB), Anchors(OBSIDIAN)
    headings = ["1.2 概要", "概要: C++ を使う", "概要: C++ を使う"]
    assert [forge.next(each) for each in headings] == [
        "12-概要", "概要-c-を使う", "概要-c-を使う-1"
    ]  # fmt: skip
    assert notes.next("概要 | 第 [1] 版") == "概要+第+1+版"


def test_page_names_are_cleaned_as_dokuwiki_does() -> None:
    assert dokuwiki_id("Wiki:Über uns") == "wiki:ueber_uns"
    assert dokuwiki_id(" 計画/2024 ; 案 ") == "計画_2024:案"
    assert dokuwiki_id("::a:..:b__c::") == "a:b_c"


DOKUWIKI_FOLDER = Path("/usr/share/dokuwiki")


@pytest.mark.skipif(
    not (shutil.which("php") and DOKUWIKI_FOLDER.is_dir()),
    reason="needs php and DokuWiki (Debian: apt-get install dokuwiki php-cli)",
)
def test_a_real_dokuwiki_gives_the_same_ids() -> None:
    letters = [chr(each) for each in (*range(0x20, 0x250), *range(0x2000, 0x3100), 0xFF5E)]
    # Which rare capitals have a small form depends on how PHP was built.
    letters = [each for each in letters if each.isprintable() and each.lower() == each]
    # So does whether a letter is composed anew: PHP's intl does, DokuWiki's own tables do not.
    letters = [each for each in letters if normalize("NFC", each) == each]
    headings = [*HEADINGS, *(f"x{letter}y" for letter in letters)]
    code = (
        f"define('DOKU_INC', '{DOKUWIKI_FOLDER}/'); define('NOSESSION', 1);"
        "require DOKU_INC . 'inc/init.php'; $taken = [];"
        'while (($line = fgets(STDIN)) !== false) echo sectionID($line, $taken), "\\n";'
    )
    ran = subprocess.run(
        ["php", "-d", "error_reporting=0", "-r", code], input="\n".join(headings) + "\n",
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    anchors = Anchors(DOKUWIKI)
    assert ran.stdout.splitlines() == [anchors.next(heading) for heading in headings]


def test_many_equal_headings_and_long_rows_of_signs_are_named_in_one_pass() -> None:
    anchors = Anchors(DOKUWIKI)
    assert [anchors.next("a") for _ in range(40_000)][-1] == "a39999"
    signs = "._" * 100_000
    assert dokuwiki_id(f"a{signs}b") == f"a{signs}b"
