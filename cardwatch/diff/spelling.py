"""One spelling for words that English spells in several ways, by rule and short table."""

from __future__ import annotations

import re
from functools import lru_cache

# Endings that differ by country, British first. Each stands for a whole family of words, so
# that inflected forms are reached too.
_ENDINGS = (
    (re.compile(r"^((?:well|dis|mis|un|de|re)?(?:behavi|col|fav|hon|lab|neighb|rum|harb|hum|"
                r"endeav|flav|vap|rig|cand|val|demean|arm|clam|od|parl|sav|splend|tum|vig))our"
                r"(?=\w*$)"), r"\1or"),
    (re.compile(r"(?<=\w{3}[a-z])is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational|able)$)"), "iz"),
    (re.compile(r"(?<=\w[a-z]l)ys(?=(?:e|ed|es|er|ers|ing)$)"), "yz"),
    (re.compile(r"^((?:kilo|centi|milli)?met|cent|theat|fib|lit|spect|somb|meag)re(?=s?$)"),
     r"\1er"),
    (re.compile(r"([aeiouy]\w*[^\Waeiouy]\w*?[aeiou])ll(?=(?:ed|ing|er|ers|ation|or|ors|ous)$)"),
     r"\1l"),
    (re.compile(r"(?<=\w)(log)ue(?=s?$)"), r"\1"),
    (re.compile(r"^(defen|offen|licen|preten|practi)[cs]e(?=[sd]?$)"), r"\1se"),
    (re.compile(r"^(licen|practi)[cs]ing$"), r"\1sing"),
    (re.compile(r"(?<=\w)dgement"), "dgment"),
    (re.compile(r"^(enrol|fulfil|instal|instil|distil|enthral)l?(?=(?:ment|ments|s|)$)"), r"\1l"),
    (re.compile(r"^(skil|wil)l?(?=(?:ful|fully)$)"), r"\1l"),
    (re.compile(r"(?<=\w)ae(?=(?:st|m|d|c|v|o)\w)"), "e"),
    (re.compile(r"(?<=[bglmrtuz])eable$"), "able"),
    (re.compile(r"(?<=u)eing$"), "ing"),
)  # fmt: skip
# Words whose -is- belongs to the stem, in every spelling.
_KEEPS_S = re.compile(
    r"(?:prom|prec|rev|superv|adv|dev|exerc|surpr|comprom|desp|disgu|telev|improv|enterpr|"
    r"pract|franch|merchand|expert|prem|conc|circumc|exc|inc|pr|appr|dem|tra|no|bra|ra|cru|bru|w|po|"
    r"upr|ar|advert|otherw|likew|unw|unpr|unrev|unsuperv)is(?:e|ed|es|er|ers|ing|ation|ations|able|ational)$"
)
_WORDS = {
    "grey": "gray", "greys": "grays", "sceptic": "skeptic", "sceptical": "skeptical",
    "sceptically": "skeptically", "scepticism": "skepticism", "sceptics": "skeptics",
    "programme": "program", "programmes": "programs", "artefact": "artifact",
    "artefacts": "artifacts", "ageing": "aging", "cheque": "check", "cheques": "checks",
    "aluminium": "aluminum", "whilst": "while",
    "amongst": "among", "towards": "toward", "afterwards": "afterward", "learnt": "learned",
    "spelt": "spelled", "burnt": "burned", "dreamt": "dreamed",
    "mould": "mold", "moulds": "molds", "plough": "plow", "catalogue": "catalog",
    "dialogue": "dialog", "dialogues": "dialogs", "analogue": "analog", "acknowledgement":
    "acknowledgment", "enquiry": "inquiry", "enquiries": "inquiries", "per cent": "percent",
    "cosy": "cozy", "draught": "draft", "jewellery": "jewelry", "pyjamas": "pajamas",
    "licence": "license", "licences": "licenses", "on-line": "online", "web site": "website",
    "e-mail": "email", "e-mails": "emails", "cancelled": "canceled", "travelled": "traveled",
    "ok": "okay", "&": "and", "adviser": "advisor", "advisers": "advisors", "naïve": "naive",
    "co-operate": "cooperate", "focussed": "focused", "focussing": "focusing",
    "usable": "useable", "sizable": "sizeable", "likable": "likeable",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def american(word: str) -> str:
    """A lower-case word in its American spelling; any other word as it is.

    Words that only look like a British form may be changed too, but always in the same way, so
    that the result is good for comparing and not for showing.
    """
    if word in _WORDS:
        return _WORDS[word]
    if len(word) < 5 or not word.isalpha():
        return word
    for pattern, replacement in _ENDINGS:
        if replacement == "iz" and _KEEPS_S.match(word):
            continue
        word = pattern.sub(replacement, word)
    return _WORDS.get(word, word)
