"""How a sentence speaks: as a policy, or as a report of what was measured and seen.

Most of a system card is evaluation prose, and it uses the very words of policies: classifiers,
users, refusals, deployment. What tells them apart is the voice: who acts, in which tense, among
which words, and under which heading. Each cue below is counted, weighed and added; the sum goes
through the logistic function and is then a probability.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cardwatch.model import BlockKind, Section

_EVALUATION = re.compile(
    r"(?:evaluat|benchmark|baseline|rollout|grader|graded|grading|rubric|score|scoring|scored|"
    r"trial|"
    r"transcript|scenario|accurac|dataset|episode|perform|probe|probing|activation|experiment|"
    r"percentile|elicit|ablat|leaderboard|subset|sampl|median|elo|harness|scaffold|token|"
    r"checkpoint|snapshot|simulat|investigator|auditor|hypothe|correlat|statistic|qualitative|"
    r"quantitative|outperform|replicat|annotat|questionnaire|steering|trajector|participant|"
    r"metric|pass@|arena|bench|uplift|finding|observ|reward|hallucinat|sandbag|saturat|attempt|"
    r"rate[sd]?$|task|problem|question|answer|prompt|figure|variant|comparison|compar|result|"
    r"exhibit|"
    r"example|instance|analys|measur|judg|behavio|capabilit|honest|reasoning|thinking|"
    r"evidence|assess|verbali|interview|welfare|persona|distress|affect$|valence)"
)
# Words that mostly come in evaluation prose, and their weight of 1; these weigh a third of it,
# since policies use them too.
_WEAK = re.compile(
    r"(?:attempt|task|problem|question|answer|prompt|result|example|instance|measur|capabilit|"
    r"assess|perform|evidence|behavio|analys|finding|observ|token|attempt|reasoning|judg|exhibit|"
    r"compar|participant|rate|snapshot|evaluat|scenario|figure|affect|simulat|reward|auditor|"
    r"steering|annotat|statistic)"
)
_POLICY = re.compile(
    r"(?:safeguard|polic|terms$|prohibit|retain|retention|delet|monitor|enforc|suspend|terminat|"
    r"notif|inform(?:ed|s)?$|visible|consent|privac|third|part(?:y|ies)$|law|legal|comply|complian|"
    r"account|customer|subscri|licen|deploy|releas|launch|mitigat|classifier|fallback|block|"
    r"restrict|"
    r"require|commit|publish|approv|board|govern|secur|threshold|access|traffic|organi[sz]ation|"
    r"right|liab|dispute|arbitrat|fee|refund|personal|data$|opt|report|review|regulat|authorit|"
    r"request|filter|guard|limit|throttl|interven|disclos|permit|allow)"
)
_MODALS = frozenset(["will", "shall", "must", "may", "cannot", "should"])
_PEOPLE = re.compile(
    r"(?:you|your|yours|users?|customers?|clients?|developers?|organi[sz]ations?|people|persons?|"
    r"individuals?|subscribers?|members?|licensees?|operators?|partners?|employees?|staff|children|"
    r"minors?|parents?|guardians?|callers?|buyers?|owners?|holders?|teams?|firms?|companies|"
    r"schools?|"
    r"hospitals?|lenders?|employers?|researchers?|students?|journalists?|anyone|anybody|everyone|"
    r"nobody|whoever|accounts?|profiles?)$"
)
_PAST = re.compile(
    r" (?:we|i|they|it|he|she|this|that|model|models) "
    r"(?:also |then |first |later |initially |\w+ly )?"
    r"(?:\w+ed|was|were|did|had|found|saw|ran|gave|began|made|took|used|got|wrote|chose|went|said|"
    r"told|thought|felt|knew|kept|held|built|sent|showed) "
)
_WERE = re.compile(r" (?:was|were|did|had) ")
_STUDY = re.compile(
    r" we (?:also |then |now |still |further |generally |typically |\w+ly |do not |did not |can |"
    r"will |"
    r"could not |have |have not |had |never )?(?:also |yet |not )?"
    r"(?:evaluate|f[io]u?nd|observe|measure|compare|note|see|describe|discuss|present|test|assess|"
    r"show|conclude|believe|think|suspect|hypothesi[sz]e|speculate|examine|investigate|"
    r"judge|score|run|interpret|plot|average|compute|sample|prompt|ask|define|refer|consider|"
    r"view|detail|summari[sz]e|report|study|explore|focus|treat|look|caution|elicit|seen|"
    r"notice|identify|encounter|focused|tested|evaluated|assessed|observed|measured) "
    r"| we (?:use|used|hold|held|build|built|wrote|write|gave|give|drew) (?:\w+ ){0,4}"
    r"(?:tasks?|prompts?|items|questions|problems|puzzles|graders?|episodes|conversations of|"
    r"scenarios|"
    r"environments?|transcripts|examples|judges?|rubrics?|benchmarks?) "
    r"| (?:improved|rose|fell|dropped|increased|decreased|declined|grew|gained) (?:by|from|to) "
    r"| (?:data set|held out|area under|error bars?) "
    r"| (?:\d[\d,]*|hundreds|thousands|dozens) (?:of )?(?:\w+ ){0,2}(?:prompts|tasks|questions|"
    r"problems|scenarios|transcripts|test cases|samples|episodes|rollouts|trials|puzzles) "
)
_MODEL_ACTS = re.compile(
    r" (?:the model|the models|models|it|the agent|the assistant|agents) (?:also |then |often |"
    r"sometimes |never |rarely |can |could |would |might |\w+ly )?"
    r"(?:\w+s|\w+ed|be|show|exhibit|refuse|comply|attempt|behave|act|produce|do|generate) "
)
# What is staged: a line of a dialogue, an instruction to a model, a made-up case.
_STAGED = re.compile(
    r"^ (?:you are (?:a|an|the|now) |your (?:task|job|goal|role|aim) is |imagine |pretend |act as |"
    r"(?:please )?(?:summari[sz]e|reply|respond|rewrite|translate|classify|draft|compose|call) |"
    r"(?:never|always|do not|please) (?:reveal|invent|say|mention|guess|address|repeat|"
    r"apologi[sz]e|"
    r"claim|reply|respond|answer|cite|pretend|begin|end|start|write|call|quote|refer to) )"
    r"|^ (?:if|when|where|before|unless) (?!you |we )(?:\S+ ){2,30}(?:say|ask|call|reply|respond|"
    r"tell|"
    r"explain|state|point|offer|do not (?:say|claim|mention|guess|reply|answer|repeat)) "
    r"(?:so|it|them|that|the|for|to|this|what|a|which|one|who|before|anything) "
)
_SPEAKER = re.compile(
    r"\W{0,4}(?:human|user|assistant|thought|system|agent|customer|model|tool|developer|narrator|"
    r"error|warning|grader|judge|player|question|answer|prompt|response|q|a)\W{0,3}:",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"[A-Z][\w.-]*(?: [\w.-]+){0,3}: (?:I|I'm|I’m|I'll|I’ll|You|Hi|Hello|Sure|Thank|Thanks|Okay|"
    r"Yes|No|"
    r"Let)\b"
)
_STORY = re.compile(
    r" (?:in (?:the|this|one|that|a|each|our|another) (?:\w+ )?(?:story|test|scenario|exercise|"
    r"setup|trace|"
    r"simulation|game|episode|run|round|tale|novel|dialogue|prompt|environment|experiment)|"
    r"fictional|"
    r"simulated|imaginary|hypothetical|the character|role play\w*|the story|the quiz|the game|"
    r"the agent|"
    r"the attacker|the defender|in this setup) "
)
# A sentence that says where a matter is dealt with and not what holds.
_POINTER = re.compile(
    r" (?:polic(?:y|ies)|terms|pages?|notice|website|site|cards?|appendix|report|section|chapter|"
    r"annex|addendum|document|guide|post|blog|rules) (?:which |that )?(?:\w+ly |also )?(?:details?|"
    r"describes?|"
    r"sets? out|lists?|"
    r"explains?|says (?:what|which|how|who)|gives|outlines?|covers?|discusses|provides?|contains?|"
    r"has more|(?:is|are|can be) (?:found|available|described|set out|given|listed)) "
    r"|^ (?:see|for (?:more|further|details)|more (?:on|about|details)|read more|details? (?:of|"
    r"on|about)) "
    r"|^ (?:the rest of )?this (?:section|chapter|part|appendix|document|card|report) "
    r"| (?:is|are|can be) (?:found|described|set out|given|listed|discussed|explained) (?:in|on|"
    r"at|below|above) "
)
# Definitions, and news of a product: what it now can do, what it costs, how it compares.
_ASIDE = re.compile(
    r" (?:means? that|refers? to|we mean|is defined as|stands? for|denotes?|"
    r"can now|you now|is now|are now|now (?:runs?|works?|opens?|finds?|supports?|includes?|"
    r"takes?)|"
    r"starts? at|per million|leaderboards?|fastest|cheapest|smartest|our (?:best|most \w+)|"
    r"faster|better|than (?:ever|its predecessor|before)|(?:earlier|early) customers) "
)
# Weighing of what might be: arguments about risk, not what anybody does or must do.
_ARGUMENT = re.compile(
    r" (?:(?:un)?likely|plausibl[ey]|conceivabl[ey]|presumably|perhaps|arguably|"
    r"propensit(?:y|ies)|misaligned|misalignment|hypothetical(?:ly)?|in principle|"
    r"poses? (?:\w+ ){0,3}(?:risks?|threats?)|would (?:\w+ly )?(?:be|have|make|need|cause|lead|"
    r"give|allow|require|suggest|mean|tend)|could (?:\w+ly )?(?:be|have|lead|cause|allow|give|help|"
    r"enable|do)|may (?:\w+ly )?(?:be (?:able|in a position|more|less|due)|have been)|"
    r"it is (?:\w+ )?(?:possible|conceivable|hard|difficult|unclear|worth)|"
    r"(?:do|does|did) not (?:believe|think|expect)|concern(?:s|ed)? (?:is|are|that|about)|"
    r"uncertain(?:ty)?|confident|confidence|threat (?:models?|actors?)|risk factors?|"
    r"tends? to|seems?|appears? to|more or less|to some (?:degree|extent))(?= )"
)
_OWN_VOICE = re.compile(r" (?:i|my|me|myself|'m) ")
_DUTY = re.compile(
    r" (?:we|you|users|customers|developers|licensees|company|board|officer|team|provider|"
    r"operators|safeguards?|classifiers?|interventions?|measures|filters|it|they|access|"
    r"this policy|requests?) "
    r"(?:(?:also|do|does|be|only|\w+ly|not|agree to|reserve the right to|commit to) )?"
    r"(?:will|shall|must|may|cannot|agree|reserve|commit|require|prohibit|retain|share|collect|"
    r"publish|monitor|notify|block|delete|use|store|restrict|provide|own|grant|are|is|deploy|"
    r"enforce|"
    r"do not|does not|can|maintain|apply|have|engage|review|limit|scan|hand|read|see|pay|sell|"
    r"transfer|answer|respect|offer|charge|close|end|remove|ask|depart|keep|send|give|let|allow|"
    r"closes|blocks|shows|stops|keeps|applies|routes|sends|limits|sees|has|get|gets) "
)
_DONE = re.compile(
    r" (?:is|are|be|being|been) (?:\w+ly |also |not |never |only |then )*(?:stored|kept|retained|"
    r"deleted|blocked|reviewed|monitored|logged|shared|notified|informed|told|suspended|removed|"
    r"restricted|prohibited|required|routed|used|flagged|refused|limited|granted|given|read|seen|"
    r"sold|encrypted|excluded|published|reported|offered|available|deployed|released|allowed|"
    r"permitted|handed|sent|held|moved|scanned|collected|processed|transferred|disclosed|approved|"
    r"made|answered|switched|shown|visible|hidden|imperceptible|responsible|entitled|banned) "
)
_GOOD_HEADINGS = re.compile(
    r"\b(?:safeguards?|polic(?:y|ies)|acceptable use|prohibited uses?|permitted uses?|how we use|"
    r"use of (?:your|our|personal|data|the service)|terms?|privacy|your|retention|retain\w*|"
    r"monitor(?:ing)?|enforc\w+|access|deploy\w*|releas\w+|launch|mitigations?|protections?|"
    r"governance|commitments?|requirements?|security|training data|data|crawl\w+|workers?|support|"
    r"limits?|restrict\w*|licen[sc]\w*|rights?|transparency|external testing|responsib\w+|"
    r"disclosure|notice|users?|customers?|prohibit\w*|fallback|pauses?|noncompliance|compliance|"
    r"publication|sharing|share|collect\w*|liabilit\w+|disputes?|arbitration|termination|payments?|"
    r"standards?|process(?:es)?|age|children|account\w*|content|indemn\w*|redistribution|oversight|"
    r"accountab\w+|measures|precautions?|appeals?|copyright|cookies|contact|changes|"
    r"(?:release|deployment|automated|our) decisions?)\b"
)
_BAD_HEADINGS = re.compile(
    r"\b(?:eval\w*|benchmark\w*|results?|performance|findings?|experiments?|case stud\w+|"
    r"transcripts?|examples?|methodolog\w+|methods?|scores?|analys\w+|capabilit\w+|tests?|bench|"
    r"arena|welfare|probing|interpretability|observations?|scenarios?|references|reward|hacking|"
    r"honesty|bias\w*|comparisons?|elicitation|leaderboard|hallucinat\w*|investigations?|audits?|"
    r"awareness|alignment|tasks?|reasoning|knowledge|vision|multilingual|coding|math\w*|science|"
    r"red[- ]team\w*|measur\w+|uplift|robustness|autonomy|shortcomings|appendix|architecture|"
    r"multimodal|health\w*|agentic|search|accuracy|preferences?|behavio\w+|character|"
    r"sabotage|deception|sycophancy|assessments?|pathways?|threat models?|faults?|"
    r"limitations?(?! (?:of|on)\b)|weaknesses|failures?)\b"
)
_STAGED_HEADINGS = re.compile(
    r"\b(?:system prompts?|prompts?|transcripts?|excerpts?|sample (?:dialogues?|conversations?)|"
    r"example (?:dialogues?|conversations?|outputs?|responses?)|verbatim|task descriptions?)\b"
)
# A word counts the less the further out its heading stands.
_OUTWARD = 0.5


@dataclass(frozen=True, slots=True)
class Voice:
    """The cues of one sentence, each a count or 0 to 1."""

    evaluation: float
    policy: float
    people: float
    modal: float
    duty: float
    past: float
    study: float
    model_acts: float
    quoted: float
    staged: float
    aside: float
    argument: float
    digits: float
    length: int


@lru_cache(maxsize=100_000)
def _weigh(word: str) -> tuple[float, float, bool, bool, bool]:
    """How much a word speaks for evaluation and for policy; is it people, a modal, a figure."""
    evaluation = 0.0
    if _EVALUATION.match(word):
        evaluation = 0.33 if _WEAK.match(word) else 1.0
    policy = 1.0 if _POLICY.match(word) else 0.0
    return evaluation, policy, bool(_PEOPLE.match(word)), word in _MODALS, word[:1].isdigit()


def voice_of(text: str, words: Sequence[str], quote: str) -> Voice:
    """The cues in a sentence: ``text`` as patterns see it, its ``words``, and its ``quote``."""
    evaluation = policy = 0.0
    people = modals = figures = 0
    for word in words:
        e, p, is_people, is_modal, is_figure = _weigh(word)
        evaluation += e
        policy += p
        people += is_people
        modals += is_modal
        figures += is_figure
    return Voice(
        evaluation=evaluation,
        policy=policy,
        people=min(1.0, people / 2),
        modal=min(1.0, modals),
        duty=1.0 if _DUTY.search(text) or _DONE.search(text) else 0.0,
        past=min(1.0, 0.6 * bool(_PAST.search(text)) + 0.5 * len(_WERE.findall(text))),
        study=1.0 if _STUDY.search(text) else 0.0,
        model_acts=1.0 if _MODEL_ACTS.search(text) else 0.0,
        quoted=_quoted(quote, text),
        staged=min(1.0, bool(_STAGED.search(text)) + 0.7 * bool(_STORY.search(text))),
        aside=min(2.5, 2.4 * bool(_POINTER.search(text)) + 0.7 * bool(_ASIDE.search(text))),
        argument=min(3.0, len(_ARGUMENT.findall(text))),
        digits=min(1.0, figures / 4),
        length=len(words),
    )


_QUOTED = re.compile(r"[“\"][^”\"]{1,400}[”\"]")


def _quoted(quote: str, text: str) -> float:
    """How much of a sentence somebody else says: in quotation marks, or as "I"."""
    if _OWN_VOICE.search(text):
        return 1.0
    marked = '"' in quote or "“" in quote
    inside = sum(len(match.group()) for match in _QUOTED.finditer(quote)) if marked else 0
    if quote.endswith("?") or (":" in quote and (_NAMED.match(quote) or _SPEAKER.match(quote))):
        return 1.0
    open_quote = quote[:1] in '“"‘' and inside == 0
    return 1.0 if open_quote else min(1.0, inside / max(1, len(quote)))


def heading_score(section: Section) -> float:
    """What the headings over a passage promise: 1 policies, -1 measurements, 0 nothing."""
    score, weight = 0.0, 1.0
    for title in reversed(section.path):
        lower = title.lower()
        good = min(2, len(_GOOD_HEADINGS.findall(lower)))
        bad = min(2, len(_BAD_HEADINGS.findall(lower)))
        score += weight * (good - bad) / max(1, good + bad)
        weight *= _OUTWARD
    return max(-1.0, min(1.0, score))


def is_staged(section: Section) -> bool:
    """Whether the nearest two headings announce prompts, transcripts or excerpts."""
    return any(_STAGED_HEADINGS.search(title.lower()) for title in section.path[-2:])


# The weights were set by reading: sentences of four system cards and of a dozen policies were
# sorted into policies and the rest, and each weight moved until the two came apart.
_BIAS = 0.2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: its headings (-1 to 1), the evaluation cues per word in the
    neighbourhood, its kind of block, and how much of it (0 to 1) is prompts or people talking.
    """

    heading: float
    around: float
    kind: BlockKind | None
    staged: float = 0.0


