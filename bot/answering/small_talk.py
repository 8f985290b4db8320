"""Recognise greetings, thanks and talk about the bot, which no text answers."""

import re
from functools import cache

from index import extract_tokens

# Words that greet, thank, part, cheer or react. A message of nothing else asks nothing.
_SMALL_TALK = frozenset(
    """
    hi hii hiii hello helo hey heya hiya yo sup howdy greetings gm gn morning evening afternoon
    night good day welcome bye goodbye cya later cheers thanks thank thx ty tysm tnx appreciated
    great nice cool awesome amazing perfect lovely sweet wow lol lmao haha hahaha hehe xd rofl
    ok okay kk alright fine sorry nvm nevermind yes yeah yep yup no nope sure please pls help
    test testing ping bot pullquote buddy friend mate dude bro man guys all everyone everybody
    there again much so very you u for the that this is was it to a and my me i am im ur your
    """.split()
)

# A message needs at least one of these; the other words above only accompany them.
_OPENERS = frozenset(
    """
    hi hii hiii hello helo hey heya hiya yo sup howdy greetings gm gn bye goodbye cya cheers thanks
    thank thx ty tysm tnx great nice cool awesome amazing perfect lovely sweet wow lol lmao haha
    hahaha hehe xd rofl ok okay kk alright sorry nvm nevermind yes yeah yep yup sure test testing
    ping welcome morning evening night help
    """.split()
)

# Words around a remark that say nothing themselves.
_AROUND = frozenset(
    """
    hi hii hey hello hiya yo ok okay so well and but oh ah um hmm please pls lol haha wow just now
    thanks thx bro dude man mate buddy bot pullquote then tho though anyway too again today there
    my friend sorry yes no guys
    """.split()
)

_YOU = "(?:you|u|ya|yall)"
_YOUR = "(?:your|ur)"
_VERY = (
    r"""(?:(?:so|very|really|a|an|the|such|too|just|not|kinda|pretty|quite|all|even|still|my)\ )*"""
)
_QUALITY = r"""(?:best|worst|amazing|awesome|great|good|bad|nice|cool|smart|clever|stupid|dumb
    |useless|idiot|funny|cute|sweet|welcome|wrong|right|annoying|boring|slow|fast|terrible|awful|helpful
    |unhelpful|liar|lying|beautiful|pretty|weird|crazy|genius|moron|trash|garbage|kidding|joking
    |brilliant|perfect|interesting|true|correct|lovely|wonderful|fantastic|silly|rude|mean|creepy
    |legend|star|friend|bot|excellent|impressive|hilarious)"""
_STATE = """(?:single|married|taken|alive|real|human|humans|robot|ai|person|machine|program|computer
    |ok|okay|alright|fine|there|here|listening|awake|asleep|sentient|conscious|busy|tired|happy|sad
    |mad|angry|drunk|free|gay|straight|male|female|boy|girl|man|woman|chatgpt|gpt|claude|gemini|llm
    |siri|alexa|online|offline|working|broken|bored|hungry|sleepy|serious|lonely|ready|intelligent
    |religious|vegan|back|done)"""
_OWN = r"""(?:name|age|birthday|job|purpose|gender|hobby|hobbies|mood|plan|plans|problem|deal|sign
    |creator|maker|daddy|dad|mom|mother|father|owner|boss|language|model|version|iq
    |(?:favou?rite|fav|fave)(?:\ \w+){1,2})"""
_DAY = "(?:day|morning|afternoon|evening|night|week|weekend|one|time|rest|life|mood)"

