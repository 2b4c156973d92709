"""For those who write rules: run their examples, see where a rule stands, begin a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cardwatch.errors import RuleError
from cardwatch.model import Document, Sentence
from cardwatch.rules.finding import Describe, meets
from cardwatch.rules.kinds import KINDS, Example, Rule
from cardwatch.rules.lines import line_of
from cardwatch.rules.loading import ID
from cardwatch.rules.matching import Matcher

Segment = Callable[[Document], Sequence[Sentence]]

_TEMPLATE = """\
id = "{name}"
says = "What a statement that meets this rule says, in one line"
kind = "{kind}"
{extra}weight = 0.7             # over 0 and up to 1: how much such a statement matters
does = ["restricts"]     # commits restricts permits notifies retains enforces conditions
past = false             # true if it is a policy even when told as done

# One of these phrases must stand in the sentence. word~ takes endings, word* any beginning,
# (a|b) a choice, ? makes optional, ...3 leaves room for three words; <people>, <safeguards> and
# the like are lists of words that the rules that ship with cardwatch name in words.toml.
any = ["replace~ ...3 phrase"]

# all = [["one phrase", "of each"], ["of these groups"]]
# without = ["a phrase that must not stand there"]

[[example]]
match = true
text = "{fitting}"

[[example]]
match = false
text = "Nothing of the kind stands here."
"""
_EXTRA = {
    "obligation": 'strength = "possible"\n',
    "visibility": "told = true\n",
}
# A sentence that holds the phrase and what the kind asks for besides.
_FITTING = {
    "visibility": "Users are told when we replace this phrase.",
    "quantity": "We replace this phrase within 30 days.",
    "cadence": "We replace this phrase every month.",
    "condition": "We replace this phrase if you ask us.",
    "exception": "We replace this phrase unless you object.",
    "closed-list": "We replace this phrase by letters, digits, and signs.",
    "universal": "We always replace this phrase.",
}


def failed_examples(rule: Rule, segment: Segment, describe: Describe) -> tuple[Example, ...]:
    """The examples that the rule judges otherwise than they say."""
    matcher = Matcher((rule,))
    return tuple(
        example
        for example in rule.examples
        if _meets(rule, matcher, Document.from_text(example.text), segment, describe)
        is not example.match
    )


def _meets(
    rule: Rule, matcher: Matcher, document: Document, segment: Segment, describe: Describe
) -> bool:
    return any(
        any(meets(rule, describe(sentence, document)) for _ in matcher.matches(line_of(sentence)))
        for sentence in segment(document)
    )


def write_template(folder: Path, pack: str, name: str, kind: str = "mention") -> Path:
    """Write a small rule that passes its examples to ``folder/pack/name.toml``; its path.

    Raises:
        RuleError: a name is no name for a rule, the kind is unknown, a link leads out of the
            folder, or the file exists or cannot be written.
    """
    if kind not in KINDS:
        raise RuleError(f"unknown kind {kind!r}", hint=f"one of: {', '.join(sorted(KINDS))}")
    for given in (pack, name):
        if not ID.fullmatch(given):
            raise RuleError(
                f"no name for a rule or a pack: {given!r}",
                hint="lower-case letters, digits and single hyphens",
            )
    path = folder / pack / f"{name}.toml"
    if not path.resolve().is_relative_to(folder.resolve()):
        raise RuleError("would stand outside the folder", where=str(path))
    fitting = _FITTING.get(kind, "We may replace this phrase by our own.")
    text = _TEMPLATE.format(name=name, kind=kind, extra=_EXTRA.get(kind, ""), fitting=fitting)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as wrong:
        raise RuleError("is there already", where=str(path)) from wrong
    except OSError as wrong:
        raise RuleError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong
    return path