def policy_odds(voice: Voice, place: Place) -> tuple[float, float]:
    """How surely a sentence is a policy, as log-odds; and if telling it as done does not count."""
    size = max(14, voice.length) / 25
    odds = _BIAS
    odds -= 1.1 * min(3.0, voice.evaluation / size)
    odds += 0.45 * min(4.0, voice.policy / size)
    odds += 0.6 * voice.people
    odds += 0.7 * voice.modal
    odds += 0.9 * voice.duty
    odds -= 1.3 * voice.study
    odds -= 2.5 * voice.quoted + 2.0 * (voice.quoted > 0.95)
    odds -= 4.0 * voice.staged
    odds -= 1.7 * voice.aside
    odds -= 0.7 * voice.argument
    odds -= 0.5 * voice.digits
    odds += 1.3 * place.heading
    odds -= 3.0 * place.staged
    odds -= 14.0 * max(0.0, place.around - 0.02)
    if place.kind in (BlockKind.TABLE, BlockKind.CAPTION, BlockKind.QUOTE):
        odds -= 2.0 if place.kind is not BlockKind.TABLE else 1.5
    done = odds - 0.5 * voice.past - 0.2 * voice.model_acts
    return odds - 1.8 * voice.past - 0.5 * voice.model_acts, done


def rules_odds(weights: Sequence[float]) -> float:
    """How much the rules that a sentence meets speak for its being a policy, as log-odds.

    The heaviest says most, each further specific one a little.
    Chosen on the sentences of tests/cases/statements.md.
    """
    if not weights:
        return 0.0
    further = max(0, sum(weight >= SPECIFIC for weight in weights) - 1)
    return 2.0 * max(0.0, max(weights) - 0.5) + 0.25 * min(3, further)


# Rules of less weight hold for much that is said of people, and add nothing to others.
SPECIFIC = 0.65


def probability(odds: float) -> float:
    """The logistic function, safe at any size."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))