# Whole remarks to or about the bot, as normalised words: "what's" has become "what", "you're"
# "youre". General forms, each of them closed at its end, so that a message that goes on about
# the texts ("do you know who dug the harbour") does not match.
_REMARKS = rf"""
    # how it is
    how\ (?:(?:is|was|s)\ )?{_YOUR}\ {_DAY}(?:\ (?:going|been|so\ far))*
    |how\ (?:are|r|have|do|did|were)\ {_YOU}(?:\ (?:doing|feeling|feel|been|sleep|going|all))*
    |how(?:\ is)?\ (?:it\ going|things|life|everything)(?:\ going)?
    |(?:what|whats|what\ is)\ (?:up|new|good|happening|going\ on|cooking)
    |{_YOU}(?:\ all)?\ (?:ok|okay|there|alright|good)
    # who and what it is
    |(?:what|whats|who|whos|when|where)\ (?:(?:is|are|was)\ )?{_YOUR}\ {_OWN}
    |(?:who|what)\ (?:are|r)\ {_YOU}(?:\ (?:doing|up\ to|wearing|thinking|called|made\ of))?
    |(?:who|what)\ (?:made|created|built|programmed|wrote|owns|invented|trained|coded|designed
        |developed|runs)\ (?:{_YOU}|this\ bot)
    |(?:when|where|how|why)\ (?:were|are)\ {_YOU}(?:\ (?:born|made|created|built|from))?
    |how\ (?:old|smart|tall|big|clever|intelligent)\ (?:are|r)\ {_YOU}
    |how\ come\ {_YOU}\ are\ {_VERY}{_QUALITY}|why\ are\ {_YOU}\ {_VERY}{_QUALITY}
    |where\ do\ {_YOU}\ (?:live|come\ from|work|sleep)
    |(?:what|which)\ (?:kind\ of\ )?(?:model|languages?|bot|ai|llm|version)\ (?:are|do|can)\ {_YOU}
        (?:\ (?:speak|use|understand|run\ on))?
    |(?:are|r)\ {_YOU}\ {_VERY}(?:{_STATE}|{_QUALITY})(?:\ (?:at|with)\ me)?(?:\ or\ (?:an?\ )?\w+)?
    |(?:tell\ me\ |talk\ )?(?:something\ )?about\ (?:you|yourself)|tell\ me\ {_YOUR}\ {_OWN}
    |is\ this\ an?\ (?:bot|robot|human|ai|joke|test)
    |am\ i\ talking\ to\ an?\ (?:real\ )?(?:bot|robot|human|person|ai)
    |who\ (?:is\ )?an?\ good\ (?:bot|boy|girl)|why\ so\ \w+
    # what it can do, likes and has
    |what\ (?:do|can|could)\ {_YOU}\ (?:do|know|look\ like|do\ for\ (?:me|fun)|help\ me\ with)
    |what\ (?:can|could|should|may)\ (?:i|we)\ (?:ask|do|say)(?:\ (?:{_YOU}|here))?
    |how\ (?:can|do|could|may|should)\ (?:i|we)\ (?:use|ask|talk\ to)\ (?:{_YOU}|this\ bot)
    |how\ (?:can|could)\ {_YOU}\ help(?:\ me)?|how\ do(?:es)?\ (?:{_YOU}|this\ bot)\ work
    |what\ do\ {_YOU}\ think\ (?:of|about)\ (?:me|us|yourself)
    |do\ {_YOU}\ (?:like|love|hate|enjoy|eat|drink|play|watch|prefer|believe\ in)(?:\ \w+){{0,2}}
    |do\ {_YOU}\ (?:ever\ )?(?:sleep|dream|cry|laugh|care|feel|think|exist|lie|work|understand
        |get\ (?:tired|bored|lonely|paid)
        |know\ (?:any|a|some)\ (?:good\ )?(?:jokes?|songs?)
        |(?:remember|know|understand|hear|see|miss|need)\ me
        |speak\ \w+)
    |do\ {_YOU}\ have\ (?:an?\ |any\ )?(?:feelings|emotions|girlfriend|boyfriend|friends|family
        |hobbies|hobby|(?:favou?rite|fav|fave)\ \w+
        |kids|children|parents|wife|husband|pets?|dog|cat|brain|soul|name|body)
    |can\ {_YOU}\ (?:sing|dance|cook|swim|fly|rap|draw|talk|think|feel|dream|code|help|speak\ \w+
        |do\ \w+|keep\ a\ secret
        |(?:hear|see|help|understand)\ me)(?:\ me)?(?:\ an?\ \w+)?
    |(?:will|would)\ {_YOU}\ (?:marry\ me|be\ my\ \w+)
    |(?:can|could|shall|wanna|want\ to|lets)\ (?:we\ )?(?:talk|chat|be\ friends)
    |(?:tell|give|sing|write|make)(?:\ (?:me|us))?\ (?:an?|another|some)(?:\ \w+)?
        \ (?:joke|jokes|story|song|poem|riddle)
    |(?:tell\ me|say)\ something(?:\ (?:funny|nice))?|make\ me\ laugh|entertain\ me
    |(?:can|could)\ {_YOU}\ tell\ (?:me|us)\ (?:an?|another)\ (?:joke|story|riddle)
    # praise, blame and feelings
    |(?:youre|{_YOU}|ur|your)\ (?:(?:are|r)\ )?{_VERY}{_QUALITY}(?:\ bot)?
    |{_YOU}\ (?:suck|sucks|rock|rule|lie|lied)
    |(?:that|thats|this|it|its)(?:\ (?:is|was))?\ {_VERY}{_QUALITY}
    |(?:very\ |so\ |really\ )?(?:good|great|nice|well|excellent|fantastic|amazing|cool|bad|terrible)
        (?:\ (?:job|work|one|done|answer|bot|boy|girl|stuff|story|try|point|quote|luck))?
    |(?:much|highly)\ appreciated|thanks?(?:\ you)?\ (?:for\ \w+(?:\ \w+)?|a\ lot|a\ ton)
    |(?:i|we)\ (?:really\ )?(?:love|hate|like|miss|need|trust)\ {_YOU}
    |(?:im|i\ am)\ {_VERY}(?:back|bored|hungry|tired|sad|happy|sleepy|here|lost|fine|good|ok|okay
        |sick|done|testing|kidding|joking|confused|new|lonely)
    |i\ (?:dont|do\ not)\ (?:care|know|like\ {_YOU})|who\ am\ i
    # coming, going and noises
    |shut\ up|go\ away|stop(?:\ (?:it|that))?|leave\ me\ alone|get\ lost|fuck\ (?:{_YOU}|off)
    |screw\ {_YOU}|damn|wtf|omg|idc|idk|oh\ (?:my\ god|wow|no|yes)|whatever
    |never\ mind|np|no\ (?:problem|worries)|my\ bad|congrats|congratulations|gtg|g2g|brb|ttyl|cu
    |cya|bb
    |see\ {_YOU}(?:\ (?:later|soon|tomorrow|around|then))?
    |(?:talk|speak)\ to\ {_YOU}\ (?:later|soon)
    |take\ care|have\ (?:an?\ )?(?:good|nice|great|fun|lovely)(?:\ {_DAY})?|have\ fun
    |good\ ?(?:night|morning|afternoon|evening|day)|sleep\ well|sweet\ dreams|welcome\ back
    |(?:nice|good|pleased|glad)\ to\ (?:meet|see)\ {_YOU}|long\ time\ no\ see
    |happy\ (?:birthday|new\ year|easter|christmas|holidays|friday|weekend)|merry\ christmas
    |(?:is\ )?(?:anyone|anybody|somebody|someone)\ (?:there|here|home)|whatcha\ doing
"""

