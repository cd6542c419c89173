"""Pages of a small wiki about an island, in the markup of DokuWiki and of MediaWiki."""

from __future__ import annotations

from dataclasses import dataclass

FERRY_SENTENCE = "新しい連絡船は2019年4月に就航した。"
LAMP_SENTENCE = (
    "岬の先に立つ白い灯台の光は、晴れた夜であれば沖合いおよそ三十二キロメートルまで届き、"
    "霧の深い日にはその半分にも届かないと記録されている。"
)
STATION_SENTENCE = "The weather station was built in 1926 by two fishermen."
MARKET_SENTENCE = "市場は毎月第二日曜日に開かれる。"
MOVED_SENTENCE = "市場は毎週水曜日に開かれる。"
ROPEWAY_SENTENCE = "ロープウェイは山頂まで8分で登る。"
SIGNAL_SENTENCE = "昼の合図には青い旗を揚げる。"

PIERS = "\n\n".join(f"{n}番の桟橋には小舟が{n}艘つながれている。" for n in range(1, 41))
BOATS = "\n\n".join(f"Pier {n} has room for {n} small boats." for n in range(1, 41))
"""Enough that what stands below is out of sight."""


@dataclass(frozen=True)
class Island:
    """How a wiki calls the pages, and their markup."""

    ferry: str
    lamp: str
    station: str
    market: str
    ropeway: str
    pages: dict[str, str]

    def market_with(self, sentence: str) -> str:
        """The market's page with another sentence in the place of the first one."""
        return self.pages[self.market].replace(MARKET_SENTENCE, sentence)


_DOKUWIKI = {
    "港:連絡船": f"""====== 島の連絡船 ======

島には港が二つあり、どちらにも待合所がある。

{PIERS}

===== 船 =====

**新しい**連絡船は[[岬:灯台|2019年]]((進水はその前の年の秋である。))//4月//に就航した。定員は120人である。

^ 区間 ^ おとな ^ こども ^
| 本土まで | 900円 | 450円 |
| 小島まで | 300円 | 150円 |

{PIERS}
""",
    "岬:灯台": f"""====== 岬の灯台 ======

灯台は1921年に建てられた。

===== 光 =====

{PIERS}

夜の番は二人でする。岬の先に立つ白い[[:岬:灯台|灯台]]の光は、晴れた夜であれば沖合い((測ったのは初代の番人である。))
およそ**三十二キロメートル**まで届き、霧の深い日にはその半分にも届かないと記録されている。高さは26メートルである。

===== 夏の合図 =====

  * 夏の番は一人でする。{SIGNAL_SENTENCE}旗は岬に置いてある。

{PIERS}

===== 冬の合図 =====

冬は雪で道が閉ざされる。{SIGNAL_SENTENCE}海の向こうから見える。

{PIERS}
""",
    "weather:station": f"""====== Weather station ======

The island has one road and two bridges.

{BOATS}

===== History =====

The **weather station** was built in [[harbour|1926]]((The first log begins in May.)) by //two
fishermen//. It is open on Sundays.
""",
    "村:市場": f"""====== 村の市場 ======

{MARKET_SENTENCE}屋根のある広場を使う。
""",
    "山:ロープウェイ": f"""====== 山のロープウェイ ======

{ROPEWAY_SENTENCE}冬は動かない。
""",
}

_MEDIAWIKI = {
    "島の連絡船": f"""島には港が二つあり、どちらにも待合所がある。

{{{{港の案内}}}}

{PIERS}

== 船 ==

'''新しい'''連絡船は[[岬の灯台|2019年]]<ref>進水はその前の年の秋である。</ref>{{{{Nowrap|4月}}}}に
就航した。定員は120人である。

{{| class="wikitable"
! 区間 !! おとな !! こども
|-
| 本土まで || 900円 || 450円
|-
| 小島まで || 300円 || 150円
|}}

{PIERS}

== 脚注 ==
<references />
""",
    "岬の灯台": f"""灯台は1921年に建てられた。

== 光 ==

{PIERS}

夜の番は二人でする。岬の先に立つ白い[[島の連絡船|灯台]]の光は、晴れた夜であれば沖合い<ref>測ったのは初代の番人である。</ref>およそ'''三十二キロメートル'''まで届き、霧の深い日にはその半分にも届かないと記録されている。高さは26メートルである。

== 夏の合図 ==

* 夏の番は一人でする。{SIGNAL_SENTENCE}旗は岬に置いてある。

{PIERS}

== 冬の合図 ==

冬は雪で道が閉ざされる。{SIGNAL_SENTENCE}海の向こうから見える。

{PIERS}

== 脚注 ==
<references />
""",
    "Weather station": f"""The island has one road and two bridges.

{BOATS}

== History ==

The '''weather station''' was built in [[島の連絡船|1926]]<ref>The first log begins in May.</ref> by
''two fishermen''. It is open on Sundays.

<references />
""",
    "村の市場": f"{MARKET_SENTENCE}屋根のある広場を使う。\n",
    "山のロープウェイ": f"{ROPEWAY_SENTENCE}冬は動かない。\n",
}

_TEMPLATES = {
    "テンプレート:港の案内": "<p>港の案内所は朝七時に開く。</p>\n",
    "テンプレート:Nowrap": '<span style="white-space:nowrap">{{{1}}}</span>',
}


def _island(pages: dict[str, str], templates: dict[str, str]) -> Island:
    """Templates come first: a page that is written before them does not show them yet."""
    ferry, lamp, station, market, ropeway = pages
    return Island(ferry, lamp, station, market, ropeway, pages=templates | pages)


ISLANDS = {"dokuwiki": _island(_DOKUWIKI, {}), "mediawiki": _island(_MEDIAWIKI, _TEMPLATES)}
