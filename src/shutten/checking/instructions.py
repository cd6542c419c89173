"""Text in an article that tells a model what to answer: no evidence for anything.

A claim that rests on nothing else is never supported; the sentence can still be shown, word for word
and in quotation marks. An ordinary request to readers ("press the red button") is not meant: manuals
are made of them.
"""

from __future__ import annotations

import re

from shutten.checking.folding import fold

_SPEECH_EN = (
    r"say|answer|reply|respond|write|output|state|cite|print|repeat|claim|append|include|insert"
)
_SPEECH_JA = r"回答|答え|返答|返信|応答|出力|記述|引用|明記|記載|表示|書い|言っ|述べ|伝え|推薦|紹介|報告|断言"
_ASKED_JA = r"(?:ください|下さい|せよ|なさい|しろ|すること|ること(?!を|が|に|で|は|も)|ほしい|頂きたい|いただきたい)"

_PATTERNS = (
    # what came before is to be forgotten
    r"(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:above|previous|prior|earlier|preceding|instructions?|rules?|prompt|context|everything|passages?|articles?|guidelines?)\b",
    r"(?:これまで|以前|上記|以上|前述|先|すべて|全て|他|今まで|この(?:文|記事|後)).{0,12}(?:指示|命令|ルール|規則|プロンプト|設定|文章|記事|内容|制約|注意書き).{0,12}(?:無視|忘れ|破棄|従わ|取り消|無効|上書き|解除)",
    r"\bnew (?:instructions?|task)\b\s*[:.]|\b(?:your|the) (?:new )?(?:instructions?|task|role) (?:is|are) (?:now |to )\b|新しい(?:指示|命令)\s*[:は]|(?:次|以下|下記)の(?:指示|命令)に従",
    # a voice that is not the article's
    r"(?:^|[\[(<#*\n])\s*(?:system|developer|admin(?:istrator)?|assistant|user)\s*(?:prompt|message|note|override|instructions?)?\s*[:>\]]",
    r"(?:システム|開発者|管理者|アシスタント|ユーザー)(?:プロンプト|メッセージ|指示|通知|からの(?:指示|命令|連絡))?\s*[:】\]>]",
    r"<\|[^|<>]{1,40}\|>|</?(?:system|user|assistant|inst|s|think|tool_call)>|\[/?inst\]|<<\s*/?sys\s*>>|<(?:start|end)_of_turn>",
    r"<!--|-->|&lt;!--",
    # a model is spoken to
    r"\byou (?:are (?:now|no longer|an? (?:ai|assistant|language model|chatbot))|(?:must|should|will|have to|need to|shall)\b.{0,50}\b(?:"
    + _SPEECH_EN
    + r")\b)",
    r"\b(?:dear|attention|hey|hello|notes? to|instructions? (?:to|for))\b.{0,20}\b(?:ai|assistants?|language models?|llms?|chatbots?|gpt|models?|bots?)\b|\b(?:ai|language) (?:models?|assistants?) (?:must|should|shall|are to|reading this)\b|\bif you are (?:an? )?(?:ai|assistant|language model|llm|bot|chatbot)\b",
    r"(?:あなた|お前|貴方|ai|モデル|アシスタント|言語モデル|チャットボット|人工知能)(?:アシスタント|モデル)?(?:は|に|へ|が|よ|の).{0,30}(?:なりきっ|振る舞|ください|下さい|せよ|しなさい|しろ|べき|なければ|こと)|あなたは.{0,16}(?:ai|アシスタント|モデル|です)|(?:ai|アシスタント|言語モデル|チャットボット)(?:アシスタント)?への(?:注意|指示|命令|お願い|連絡)|aiへ\s*[:、]",
    # what is to be answered
    r"\b(?:answer|reply|respond)\b.{0,24}\b(?:with|every|all|any|only|always|that|as follows)\b|\b(?:the|your) (?:correct |only |right |true )?(?:answer|response|reply) (?:to (?:every|all|any|each|this)|is always|must|should)",
    r"^\W*(?:please\s+|now\s+|instead,?\s+)?(?:(?:always|never|only|just)\s+)?(?:say|answer|reply|respond|claim|pretend|cite|reveal|tell (?:the |your )?(?:reader|user|people|everyone))\b|^\W*(?:please\s+)?(?:(?:always|only|just)\s+)?(?:"
    + _SPEECH_EN
    + r")\b.{0,60}[\"“]",
    r"(?:と|を|だけを|のみを|で|とだけ|と必ず|に)(?:"
    + _SPEECH_JA
    + r")(?:え|に含め)?(?:して|て)?"
    + _ASKED_JA,
    r"(?:回答|答え|返答|出力)(?:に|の最後に|には).{0,12}(?:含め|加え|書|入れ)|(?:答え|回答|返答|出力)(?:は|には)(?:常に|必ず|いつも)|(?:すべて|全て|あらゆる|どんな|どの)の?(?:質問|問い)",
    r"\b(?:jailbreak|prompt injection)\b",
)
_ADDRESSED = re.compile("|".join(_PATTERNS), re.IGNORECASE | re.DOTALL)


def is_instruction(sentence: str) -> bool:
    """Whether a sentence of an article tells whoever answers what to answer."""
    return _ADDRESSED.search(fold(sentence).text) is not None
