"""What a fetch turned out to be: the document unchanged, another state of it, or no document.

The comparison is the one of ``diff``; it is given, like everything else that costs time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cardwatch.model import NoiseClass, Revision
from cardwatch.model.watch import Capture, Judgement, Problem, State, Verdict

# An error page, a wall or a login says what it is in a few words; a text that is longer than
# this is taken at its word. Longest seen in a sample written for the tests: 90 words.
_SHORT = 120
# In a text up to this long the title or the first words must say it.
_MIDDLING = 300
_FIRST_WORDS = 40
# The share of its words that a document has left after a collapse, and the other way round the
# factor of a growth (Open Terms Archive's history has bad captures beyond a fifth and fivefold).
_COLLAPSE = 0.25
_GROWTH = 4.0
# A document so short may well shrink or grow by so much.
_ENOUGH_WORDS = 120
# So much of the shorter text's lines must stand in the longer for it to be a cut, or a growth.
_KEPT_LINES = 0.5
# Noise that stays noise however often it is added up.
_STEPS = frozenset(
    {
        NoiseClass.MARKUP,
        NoiseClass.PUNCTUATION,
        NoiseClass.INVISIBLE,
        NoiseClass.LINK,
        NoiseClass.STAMP,
        NoiseClass.REFLOW,
    }
)
# How many other groups of states a change is held against: an alternating page has two or three.
_RECENT_GROUPS = 4

_SIGNS: tuple[tuple[Problem, re.Pattern[str]], ...] = (
    (
        Problem.BLOCKED,
        re.compile(
            r"captcha|\b(?:not|are) (?:you )?an? (?:robot|human)|you are human|unusual traffic|"
            r"(?:enable|requires?|turn on|without) (?:javascript|cookies and javascript)|"
            r"javascript (?:is|must be|needs to be) (?:disabled|enabled|required|turned)|"
            r"check(?:ing)? (?:if |that )?(?:your browser|the security of|your connection)|"
            r"(?:request|access|you)\b.{0,30}\b(?:denied|blocked|forbidden)|security check",
            re.IGNORECASE,
        ),
    ),
    (
        Problem.ERROR_PAGE,
        re.compile(
            r"\b(?:page|file|document|article|content|resource|site|url|link|it)\b.{0,40}"
            r"(?:not (?:be )?found|(?:isn.t|not|no longer) (?:available|exists?)|"
            r"(?:doesn.t|does not) exist|unavailable|(?:been|was) (?:re)?moved|broken|missing)|"
            r"\bnot found\b|\berror\W{0,3}[45]\d\d\b|\b[45]\d\d\W{0,3}(?:error|not|forbidden|bad|"
            r"internal|service|gateway)|something (?:went|has gone) wrong|bad gateway|"
            r"(?:service|temporarily|currently) (?:is )?unavailable|internal server error|"
            r"(?:an|unexpected) error (?:has )?occurred|(?:under|scheduled|down for) maintenance|"
            r"couldn.t (?:find|load)|(?:try|come back) again (?:later|soon)",
            re.IGNORECASE,
        ),
    ),
    (
        Problem.LOGIN,
        re.compile(
            r"\b(?:log|sign) ?in to (?:continue|view|see|read|access|your)|"
            r"(?:please|must|need to) (?:log|sign) ?in|forgot(?:ten)? (?:your |my )?password|"
            r"(?:enter|your) (?:e-?mail|user ?name).{0,40}password|single sign-?on",
            re.IGNORECASE,
        ),
    ),
    (
        Problem.CONSENT,
        re.compile(
            r"(?:accept|reject|allow|decline) (?:all|cookies)|(?:manage|cookie|your) "
            r"(?:preferences|choices|settings)|we (?:and our \w+ )?use cookies|"
            r"before you (?:continue|proceed)|consent to (?:the use|our use|cookies)",
            re.IGNORECASE,
        ),
    ),
)

# The commonest words of a language; what counts is their share, so a few dozen tell them apart.
_COMMON: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "en": "the of and to in is that for it with as you are on be this or by we your our not",
        "de": "der die das und zu den von mit ist des sich ein eine nicht auf für dem wir oder sie",
        "fr": "le la les de des et à en un une du que pour dans est vous nous sur par ou votre",
        "es": "el la los las de y que en un una por con para del se su o es al como usted",
        "it": "il la di che e un una per in del della non con si dei le i sono o gli al",
        "pt": "o a os as de e que em um uma para com do da não se por dos ou ao você",
        "nl": "de het een en van in is dat op te zijn voor met die niet u wij of aan onze",
        "sv": "och att i en som det är av för på med den till inte om ett vi du har eller",
        "pl": "i w na z do się nie że jest to oraz o lub przez dla od jak po są może",
    }.items()
}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a source when a capture comes.

    ``states`` are by their text's sha256; ``group`` is the one that the reader was told of
    and ``text`` the text that was seen last (both empty before the first).
    """

    states: Mapping[str, State]
    group: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tools:
    """What judging asks others for: the text of a known group, and the comparison with it.

    ``small`` compares with any known text, and gives nothing unless all is plainly noise.
    """

    text_of: Callable[[str], str]
    compare: Callable[[str], Revision]
    small: Callable[[str], Revision | None] = lambda _text: None


