"""Commands about the rules: list, show, test, new."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardwatch import app as use
from cardwatch.cli.flags import OUTPUT, RULES, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.reports import RuleFailure, RuleFile, RuleList, RuleSheet, RuleTest

if TYPE_CHECKING:
    from cardwatch.rules import Rule

RuleName = Annotated[str, typer.Argument(metavar="ID", help="The rule's name.")]


def _sheet(rule: Rule) -> RuleSheet:
    return RuleSheet(
        id=rule.id,
        pack=rule.pack,
        kind=rule.kind,
        says=rule.says,
        weight=rule.weight,
        does=tuple(kind.value for kind in rule.does),
        examples=tuple((example.text, example.match) for example in rule.examples),
        source=f"{rule.path.parent.name}/{rule.path.name}",
    )


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name="rules", help="List, show, test and start the rules.")

    @command(group, "list", *RULES, *OUTPUT)
    def listing(flags: Flags) -> Answer:
        """List the rules by pack, with what each looks for."""
        return Answer(RuleList(tuple(_sheet(rule) for rule in use.load_rules(flags.rules).rules)))

    @command(group, "show", *RULES, *OUTPUT)
    def show(flags: Flags, name: RuleName) -> Answer:
        """Show one rule: its file, with its phrases and examples."""
        rule = use.load_rules(flags.rules).get(name)
        return Answer(replace(_sheet(rule), text=use.rule_source(rule)))

    @command(group, "test", *RULES, *OUTPUT)
    def test(flags: Flags) -> Answer:
        """Hold every rule to its own examples; ends with 1 if one fails."""
        rules = use.load_rules(flags.rules)
        failures = tuple(
            RuleFailure(
                rule.id, f"{rule.path.parent.name}/{rule.path.name}", example.text, example.match
            )
            for rule, example in use.test_rules(rules)
        )
        examples = sum(1 for _ in chain.from_iterable(rule.examples for rule in rules.rules))
        return Answer(RuleTest(len(rules.rules), examples, failures), found=bool(failures))

    @command(group, "new", *OUTPUT)
    def new(
        _flags: Flags,
        name: Annotated[str, typer.Argument(metavar="PACK/ID", help="The rule's pack and name.")],
        folder: Annotated[
            Path, typer.Option("--rules", metavar="DIR", help="The folder to write it to.")
        ],
        kind: Annotated[
            str, typer.Option("--kind", metavar="KIND", help="What the rule asks for.")
        ] = "mention",
    ) -> Answer:
        """Write a small rule that passes its own examples, to start from."""
        pack, _, own = name.rpartition("/")
        return Answer(RuleFile(str(use.write_rule(folder, pack or "own", own, kind))))
