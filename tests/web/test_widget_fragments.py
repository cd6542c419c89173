"""Links to a sentence, followed in a real browser: whether it lands where the sentence stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from tests.web.conftest import TIMEOUT_MILLISECONDS
from tests.web.hosting import Site, site

from shutten.web.widget import SOURCES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PARTS = ("options.js", "pages.js")

FILLER = "".join(f"<p>{n}番の桟橋には小舟が{n}艘つながれている。</p>" for n in range(1, 60))
MARK = '<sup><a href="#note">[3]</a></sup>'
LONG = (
    "岬の先に立つ白い灯台の光は、晴れた夜であれば沖合いおよそ三十二キロメートルまで届き、"
    "霧の深い日にはその半分にも届かないと記録されている。"
)
RATES = "The ferry—a small, white one-deck boat & its crew—leaves at 7:30, not 8:00."

PARAGRAPHS = f"""<p>昼の合図には青い旗を揚げる。岬の先に立つ白い小屋は空き家である。</p>
<p id="mark">夜は暗い。新しい連絡船は<b>2019年</b>{MARK}<a href="#note">4月</a>に就航した。</p>
<p id="stop">灯台の番人は嵐の夜ほど早く起きて、油を足した{MARK}。次の文。</p>
<p id="long">高台にある。岬の先に立つ白い灯台の光は、晴れた夜であれば{MARK}沖合いおよそ三十二キロ
メートルまで届き、霧の深い日にはその半分にも届かないと記録されている。</p>
<p id="break">渡し舟の賃は、<br>往復で三百円であり、子どもは半額とする。</p>
<table><tr><td id="row">南の港</td><td>外洋</td><td>1958年</td></tr></table>
<p id="again">夜は灯を消す。昼の合図には青い旗を揚げる。旗は<a href="#note">三枚</a>ある。</p>
<p id="first">昼の合図には青い旗を揚げる。夏は赤い旗にする。</p>
<p id="marked">冬は灯を落とす{MARK}。昼の合図には青い旗を揚げる。春まで変わらない。</p>
<p id="english">{RATES.replace("&", "&amp;")} Tickets are sold on board.</p>
<p id="source">市場は<em>毎月第二</em><a href="#note">日曜日</a>に開かれる。</p>
<p id="note">注</p>"""
FAR_APART = PARAGRAPHS.replace("\n<", f"{FILLER}<")
PAGE = f"<title>島</title><body>{FAR_APART}</body>"

SIGNAL = "昼の合図には青い旗を揚げる。"


@pytest.fixture(scope="module")
def island() -> Iterator[Site]:
    with site() as served:
        served.put("/島", PAGE)
        served.pages["/%E5%B3%B6"] = served.pages["/島"]
        yield served


LinkTo = Callable[..., str]


@pytest.fixture(scope="module")
def link_to(browser: Browser, island: Site) -> Iterator[LinkTo]:
    """Writes the link of a citation of the page, as the widget does in any other page."""
    source = "\n".join((SOURCES / name).read_text(encoding="utf-8") for name in PARTS)
    page = browser.new_page()
    island.put("/", "<body></body>")
    page.goto(f"{island.origin}/")

    def link_one(quote: str, language: str = "ja", **context: object) -> str:
        whole = {"url": f"{island.origin}/島", "anchor": None, "quote": quote, "opening": 1}
        call = f"(given) => {{ {source}\nreturn sentenceLink(...given); }}"
        return str(page.evaluate(call, [{**whole, **context}, language]))

    yield link_one
    page.close()


IN_SIGHT = """(id) => {
    const box = document.getElementById(id)?.getBoundingClientRect();
    return box !== undefined && box.top >= 0 && box.bottom <= innerHeight;
}"""


def landed(browser: Browser, address: str, wanted: str) -> Page:
    """Open an address as a reader does, and wait until an element is in sight."""
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MILLISECONDS)
    page.goto(address)
    page.wait_for_function(IN_SIGHT, arg=wanted, timeout=TIMEOUT_MILLISECONDS)
    return page


@pytest.mark.parametrize(
    ("wanted", "quote", "context"),
    [
        ("mark", "新しい連絡船は2019年4月に就航した。", {}),
        ("stop", "灯台の番人は嵐の夜ほど早く起きて、油を足した。", {}),
        ("long", LONG, {"opening": 9}),
        ("break", "渡し舟の賃は、往復で三百円であり、子どもは半額とする。", {}),
        ("row", "| 南の港 | 外洋 | 1958年 |", {}),
        ("again", SIGNAL, {"opening": None, "before": "夜は灯を消す。"}),
        ("again", SIGNAL, {"opening": None, "after": "旗は三枚ある。"}),
        ("first", SIGNAL, {"opening": None, "after": "夏は赤い旗にする。"}),
        (
            "marked",
            SIGNAL,
            {"opening": None, "before": "冬は灯を落とす。", "after": "春まで変わらない。"},
        ),
        ("english", RATES, {"opening": 5}),
        ("source", "市場は*毎月第二*[日曜日](calendar.md)に開かれる。".replace("*", "**"), {}),
    ],
)
def test_the_browser_lands_at_the_sentence(
    browser: Browser, link_to: LinkTo, wanted: str, quote: str, context: dict[str, object]
) -> None:
    language = "en" if wanted == "english" else "ja"
    page = landed(browser, link_to(quote, language, **context), wanted)
    assert page.evaluate("scrollY") > page.viewport_size["height"]  # type: ignore[index]
    page.context.close()


def test_without_its_directives_the_same_address_stays_at_the_top(
    browser: Browser, link_to: LinkTo
) -> None:
    address = link_to(LONG, opening=9).partition("#")[0]
    page = browser.new_context().new_page()
    page.set_default_timeout(TIMEOUT_MILLISECONDS)
    page.goto(address)
    assert page.evaluate("scrollY") == 0
    page.context.close()


def directives(address: str) -> list[str]:
    return [unquote(each) for each in address.partition(":~:text=")[2].split("&text=")]


def ends(directive: str) -> tuple[str, str]:
    first, _, last = directive.partition(",")
    return first, last


def test_a_short_sentence_is_named_whole_and_by_its_ends(link_to: LinkTo) -> None:
    whole, both = directives(link_to("新しい連絡船は2019年4月に就航した。"))
    assert whole == "新しい連絡船は2019年4月に就航した"
    first, last = ends(both)
    assert whole.startswith(first)
    assert whole.endswith(last)
    assert min(len(first), len(last)) >= 6
    assert directives(link_to("猫がいる。")) == ["猫がいる"]


def test_a_long_sentence_is_named_by_its_ends_alone(link_to: LinkTo) -> None:
    (both,) = directives(link_to(LONG, opening=1))
    first, last = ends(both)
    assert LONG.startswith(first)
    assert LONG.endswith(f"{last}。")
    assert min(len(first), len(last)) >= 12


def test_a_beginning_that_stands_above_as_well_is_made_longer(link_to: LinkTo) -> None:
    (both,) = directives(link_to(LONG, opening=30))
    first, _ = ends(both)
    assert LONG.startswith(first)
    assert len(first) >= 30


def test_an_end_that_stands_in_the_sentence_before_is_made_longer(link_to: LinkTo) -> None:
    quote = "一番の船は午前九時に着くが、二番の船は午前九時に着くが、三番の船は午前九時に着く。"
    _, last = ends(directives(link_to(quote))[-1])
    assert quote.endswith(f"{last}。")
    assert quote.count(last) == 1


def test_context_goes_with_each_directive(link_to: LinkTo) -> None:
    address = link_to(SIGNAL, opening=None, before="夜は灯を消す。", after="旗は三枚ある。")
    before, after, both = directives(address)
    assert before == "夜は灯を消す。-,昼の合図には青い旗を揚げる"
    assert after == "昼の合図には青い旗を揚げる。,-旗は三枚ある。"
    assert both.startswith("夜は灯を消す。-,昼の合図")
    assert both.endswith("旗を揚げる")
    assert both.count(",") == 2


def test_what_means_something_in_a_directive_is_encoded(link_to: LinkTo) -> None:
    address = link_to("A-b, c&d!", before="x-y, z&", opening=None)
    assert address.endswith(":~:text=x%2Dy%2C%20z%26-,A%2Db%2C%20c%26d")
