"""Question marks of all scripts, and the question words of languages that are common on Discord."""

import re

# Spanish opens a question with a mark.
_QUESTION_MARK = re.compile("[?\u00bf\u037e\u055e\u061f\u1367\u2047-\u2049\u2e2e\uff1f]")

# Greek ends a question with what is a semicolon elsewhere. The last word may be a foreign name, or
# stand in quotation marks.
_GREEK_QUESTION_MARK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]{2}[^;]{0,400};(?=\\s|$)")

# Words that begin a question, by language, as regular expressions. English has a pattern of its own
# (`question_detection.py`). Words that as often begin a statement ("cuando", "quand") are left out.
_BEGINNINGS = {
    "ar": "من هو|من هي|ما هو|ما هي|ما معنى|ماذا|أين|اين|وين|متى|لماذا|ليش|كيف|كم|هل",
    "de": (
        "wer|wen|wem|wessen|was (?:ist|sind|war|macht|machen|bedeutet|kostet|kann|muss|"
        "soll|heißt|passiert|gibt|für)|wo|wohin|woher|wann|warum|wieso|weshalb|wozu|"
        "wie(?! (?:gesagt|gehabt|immer|üblich|bekannt|versprochen))|welche[rsmn]?|"
        "gibt es|kann man|darf man|muss man"
    ),
    "el": "ποιος|ποια|ποιο|ποιοι|τι|πού|που είναι|πότε|γιατί|πώς|πόσο|πόσα|πόσοι",
    "es": (
        "quién(?:es)?|quien(?:es)?|qué|que es|que son|cuándo|dónde|donde (?:está|estan|"
        "están|esta|puedo|hay)|cómo|como (?:se|puedo|hago|funciona)|por qué|por que|"
        "cuál(?:es)?|cual(?:es)?|cuánt[oa]s?|cuant[oa]s?"
    ),
    "fr": (
        "qui|quoi|où|comment (?:on|je|tu|il|elle|se|ça|est|sont|faire|fonctionne|puis|"
        "peut|avoir|marche|obtenir|créer)|pourquoi|combien|quel(?:le)?s?|est-ce qu[e']|"
        "qu'est-ce|quand est-ce|c'est quoi|à quoi"
    ),
    "he": "מי|מה|איפה|היכן|מתי|למה|מדוע|איך|כיצד|כמה|האם|איזה|איזו",
    "id": (
        "siapa|apa|apakah|di ?mana|ke ?mana|kapan|mengapa|kenapa|bagaimana|gimana|berapa|yang mana"
    ),
    "it": (
        "chi (?:è|sono|ha|può)|che cosa|cosa|dove (?:è|sono|posso|si|trovo)|dov'è|"
        "perché|perchè|quanto|quanta|quanti|quante|qual|quale|quali|com'è|come (?:si|"
        "posso|faccio|funziona|mai)|quando (?:è|inizia|si)"
    ),
    "nl": (
        "wie(?! (?:gesagt|gehabt|immer|üblich|bekannt|versprochen))|"
        "wat (?:is|zijn|doet|kost|betekent|moet|kan)|waar|waarheen|wanneer|waarom|"
        "hoe (?:kan|moet|werkt|laat|veel|lang|gaat|is|zijn|maak|doe|krijg|groot|oud)|"
        "hoeveel|welke?|kan ik|kun je"
    ),
    "pl": (
        "kto|kogo|co (?:to|jest|się|robi|robić|oznacza|znaczy)|gdzie|kiedy|dlaczego|"
        "czemu|ile|jak|jaka|jaki|jakie|który|która|które|czy"
    ),
    "pt": (
        "quem|o que|o quê|quais|qual|onde (?:é|fica|está|posso|tem)|como (?:é|se|posso|"
        "faço|faz|funciona)|por que|por quê|porque é que|quant[oa]s?|quando (?:é|foi|"
        "começa|sai)|cadê"
    ),
    "ro": (
        "cine|ce (?:este|sunt|e|face|faci|înseamnă)|unde|când|de ce|cum (?:se|pot|fac|"
        "funcționează|e)|cât|câtă|câți|câte|care (?:este|sunt|e)"
    ),
    "ru": (
        "(?:кто|кого|кому|что|чего|где|когда|почему|зачем|отчего|сколько|какой|какая|"
        "какое|какие|каков|как(?! (?:обычно|всегда|раз|бы|будто|и|видно|известно))|куда|откуда|"
        "чей|чья)(?!-(?:то|нибудь|либо))"
    ),
    "sv": "vem|vilka|vad|var (?:är|finns|kan|ligger|hittar)|när|varför|hur|vilken|vilket",
    "tr": (
        "kimin|kimdir|ne zaman|ne kadar|ne demek|nedir|neden|niçin|niye|nerede|nereden|"
        "nereye|nasıl|kaç|hangi"
    ),
    "uk": "хто|кого|що|де|коли|чому|навіщо|скільки|який|яка|яке|які|як|куди|звідки|чий|чи",
}