# Longer messages that merely begin politely are questions.
_MAX_TOKENS = 8


# "heyyy" and "hellooo"; no English word has three of a letter in a row.
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")


# Messages that ask about what was just said: "why so long?", "is it true?", "that is all?". They
# are small talk only if nothing was said before.
_ABOUT_ANSWER = re.compile(
    r"(?:(?:and|so|but|ok|okay|oh|well|wow)\b\W*)*"
    r"(?:why\b|how come\b|(?:is|was|are|were)\W+(?:it|that|they)\b|(?:it|that|this)\b.*\?)"
    r"(?!.*\b(?:you|u|your|ur|bot)\b)",
    re.IGNORECASE | re.DOTALL,
)


def is_small_talk(question: str, *, follows_answer: bool = False) -> bool:
    """Return whether a message only greets, thanks, or talks to the bot about itself.

    Args:
        question: As it was typed.
        follows_answer: Whether quotes were shown just before, which it may ask about.
    """
    if follows_answer and _ABOUT_ANSWER.match(question.strip()):
        return False
    tokens = [_DRAWN_OUT.sub(r"\1", token) for token in extract_tokens(question)]
    if not 0 < len(tokens) <= _MAX_TOKENS:
        return False
    if any(token in _OPENERS for token in tokens) and _SMALL_TALK.issuperset(tokens):
        return True
    return any(_remark().fullmatch(" ".join(part)) for part in _without_company(tokens))


@cache
def _remark() -> re.Pattern[str]:
    """Return the pattern of remarks; compiled at first use, because that takes 9 ms."""
    return re.compile(_REMARKS, re.VERBOSE)


def _without_company(tokens: list[str]) -> list[list[str]]:
    """Return the message without its first and last polite words, in all combinations."""
    first = next((n for n, token in enumerate(tokens) if token not in _AROUND), 0)
    last = next((n for n, token in enumerate(reversed(tokens)) if token not in _AROUND), 0)
    starts, ends = range(first + 1), range(len(tokens) - last, len(tokens) + 1)
    return [tokens[start:end] for start in starts for end in ends]
