"""The list of rules as Markdown, for the documentation."""

from __future__ import annotations

from cardwatch.rules.kinds import KINDS
from cardwatch.rules.loading import RuleSet
from cardwatch.rules.opposites import load_opposites
from cardwatch.rules.restated import load_restated

_HEAD = """\
# Rules

A rule says which sentences are looked at, and how much they matter. Each is a file in `rules/`,
in one of four packs; `cardwatch rules show ID` prints it, and `cardwatch rules new PACK/ID` writes
one to begin from. `--rules DIR` adds the rules of a folder; one with a known id takes its place.
This page is written from the files: `python -m cardwatch.rules.catalogue > docs/rules.md`.

## What a rule file holds

| key | what it says |
|---|---|
| `id` | the name of the file without `.toml` |
| `says` | what a statement that meets the rule tells the reader |
| `kind` | what the rule asks for besides its phrases, see below |
| `weight` | over 0 and up to 1: how much such a statement matters |
| `does` | what such a statement does: commits, restricts, permits, notifies, retains, enforces, \
conditions, claims coverage |
| `any` | phrases, one of which must stand in the sentence |
| `all` | groups of phrases; one of each group must stand there too |
| `without` | phrases that must not stand there |
| `near` | the most words between a phrase of `any` and those of `all`; without it, one sentence |
| `past` | true when the matter is a policy even when told as done |
| `concepts` | concepts of `rules/lexicon`, one of which the sentence must touch |
| `[[example]]` | a `text`, and whether it must `match`; at least one of each sign |

A phrase is words that follow each other, in lower case. `word~` also takes the regular endings
(`keep~`: keep, keeps, keeping), `word*` any that begins so, `(a|b c)` is a choice, `?` makes the
word or choice before it optional, `...` leaves room for up to five words and `...3` for up to
three, and `<people>` stands for a list that `rules/words.toml` names. There is no repetition, and
gaps, optional parts, nesting and length are limited, so that no rule file can make a search run
long. A list item is read with the sentences that introduce it.

A sentence is a statement when it meets a rule and sounds like a policy: who acts, in which tense,
among which words, under which heading. So its weight is that of its rules times how surely it is
a policy, and reports of what was measured weigh little whatever their words.

## Kinds
"""


_OPPOSITES = """
## Opposites

A promise and a practice that goes against it often share few words ("nobody ever looks at your
messages", "a team of moderators goes through some of the chats"). Each file in `rules/opposites`
holds one such matter: under `[promised]` the phrases of the promise, under `[done]` those of the
practice, each with `any`, `all` and `without` as above, and examples of both signs. A sentence of
the document that meets the one while a short sentence of the companion meets the other is
contradicted, and is looked at even when it meets no rule. With `excused = true` a document that
makes the same promise itself does not go against it.
"""


_RESTATED = """
## Restated

Each file in `rules/restated` holds the phrases, the same for both sides, by which a clause and its
plain retelling are known to be on one matter ("binding arbitration", "a private arbitrator instead
of a court"). A short statement that meets them is stated by a short sentence of the companion that
meets them too and gives the same figures; a longer one, or one with another figure, partly.
"""


def catalogue(rules: RuleSet) -> str:
    """The manual of rule files with all kinds and rules, as Markdown."""
    lines = [_HEAD, "| kind | what it looks for | its own keys |", "|---|---|---|"]
    for name, kind in sorted(KINDS.items()):
        keys = ", ".join(f"`{key}`" for key in sorted(kind.keys))
        lines.append(f"| `{name}` | {kind.says} | {keys} |")
    for pack in sorted({rule.pack for rule in rules.rules}):
        lines += [
            "",
            f"## {pack}",
            "",
            "| rule | what it says | kind | weight |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| `{rule.id}` | {rule.says} | {rule.kind} | {rule.weight:g} |"
            for rule in rules.rules
            if rule.pack == pack
        ]
    lines += [_OPPOSITES, "| matter | what a finding says |", "|---|---|"]
    lines += [f"| `{each.id}` | {each.says} |" for each in load_opposites().matters]
    lines += [_RESTATED, "| matter | what a verdict says |", "|---|---|"]
    lines += [f"| `{each.id}` | {each.says} |" for each in load_restated().matters]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    from cardwatch.rules.loading import load_rules

    sys.stdout.write(catalogue(load_rules()))