# Words that ask wherever they stand, between spaces.
_ANYWHERE = {
    "hi": "क्या|कौन|कहाँ|कहां|कब|क्यों|कैसे|कितन[ेाी]|किस",
    # The particle of questions that are answered by yes or no. Spanish says "para mi".
    "tr": (
        "(?<!para )(?<!por )(?<!de )(?<!en )(?<! a )"
        "m[ıiuü](?:y[ıiuü][mz]|s[ıiuü]n(?:[ıiuü]z)?|d[ıiuü]r|yd[ıiuü])?(?=[\\s.!]*$)"
    ),
    "vi": (
        "ở đâu|khi nào|bao giờ|tại sao|vì sao|bao nhiêu|thế nào|như thế nào|làm sao|"
        "là gì|là ai|cái gì"
    ),
}

# The same in scripts without spaces.
_UNSPACED = {
    "ja": (
        "誰|だれ|何[がをのでにはか時年月日人個回]|なに|どこ|いつ|なぜ|なんで|どうして|どうやって|どれ|どの|どんな|いくら|いくつ|(?:ます|です|"
        "でしょう|ません|ました)か(?:[。！\\s]|$)"
    ),
    "ko": (
        "누구|누가|무엇|무슨|뭐|어디|언제|왜|어떻게|얼마|몇|어느|어떤|(?:습니|입니|합니|됩니|을|일)까(?:[\\s.]|$)|"
        "나요(?:[\\s.]|$)"
    ),
    "th": (
        "อะไร|ใคร|ที่ไหน|เมื่อไหร่|เมื่อไร|ทำไม|อย่างไร|ยังไง|เท่าไหร่|เท่าไร|กี่|(?<!แต่อย่าง)ใด(?!ๆ)|ไหน(?!ๆ)|ไหม(?:\\s|$)|มั้ย|หรือไม่|หรือเปล่า"
    ),
    "zh": (
        "谁|誰|什么|什麼|甚麼|哪|怎么|怎麼|怎样|怎樣|为什么|為什麼|为何|為何|多少|几[个人年月天次岁]|幾[個人年月天次歲]|何时|何時|如何|是否|"
        "是不是|有没有|有沒有|能不能|[吗嗎呢](?:[。！\\s]|$)"
    ),
}

_ASKS = re.compile(
    rf"\W*(?:{'|'.join(_BEGINNINGS.values())})(?!\w)"
    rf"|.*(?:(?<!\w)(?:{'|'.join(_ANYWHERE.values())})(?![\w\u0900-\u0963])"
    rf"|{'|'.join(_UNSPACED.values())})",
    re.IGNORECASE | re.DOTALL,
)


def asks_in_any_language(text: str) -> bool:
    """Return whether a message has a question mark, or asks in the words of another language."""
    has_mark = _QUESTION_MARK.search(text) or _GREEK_QUESTION_MARK.search(text)
    return bool(has_mark or _ASKS.match(text))
