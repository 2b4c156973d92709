"""One spelling for words that English spells in several ways, by rule and short table.

``python -m tests.measure.spelling`` holds them against a maintained table; why that table is
not used itself: docs/decisions/0008-spelling.md.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Endings that differ by country, British first. Each stands for a whole family of words, so
# that inflected forms are reached too.
_ENDINGS = (
    (re.compile(r"^((?:well|dis|mis|un|de|re)?(?:behavi|col|fav|hon|lab|neighb|rum|harb|hum|"
                r"endeav|flav|vap|rig|cand|val|demean|arm|clam|od|parl|sav|splend|tum|vig|arb|ard|belab|"
                r"clang|ferv|glam|ranc|savi|succ|enam|(?:multi|tri|water|techni)col))our"
                r"(?=\w*$)"), r"\1or"),
    (re.compile(r"(?<=\w{3}[a-z])is(?=(?:e|ed|es|er|ers|ing|ingly|ation|ations|ational|able|"
                r"ably|ement|ance)$)"), "iz"),
    (re.compile(r"(?<=\w[a-z]l)ys(?=(?:e|ed|es|er|ers|ing)$)"), "yz"),
    (re.compile(r"^((?:kilo|centi|milli|micro)?(?:met|lit)|(?:epi)?cent|(?:amphi)?theat|fib|spect|"
                r"somb|meag|calib|goit|mit|sab|saltpet|scept|sepulch|accout|reconnoit|louv|"
                r"(?:lack)?lust)re(?=(?:s|d|ments?|fold|folds|piece|pieces|glass|goers?)?$)"),
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
    (re.compile(r"^(d(?:ia|ue)|tria|fue|crue|grue)ll(?=(?:ed|ing|ingly|er|est)$)"), r"\1l"),
    (re.compile(r"^(marvel|tranquil|jewel|panel|wool|clarinet|council|counsel)[lt]"
                r"(?=(?:ous|ously|ity|i[sz]e|i[sz]ed|i[sz]es|i[sz]er|i[sz]ers|i[sz]ing|y|ery|"
                r"ist|ists|en|ens|or|ors)$)"), r"\1"),
    (re.compile(r"^((?:kilo|centi|milli|aero|pro)?gram)me(?=s?$)"), r"\1"),
    (re.compile(r"^((?:re)?m|sm)oul(?=[dt](?:s|ed|er|ers|ing|ings|y|ier|iest|ered|ering)?$)"),
     r"\1ol"),
    (re.compile(r"^((?:snow)?pl)ough(?=\w*$)"), r"\1ow"),
    (re.compile(r"^draught"), "draft"),
    (re.compile(r"^(sul)ph"), r"\1f"),
    (re.compile(r"^((?:out)?man)oeuv(?:re(?=[sd]?$)|r(?=ing|ab))"), r"\1euver"),
    (re.compile(r"^(diarrh|gonorrh|f|h?om|ed|am|pharmacop)oe(?=\w)"), r"\1e"),
    (re.compile(r"^oe(?=s)|^ae(?=on|st|ti)"), "e"),
    (re.compile(r"^(c|pr|chim)ae(?=[srm])"), r"\1e"),
    (re.compile(r"^(con|in|re|de)fle?xion"), r"\1flection"),
    (re.compile(r"^connexion"), "connection"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"^cosi(?=er|est|es$|ly|ness)"), "cozi"),
    (re.compile(r"^gaol"), "jail"),
    (re.compile(r"^moustach"), "mustach"),
    (re.compile(r"^yogh?o?urt"), "yogurt"),
    (re.compile(r"^cheque(?=r|book)"), "checke"),
    (re.compile(r"^(defen|offen)celess"), r"\1seless"),
    (re.compile(r"^(omelet|epaulet)te(?=s?$)"), r"\1"),
    (re.compile(r"^s?(c|s)y(?=ph(?:er|on))"), r"\1i"),
    (re.compile(r"^(wag)g(?=on)|^(ban)n(?=ister)|^(cal)l(?=ip|isth)"), r"\1\2\3"),
    (re.compile(r"^(catalog)u(?=ed|ing)"), r"\1"),
    (re.compile(r"^baulk"), "balk"),
    (re.compile(r"^(worship)p(?=e[dr]|ing)"), r"\1"),
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
    "centerd": "centered", "epicenterd": "epicentered", "maneuverd": "maneuvered",
    "outmaneuverd": "outmaneuvered", "reconnoiterd": "reconnoitered", "louverd": "louvered",
    "ionisation": "ionization", "gaol": "jail", "aeon": "eon", "buses": "busses",
    "busing": "bussing", "minibuses": "minibusses", "gases": "gasses", "gauge": "gage",
    "gauges": "gages", "gauged": "gaged", "gauging": "gaging", "biassing": "biasing",
    "chilli": "chili", "bingeing": "binging",
    "disc": "disk", "discs": "disks", "storey": "story", "storeys": "stories", "tyre": "tire",
    "tyres": "tires", "pyjama": "pajama", "misspelt": "misspelled", "biassed": "biased",
    "cancelations": "cancellations", "checkebook": "checkbook", "checkebooks": "checkbooks",
    "ionise": "ionize", "ionised": "ionized", "ionising": "ionizing", "ionises": "ionizes",
    "axe": "ax", "aeroplane": "airplane", "aeroplanes": "airplanes", "kerb": "curb",
    "kerbs": "curbs", "appal": "appall", "appals": "appalls", "almanack": "almanac",
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
