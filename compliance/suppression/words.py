"""Does somebody ask not to be contacted any more, and on which ways? Pure.

In the United States consent to automated calls and texts may be revoked "by using any reasonable method to
clearly express a desire not to receive further calls or text messages": 47 CFR 64.1200(a)(10), of FCC 24-24
(CG Docket 02-278), in force since 11 April 2025. It names the replies stop, quit, end, revoke, opt out,
cancel and unsubscribe, and holds any other wording to what a reasonable person would understand. Whoever
reads too little into words contacts somebody unlawfully; whoever reads too much loses a lead: in doubt we
stop.

A request that names a way of contacting closes that way. One that names none ("STOP") closes the ways of what
it answers: calls and texts where it came by either, emails where it came by email. One that plainly means
everything ("never contact me again") closes all.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from compliance.suppression import phrases

CALL, SMS, EMAIL = "call", "sms", "email"
EVERY_WAY = frozenset({CALL, SMS, EMAIL})
# What a word that names no way closes, by where it was heard.
BY_WAY = {CALL: frozenset({CALL, SMS}), SMS: frozenset({CALL, SMS}), EMAIL: frozenset({EMAIL})}
# Nobody says it later than here, and a pattern must not be fed without bound.
LONGEST = 20_000
# Beyond these many words a keyword is no message of its own.
SHORT = 8


@dataclass(frozen=True, slots=True)
class OptOut:
    """`words` are those that say it, in plain letters; `ways` are the ones they close."""

    words: str
    ways: frozenset[str]


def read_opt_out(text: str, *, heard_by: str | None = None) -> OptOut | None:
    """`heard_by` is call, sms or email: the way on which they said it."""
    text = without_quotes(text[:LONGEST])
    bare = BY_WAY.get(heard_by or "", EVERY_WAY)
    if said := find_keyword(text):
        return OptOut(said, bare)
    found = [one for clause in clauses(text) if not is_before_buying(clause) for one in find_requests(clause)]
    found = found or list(find_deletions(text))
    if not found:
        return None
    ways = [ways_of(words, heard_by) or bare for words in found]
    return OptOut(found[0], frozenset().union(*ways))


QUOTED = re.compile(r"^\s*>.*$|^\s*(?:On|El) .{5,200}(?:wrote|escribió):\s*$[\s\S]*", re.MULTILINE)
# A phone's own words for a reaction to our text, which quotes it.
REACTION = re.compile(
    r"^\s*(?:Liked|Loved|Disliked|Laughed at|Emphasi[sz]ed|Questioned|Reacted .{1,12} to) [“\"].*", re.DOTALL
)


def without_quotes(text: str) -> str:
    """What they wrote, without what they answer."""
    return REACTION.sub("", QUOTED.sub("", text))


# Within a word they are nothing: don't, opt-out as one word is told apart later.
APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u0060\u00b4]")


def plain(text: str) -> str:
    """Lower case without accents, apostrophes and signs, one blank between words."""
    decomposed = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text))
    bare = "".join(one for one in decomposed if not unicodedata.combining(one))
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))


# Nothing but stop signs, with what makes them an emoji.
SIGNS = re.compile("[\U0001f6d1\U0001f6ab\u26d4\ufe0f\\s]+")
ENDS = re.compile(r"[.!?;:,\n\r\u2026\u2013\u2014()\"“”]+|\s-+\s|[\U0001F000-\U0001FAFF\u2600-\u27BF]+")
TURNS = re.compile(r"\b(?:but|instead|rather|because|pero|mejor|porque|sino)\b")


def clauses(text: str) -> Iterator[str]:
    """What stands between signs, emoji and turning words, in plain letters, without what is not meant."""
    for part in re.split(r"[.!?;\n\r\u2026]+|[\U0001F000-\U0001FAFF\u2600-\u27BF]+", text):
        whole = without_lookalikes(plain(part))
        yield from (piece.strip() for piece in TURNS.split(whole) if piece.strip())


def without_lookalikes(words: str) -> str:
    for pattern in phrases.NOT_MEANT:
        words = pattern.sub(" ~ ", words)
    return words


def find_keyword(text: str) -> str:
    """The keyword that the message, or a clause of it, consists of."""
    if SIGNS.fullmatch(text.strip()):
        return "stop"
    whole = essence(plain(text))
    if is_keyword(whole, phrases.WHOLE) or whole in phrases.WHOLE_PHRASES:
        return whole
    for part in ENDS.split(text):
        said = essence(plain(part))
        if is_keyword(said, phrases.STRONG) or said in {"opt out", "stop all", "remove me"}:
            return said
    return find_shouted(text)


def is_before_buying(clause: str) -> bool:
    """“Are you going to stop calling if I sign up?”"""
    return bool(phrases.ONCE_A_CUSTOMER.search(clause) and phrases.ASKED_WHETHER.search(clause))


def find_deletions(text: str) -> Iterator[str]:
    """“Who gave you my number? Remove it.” Where nothing of theirs is named, only what stands alone is meant
    for it."""
    whole = plain(text)
    if phrases.OF_MINE.search(whole):
        yield from (found[0] for clause in clauses(text) if (found := phrases.DELETE_IT.search(clause)))
    elif found := phrases.DELETE_IT.fullmatch(essence(whole)):
        yield found[0]


SHOUTED = re.compile(r"(?<![\w-])(?:STOP|UNSUBSCRIBE|STOPALL)(?![\w-])")


def find_shouted(text: str) -> str:
    """In capitals in the middle of a message that is not: “Who is this STOP”."""
    found = SHOUTED.search(text)
    rest = text[: found.start()] + text[found.end() :] if found else ""
    if found is None or not any(one.islower() for one in rest):
        return ""
    kept = without_lookalikes(plain(text))
    return found[0].lower() if found[0].lower() in kept.split() else ""


def essence(words: str) -> str:
    """Without what people say around it, and put together where it is spelled: s t o p."""
    tokens = words.split()
    if len(tokens) > 3 and all(len(token) == 1 for token in tokens):
        tokens = ["".join(tokens)]
    if len(tokens) > SHORT:
        return ""
    kept = [token for token in tokens if token not in phrases.FILLERS]
    return " ".join(dict.fromkeys(kept))


def is_keyword(said: str, keywords: frozenset[str]) -> bool:
    tokens = said.split()
    return bool(tokens) and all(is_one_of(token, keywords) for token in tokens)


def is_one_of(token: str, keywords: frozenset[str]) -> bool:
    if token in keywords or squeeze(token) in keywords:
        return True
    if token in phrases.NEAR_BUT_OTHER:
        return False
    if any(token in slips for word, slips in phrases.SLIPS.items() if word in keywords):
        return True
    return any(
        abs(len(token) - len(word)) <= most and distance(token, word) <= most
        for word, most in phrases.NEAR.items()
        if word in keywords or word == "unsubscribeme"
    )


def squeeze(token: str) -> str:
    """Without letters that are held down: stooooop."""
    return re.sub(r"(.)\1+", r"\1", token)


def distance(one: str, other: str) -> int:
    """Letters to change, add, drop or swap with their neighbour (Damerau's, restricted)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def find_requests(clause: str) -> Iterator[str]:
    """The words of each request in it, with the ways that are named in the same breath."""
    for pattern in phrases.ASKING:
        for found in pattern.finditer(clause):
            yield extended(clause, found)
    for pattern in phrases.TIMED:
        for found in pattern.finditer(clause):
            if not is_about_a_time(clause, found):
                yield extended(clause, found)


def extended(clause: str, found: re.Match[str]) -> str:
    also = phrases.AND_ALSO.match(clause, found.end())
    return clause[found.start() : also.end() if also else found.end()].strip()


def is_about_a_time(clause: str, found: re.Match[str]) -> bool:
    """“Do not call before five” asks for five, unless it is for ever."""
    rest = clause[found.end() :]
    return bool(phrases.ABOUT_A_TIME.match(rest)) and not phrases.FOR_EVER.search(clause[found.start() :])


def ways_of(words: str, heard_by: str | None) -> frozenset[str]:
    """The ways that the words name; none where they name none."""
    if phrases.BY_ANY.search(words):
        return EVERY_WAY
    named = {
        CALL: phrases.BY_CALL.search(words),
        SMS: phrases.BY_TEXT.search(words),
        EMAIL: phrases.BY_EMAIL.search(words),
    }
    ways = {way for way, found in named.items() if found}
    if phrases.BY_MESSAGE.search(words) and not ways:
        ways = {EMAIL if heard_by == EMAIL else SMS}
    return frozenset(ways)