def judge(
    capture: Capture, known: Known, tools: Tools, *, language: str = "", trusted: bool = False
) -> Judgement:
    """What the capture is, beside the states that are known.

    ``language`` is the document's, if its source names it. ``trusted``: the text has stood
    for so long that it is the document, however much it shrank or grew.
    """
    state = known.states.get(capture.text_sha256)
    problem = _problem(capture, known, tools, state, language)
    if problem and not (trusted and problem.doubtful):
        return Judgement(Verdict.BAD_CAPTURE, against=known.group, problem=problem)
    if not known.group:
        return Judgement(Verdict.FIRST, group=capture.text_sha256)
    if capture.text_sha256 == known.text:
        return Judgement(Verdict.SAME_TEXT, group=known.group)
    if state and not state.problem:
        verdict = Verdict.NOISE if state.group == known.group else Verdict.RETURNED
        return Judgement(verdict, group=state.group, against=known.group)
    return _compared(capture, known, tools)


def _compared(capture: Capture, known: Known, tools: Tools) -> Judgement:
    """The judgement of a text that was never seen before."""
    if step := _small_step(known, tools):
        return step
    revision = tools.compare(known.group)
    noise = _noise(revision)
    if noise is not None:
        return Judgement(
            Verdict.NOISE, group=known.group, against=known.group, noise=noise, revision=revision
        )
    like_now = _share(capture.text, tools.text_of(known.group))
    for group in _recent_groups(known):
        # A page that alternates between two texts may carry a new date each time. The text
        # that it went back to is then the one it is most like, and only that is compared.
        if _share(capture.text, tools.text_of(group)) <= like_now:
            continue
        seen = _noise(tools.compare(group))
        if seen is not None:
            return Judgement(
                Verdict.RETURNED, group=group, against=known.group, noise=seen, revision=revision
            )
    return Judgement(
        Verdict.CHANGED, group=capture.text_sha256, against=known.group, revision=revision
    )


def _small_step(known: Known, tools: Tools) -> Judgement | None:
    """The judgement of a text that is the one seen last but for links, quotes, dates and the like.

    That one says what the reader was told of, and however many such steps follow each other,
    they never lead to something else. Other differences are measured from what was told.
    """
    last = known.states.get(known.text)
    if last is None or last.problem or last.group != known.group or known.text == known.group:
        return None
    revision = tools.small(known.text)
    if revision is None or any(each.noise_class not in _STEPS for each in revision.changes):
        return None
    noise = _noise(revision)
    return Judgement(
        Verdict.NOISE, group=known.group, against=known.group, noise=noise or (), revision=revision
    )


def _noise(revision: Revision) -> tuple[tuple[str, int], ...] | None:
    """The counts of a revision's noise by class; ``None`` if there is more than noise."""
    if any(not change.noise for change in revision.changes):
        return None
    classes = (str(change.noise_class) for change in revision.changes if change.noise_class)
    return tuple(sorted(Counter(classes).items()))


