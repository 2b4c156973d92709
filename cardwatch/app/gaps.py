"""Gaps: what a document says and its companion does not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cardwatch.app.disclosing import passage_index
from cardwatch.app.statements import load_rules, reading_of
from cardwatch.model import Disclosure, Document, Features, GapReport

if TYPE_CHECKING:
    from cardwatch.gaps import Matters


def find_gaps(
    document: Document,
    companion: Document,
    *,
    rules: Sequence[Path] = (),
    cache: bool = False,
) -> GapReport:
    """What ``document`` says that ``companion`` leaves out or contradicts, ranked.

    ``rules`` are folders whose rules are added to those that ship with cardwatch. With
    ``cache`` the report is kept in the user's cache folder and taken from there, for as long
    as the documents, the rules and cardwatch itself stay what they are.
    """
    if not cache:
        return _judge(document, companion, rules)
    from cardwatch.cache import Cache, default_folder, digest, stamp
    from cardwatch.resources import folder

    code = stamp(Path(__file__).parents[1], folder("rules"), *rules)
    kept = Cache(default_folder())
    key = f"gaps {digest(document, companion)} {code}"
    report = kept.get(key, GapReport)
    if report is None:
        report = _judge(document, companion, rules)
        kept.put(key, report)
    return report


def _judge(document: Document, companion: Document, folders: Sequence[Path]) -> GapReport:
    from cardwatch import disclosure, gaps, segment

    rules = load_rules(folders)
    reading, other = reading_of(document, rules), reading_of(companion, rules)
    index = passage_index(other, reading)
    language = gaps.Language(
        describe=lambda sentence: segment.describe(sentence, document),
        describe_companion=lambda sentence: segment.describe(sentence, companion),
        describe_text=segment.describe_text,
        concepts=segment.load_lexicon().concepts_in,
    )

    def disclose(features: Features) -> Disclosure:
        return disclosure.find_disclosure(features, index)

    return gaps.find_gaps(reading, other, disclose, language, _matters())


def _matters() -> Matters:
    from cardwatch import gaps
    from cardwatch.rules.opposites import load_opposites
    from cardwatch.rules.restated import load_restated

    known, restated = load_opposites(), load_restated()
    return gaps.Matters(
        promised=lambda reading: known.find_promised(reading.document, reading.sentences),
        done=lambda reading: known.find_done(reading.document, reading.sentences),
        restated=lambda reading: restated.find(reading.document, reading.sentences),
        says={
            **{matter.id: matter.says for matter in known.matters},
            **{matter.id: matter.says for matter in restated.matters},
        },
        excused=frozenset(matter.id for matter in known.matters if matter.excused),
    )