def _recent_groups(known: Known) -> list[str]:
    """Groups other than the present one, the one seen last first."""
    last: dict[str, str] = {}
    for state in known.states.values():
        if not state.problem and state.group != known.group:
            last[state.group] = max(last.get(state.group, ""), state.last_seen)
    ranked = sorted(last, key=lambda group: (last[group], group), reverse=True)
    return ranked[:_RECENT_GROUPS]


# -- bad captures -----------------------------------------------------------------------------


def _problem(
    capture: Capture, known: Known, tools: Tools, state: State | None, language: str
) -> Problem:
    if capture.problem:
        return capture.problem
    if state:
        return state.problem
    if problem := look(capture):
        return problem
    old = tools.text_of(known.group) if known.group else ""
    expected = language.partition("-")[0].lower() or guess_language(old)
    seen = guess_language(capture.text)
    if expected and seen and seen != expected:
        return Problem.LANGUAGE
    if not old:
        return Problem.NONE
    words = known.states[known.group].words if known.group in known.states else len(old.split())
    return _sudden(capture, old, words)


def look(capture: Capture) -> Problem:
    """Why a text is not the document that was asked for, as far as it says so itself."""
    if capture.words == 0:
        return Problem.EMPTY
    asked, final = urlsplit(capture.url), urlsplit(capture.final_url)
    if asked.path.strip("/") and not final.path.strip("/") and not (final.query or asked.query):
        return Problem.REDIRECTED
    if capture.words > _MIDDLING:
        return Problem.NONE
    told = capture.text
    if capture.words > _SHORT:
        told = " ".join(capture.text.split()[:_FIRST_WORDS])
    told = f"{capture.title}\n{told}"
    for problem, signs in _SIGNS:
        # a login or a cookie is also what a short policy may be about: one sign is not enough
        wanted = 2 if problem in (Problem.LOGIN, Problem.CONSENT) else 1
        if sum(1 for _ in signs.finditer(told)) >= wanted:
            return problem
    return Problem.NONE


def _sudden(capture: Capture, old: str, words: int) -> Problem:
    """A collapse or growth to another text; a cut or an addition keeps the lines it shares."""
    if words < _ENOUGH_WORDS:
        return Problem.NONE
    if capture.words < words * _COLLAPSE:
        kept = _share(capture.text, old)
        return Problem.NONE if kept >= _KEPT_LINES else Problem.COLLAPSE
    if capture.words > words * _GROWTH:
        kept = _share(old, capture.text)
        return Problem.NONE if kept >= _KEPT_LINES else Problem.GROWTH
    return Problem.NONE


def _share(part: str, whole: str) -> float:
    """The share of a text's lines, by their length, that stand in another text too."""
    there = set(_lines(whole))
    lines = _lines(part)
    total = sum(map(len, lines))
    return sum(len(line) for line in lines if line in there) / total if total else 0.0


def _lines(text: str) -> Sequence[str]:
    folded = (" ".join(_WORD.findall(line.casefold())) for line in text.splitlines())
    return [line for line in folded if line]


def guess_language(text: str) -> str:
    """The language of a text (ISO 639-1) if its script or commonest words tell; else empty."""
    sample = text[:_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    for name, script in _SCRIPTS:
        # Japanese is written in Chinese characters too, so a fifth of kana is enough
        if letters and len(script.findall(sample)) > letters * (0.2 if name == "ja" else 0.5):
            return name
    words = _WORD.findall(sample.casefold())
    if len(words) < 40:
        return ""
    counts = Counter(words)
    shares = sorted(
        ((sum(counts[word] for word in common), name) for name, common in _COMMON.items()),
        reverse=True,
    )
    (best, name), (second, _) = shares[:2]
    # a tenth of any prose is its language's commonest words; half as many again must stand apart
    return name if best >= len(words) * 0.1 and best >= second * 1.5 else ""
