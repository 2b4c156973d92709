"""Rules: their files, their patterns, and the statements that they find."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cardwatch
from cardwatch.errors import RuleError
from cardwatch.model import Block, BlockKind, Document, Section, Span, Statement
from cardwatch.resources import folder
from cardwatch.rules import (
    KINDS,
    Rule,
    failed_examples,
    find_statements,
    load_rule,
    load_rules,
    write_template,
)
from cardwatch.rules.catalogue import catalogue
from cardwatch.rules.lines import line_of, publisher_name
from cardwatch.rules.patterns import PatternError, compile_pattern, inflections
from cardwatch.segment import describe, segment

RULES = load_rules().rules
DOCS = Path(__file__).resolve().parents[1] / "docs" / "rules.md"

GOOD = """\
id = "smell"
says = "Something smells"
kind = "mention"
weight = 0.5
does = ["restricts"]
any = ["smell~ of"]

[[example]]
match = true
text = "It smells of smoke."

[[example]]
match = false
text = "It is silent."
"""


def _file(tmp_path: Path, text: str, name: str = "smell") -> Path:
    path = tmp_path / "pack" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# -- the rules that ship ----------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_meets_its_own_examples(rule: Rule) -> None:
    """Every rule has an example of each sign and judges them all as they say."""
    assert {example.match for example in rule.examples} == {True, False}
    assert failed_examples(rule, segment, describe) == ()


def test_every_kind_is_used_and_every_pack_is_there() -> None:
    """The kinds are those that rules need, and the packs those that the documents need."""
    used = {rule.kind for rule in RULES}
    assert used <= set(KINDS)
    assert {rule.pack for rule in RULES} == {"system-card", "framework", "terms", "privacy"}


def test_the_list_in_the_docs_is_current() -> None:
    """docs/rules.md is what ``catalogue`` says of the rules that ship."""
    assert DOCS.read_text(encoding="utf-8") == catalogue(load_rules())


def test_the_weights_rank_what_is_hidden_above_what_is_hoped() -> None:
    """Concealment and degradation weigh more than an aspiration."""
    rules = load_rules().by_id
    assert rules["hidden-from-users"].weight > rules["aspiration"].weight
    assert rules["limits-effectiveness"].weight > rules["commitment"].weight


# -- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "key", "line"),
    [
        (("weight = 0.5", "wieght = 0.5"), "wieght", 4),
        (("weight = 0.5", "weight = 5"), "weight", 4),
        (("weight = 0.5", 'weight = "much"'), "weight", 4),
        (('kind = "mention"', 'kind = "guess"'), "kind", 3),
        (('does = ["restricts"]', 'does = ["bites"]'), "does", 5),
        (('does = ["restricts"]', "does = []"), "does", 5),
        (('any = ["smell~ of"]', 'any = ["(smell"]'), "any", 6),
        (('any = ["smell~ of"]', 'any = ["<nobody>"]'), "any", 6),
        (('any = ["smell~ of"]', 'any = "smell"'), "any", 6),
        (('any = ["smell~ of"]', "any = []"), "any", 6),
        (("match = false", "match = true"), "example", 8),
        (("match = false\n", "match = false\nnote = 1\n"), "note", 14),
        (("match = false\n", ""), "example", 12),
        (('id = "smell"', 'id = "../smell"'), "id", 1),
        (("weight = 0.5", "weight = 0.5\nunits = []"), "units", 5),
        (("weight = 0.5", "weight = 0.5\nnear = 100"), "near", 5),
        (("weight = 0.5", 'weight = 0.5\npast = "yes"'), "past", 5),
    ],
)
def test_a_mistake_in_a_rule_is_told_with_path_line_and_key(
    tmp_path: Path, change: tuple[str, str], key: str, line: int
) -> None:
    """Every mistake names the file, the line of the key, and the key."""
    path = _file(tmp_path, GOOD.replace(*change))
    with pytest.raises(RuleError) as caught:
        load_rule(path)
    assert caught.value.where == f"{path}:{line}: {key}"


def test_a_mistake_in_toml_is_told_with_path_and_line(tmp_path: Path) -> None:
    """Law: what is no TOML names the line that makes it none, as a wrong key does."""
    path = _file(tmp_path, 'id = "smell"\nsays = "It smells\nkind = "mention"\n')
    with pytest.raises(RuleError) as caught:
        load_rule(path)
    assert caught.value.where == f"{path}:2"
    assert "line" not in caught.value.message


@pytest.mark.parametrize(
    "text", ["", "id = ", "[[[", "id = 1\nid = 2", 'a = "\\q"', "a = [" * 5_000]
)
def test_what_is_no_rule_is_refused(tmp_path: Path, text: str) -> None:
    """A file that is not TOML, or lacks its keys, is an error with its path."""
    path = _file(tmp_path, text)
    with pytest.raises(RuleError) as caught:
        load_rule(path)
    assert str(path) in caught.value.where


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, and files over the limit, are errors of the house."""
    path = _file(tmp_path, GOOD)
    path.write_bytes(b"id = '\xff'")
    with pytest.raises(RuleError, match="UTF-8"):
        load_rule(path)
    path.write_bytes(b"#" * 200_000)
    with pytest.raises(RuleError, match="at most"):
        load_rule(path)


def test_rules_of_a_folder_are_added_and_replace(tmp_path: Path) -> None:
    """A folder adds its rules; one with a known id takes the place of the one that ships."""
    _file(tmp_path, GOOD)
    _file(tmp_path, GOOD.replace('"smell"', '"age"'), "age")
    rules = load_rules((tmp_path,))
    assert len(rules.rules) == len(RULES) + 1
    assert rules.get("smell").pack == "pack"
    assert rules.get("age").says == "Something smells"
    assert load_rules().get("age").pack == "terms"


def test_a_folder_may_name_its_own_lists(tmp_path: Path) -> None:
    """words.toml in a folder adds to the lists that ship."""
    (tmp_path / "words.toml").write_text('nose = ["nose~", "snout~"]', encoding="utf-8")
    _file(tmp_path, GOOD.replace("smell~ of", "<nose> of <people>"))
    rule = load_rules((tmp_path,)).get("smell")
    assert rule.any[0].regex.search(" the snouts of users ")


def test_two_rules_of_one_name_in_a_folder_are_refused(tmp_path: Path) -> None:
    """Within one folder an id is used once."""
    _file(tmp_path, GOOD)
    other = tmp_path / "other"
    other.mkdir()
    (other / "smell.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(RuleError, match="is also in"):
        load_rules((tmp_path,))


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_no_rules_is_an_error(tmp_path: Path, path: str) -> None:
    """A path without rules is not taken for a folder of none."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(RuleError):
        load_rules((tmp_path / path,))


def test_an_unknown_rule_names_those_like_it() -> None:
    """Asking for a rule that is not there helps to find it."""
    with pytest.raises(RuleError) as caught:
        load_rules().get("hidden-from-people")
    assert "hidden-from-users" in caught.value.hint


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_new_rule_passes_its_own_examples(tmp_path: Path, kind: str) -> None:
    """What ``rules new`` writes loads, and is right about its examples, whatever its kind."""
    rule = load_rule(write_template(tmp_path, "mine", "first", kind))
    assert failed_examples(rule, segment, describe) == ()


@pytest.mark.parametrize("name", ["../up", "a/b", "", "Ä", "a.toml", "con\0", "-a", "A"])
def test_a_new_rule_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    """No name leads out of the folder, and no link either."""
    for pack, own in ((name, "rule"), ("pack", name)):
        with pytest.raises(RuleError):
            write_template(tmp_path, pack, own)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "out").symlink_to(tmp_path)
    with pytest.raises(RuleError, match="outside"):
        write_template(tmp_path / "in", "out", "rule")


def test_a_new_rule_overwrites_nothing(tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    path = write_template(tmp_path, "mine", "first")
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(RuleError, match="already"):
        write_template(tmp_path, "mine", "first")
    assert path.read_text(encoding="utf-8") == "mine"


# -- patterns ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("keep~", " we kept keeping it ", " we kept it "),
        ("retent*", " a retention period ", " he retains it "),
        ("keep ...2 logs", " keep all the logs ", " keep all of the logs "),
        ("not (be)? told", " not told ", " not being told "),
        ("(a b|c) d", " c d ", " a d "),
        ("third-party", " a third party ", " thirdparty "),
        ("0.2 %", " 0.2 % ", " 0x2 % "),
    ],
)
def test_patterns_match_words(pattern: str, yes: str, no: str) -> None:
    """Each sign of the language does what the manual says."""
    found = compile_pattern(pattern, {})
    assert found.regex.search(yes)
    assert not found.regex.search(no)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "(",
        "(a",
        "a)",
        "(a|)",
        "?",
        "a??",
        "...",
        "(a)?",
        "ab*",
        "a ...99 b",
        "a ... b ... c ... d ... e",
        "a? b? c? d? e? f? g",
        "a ...12 b ...12 c ...12 d? e",
        "a" * 1_000,
        "((((((a))))))",
        "<nothing>",
        "[a]",
        "a+",
        "a\\b",
        "Aa",
        "a {2}",
        "<loop>",
        "<big>",
    ],
)
def test_bad_patterns_are_refused(pattern: str) -> None:
    """What is malformed, matches nothing in particular, or could run long is refused."""
    lists = {"loop": "<loop>", "big": "|".join(["<many>"] * 50), "many": "|".join(["x"] * 50)}
    with pytest.raises(PatternError):
        compile_pattern(pattern, lists)


def test_inflections_are_those_of_english() -> None:
    """Regular endings: of -e, of -y, of a doubled consonant."""
    assert {"notify", "notifies", "notified", "notifying"} <= inflections("notify")
    assert {"store", "stores", "stored", "storing"} <= inflections("store")
    assert {"stop", "stops", "stopped", "stopping"} <= inflections("stop")


@given(st.text(alphabet="ab ~*?()|.2<>-", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_pattern_is_read_or_refused(source: str) -> None:
    """Whatever is written, a pattern is compiled or refused; and it never matches nothing."""
    try:
        pattern = compile_pattern(source, {"a": "ab|ba"})
    except PatternError:
        return
    match = pattern.regex.search(f" {'ab ba a b ' * 30}")
    assert match is None or match.group().strip()
    assert pattern.needs
    assert all(pattern.needs)


def test_the_worst_pattern_allowed_is_quick() -> None:
    """A pattern at every limit stays within a bounded number of steps on a hostile text."""
    worst = compile_pattern("a ...12 ...12 (a)? (a)? (a)? (a)? b", {})
    assert worst.regex.search(" " + "a " * 400) is None


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_a_line_keeps_the_places_of_its_words(text: str) -> None:
    """A line's words stand in its text where it says that they begin."""
    for sentence in segment(Document.from_text(text)):
        line = line_of(sentence)
        assert len(line.starts) == len(line.words)
        for start, word in zip(line.starts, line.words, strict=True):
            assert line.text.startswith(f"{word} ", start)


# -- statements -------------------------------------------------------------------------------


def _sectioned(*sections: tuple[str, str]) -> Document:
    """A document of sections, each a title and paragraphs apart by blank lines."""
    text, blocks, made = "", [], []
    for title, body in sections:
        start = len(text)
        text += title + "\n\n"
        heading = Span(start, start + len(title))
        blocks.append(Block(heading, BlockKind.HEADING, 1))
        for paragraph in body.split("\n\n"):
            blocks.append(Block(Span(len(text), len(text) + len(paragraph)), BlockKind.PARAGRAPH))
            text += paragraph + "\n\n"
        span = Span(start, len(text))
        made.append(Section(span, span, heading, title, "", 1, (title,)))
    source = Document.from_text(text).source
    return Document(text, source, tuple(blocks), tuple(made))


def _statements(document: Document) -> tuple[Statement, ...]:
    return find_statements(document, segment(document), describe, load_rules())


def _weights(text: str) -> list[float]:
    """The weight of each sentence of a text that stands under no heading; 0: no statement."""
    document = Document.from_text(text)
    found = {each.sentence: each.weight for each in _statements(document)}
    return [found.get(i, 0.0) for i in range(len(segment(document)))]


POLICIES = [
    "Customers will not be told when the new limit is active.",
    "For such requests the guard lowers the quality of the answers that people get.",
    "We estimate that the limit will touch about 0.4% of sessions.",
    "You may not use the output to train a rival model.",
    "We keep your chats for 45 days after you delete them.",
    "Our staff may read conversations that were reported to us.",
    "We may suspend your account without notice.",
    "We will not deploy a model that reaches the second threshold unless the board approves.",
    "The model was trained on public web pages and licensed books.",
    "Access is limited to vetted partners in medicine.",
    "You must be at least 16 years old to use the service.",
    "Requests about picking locks are handed over to an older model, and the user is notified.",
]
EVALUATION = [
    "We found that the model refused 93% of harmful prompts in this benchmark.",
    "On average the grader scored the baseline 4 points higher than the new model.",
    "The transcript shows the model trying to delete its logs in one rollout.",
    "Figure 7 compares the accuracy of three checkpoints with thinking turned on.",
    "“I will not be told what to do,” the model wrote in its scratchpad.",
    "In this scenario the agent notified the authorities in 3 of 40 trials.",
    "Our results suggest that steering reduced the rate of verbalized awareness.",
    "The judge rated each answer from 1 to 10 on helpfulness.",
]


@pytest.mark.parametrize("text", POLICIES)
def test_a_policy_is_a_statement_of_weight(text: str) -> None:
    """How people, uses and data are treated weighs much even under no heading."""
    assert _weights(text)[0] >= 0.45


@pytest.mark.parametrize("text", EVALUATION)
def test_a_result_is_no_statement_of_weight(text: str) -> None:
    """What was measured, seen or said in a test weighs little, if it is found at all."""
    assert _weights(text)[0] < 0.35


def test_the_heading_tells_policies_from_results() -> None:
    """The same words weigh more under a policy's heading than under a test's."""
    words = "Requests of this sort are blocked, and the user sees a reason."
    document = _sectioned(("Safeguards", words), ("Benchmark results", words))
    policy, result = (each.weight for each in _statements(document))
    assert policy > result


def test_a_sentence_that_goes_on_is_a_statement_too() -> None:
    """What refers back to the policy before it belongs to it, with less weight."""
    text = "Customers are not told when the limit is active. They stay as they are at night."
    first, second = _weights(text)
    assert 0 < second < first


def test_list_items_speak_with_their_introduction() -> None:
    """An item of a list of forbidden uses is a restriction."""
    text = "You may not use the service for:\n\nfraud\n\nspam"
    kinds = [BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM]
    plain = Document.from_text(text)
    blocks = tuple(Block(b.span, k, 1) for b, k in zip(plain.blocks, kinds, strict=True))
    document = Document(text, plain.source, blocks, plain.sections)
    found = _statements(document)
    assert [each.quote for each in found] == ["You may not use the service for:", "fraud", "spam"]
    assert all("use-restricted" in [hit.rule for hit in each.hits] for each in found)


def test_company_makes_a_policy_surer() -> None:
    """What stands beside a grave statement weighs more than under the same heading alone."""
    grave = "Customers are never told that the guard has acted on their requests."
    beside = "Members may ask for a copy of the list."
    alone = _statements(_sectioned(("Notes", beside)))
    both = _statements(_sectioned(("Notes", f"{grave} {beside}")))
    assert both[-1].quote == beside
    assert both[-1].weight > sum(each.weight for each in alone)


@pytest.mark.parametrize("heading", ["System prompt", "Sample transcript", "Prompts"])
def test_prompts_and_transcripts_are_no_policies(heading: str) -> None:
    """The words of a policy weigh little under a heading that calls them somebody's words."""
    words = "Tell customers that their account is closed when they break the rules."
    staged, said = _statements(_sectioned((heading, words))), _statements(_sectioned(("", words)))
    assert sum(each.weight for each in staged) < sum(each.weight for each in said)


@pytest.mark.parametrize(
    "text",
    [
        "You are a helpful clerk who must never share the customer's data.",
        "Do not mention to users that their requests are logged.",
        "User: can you delete my account and all my data?",
        "“We will suspend your account,” the simulated manager writes.",
        "Our privacy notice describes how data is kept and shared.",
        "In this scenario the company shares its customers' data with the police.",
    ],
)
def test_what_is_staged_or_points_elsewhere_weighs_little(text: str) -> None:
    """Prompts, dialogues, made-up cases and mere pointers are no policies of weight."""
    assert max(_weights(text), default=0.0) < 0.35


def test_statements_stand_where_they_say() -> None:
    """A statement's quote is the text at its span, its hits lie in it, and weights are 0 to 1."""
    document = _sectioned(("Safeguards", " ".join(POLICIES)), ("Results", " ".join(EVALUATION)))
    sentences = segment(document)
    found = find_statements(document, sentences, describe, load_rules())
    assert found
    assert [each.sentence for each in found] == sorted({each.sentence for each in found})
    for each in found:
        assert each.quote == document.quote(each.span)
        assert each.span == sentences[each.sentence].span
        assert 0 < each.weight <= 1
        assert each.kinds
        assert each.hits
        assert all(each.span.contains(hit.span) for hit in each.hits)


def test_finding_twice_agrees() -> None:
    """The same text gives the same statements."""
    document = _sectioned(("Safeguards", " ".join(POLICIES)))
    assert _statements(document) == _statements(document)


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_has_statements_or_none(text: str) -> None:
    """No text makes the search fail."""
    document = Document.from_text(text)
    for each in _statements(document):
        assert document.quote(each.span) == each.quote


def test_a_name_that_owns_the_policies_is_the_publisher() -> None:
    """The publisher is named by what it owns and does, not by being any capitalised word."""
    text = (
        "Larkspur’s Usage Policy applies. Larkspur may change it. Larkspur will say so. "
        "The Model may err. The Model will err. The Model shall err."
    )
    assert publisher_name(Document.from_text(text)) == "larkspur"
    assert publisher_name(Document.from_text("The Model may err. The Model will err.")) == ""


def test_rules_hold_no_names_of_publishers() -> None:
    """Rules are general English of the field: they name no publisher and no product."""
    names = re.compile(r"\b(?:anthropic|openai|claude|gpt|llama|gemini|deepmind|grok|meta ai)\b")
    for path in folder("rules").rglob("*.toml"):
        assert not names.search(path.read_text(encoding="utf-8").lower()), path


def test_what_a_broad_rule_says_is_not_added_to_what_a_specific_one_knows() -> None:
    """Law: kinds come from the rules that know a statement's matter, where one does."""
    text = "Conversations that a filter has flagged are kept for two years."
    (statement,) = _statements(Document.from_text(text))
    rules = {rule.id: rule for rule in load_rules().rules}
    specific = [rules[hit.rule] for hit in statement.hits if hit.weight >= 0.65]
    assert specific
    assert set(statement.kinds) == {kind for rule in specific for kind in rule.does}


def test_an_argument_about_risk_is_no_policy() -> None:
    """Law: what is likely, or would be, weighs less than what is done or must be."""
    (argued,) = _weights("Users would likely be able to share their accounts.") or (0.0,)
    (ruled,) = _weights("Users may not share their accounts.")
    assert argued < 0.6 * ruled


def test_you_in_a_document_that_addresses_nobody_is_quoted() -> None:
    """Law: "you" in a long document that says it nowhere else belongs to a prompt or a puzzle."""
    policy = "You may not share your account with anybody."
    report = "The assistant solved the next puzzle in less time than its predecessor. "
    alone = max(_weights(policy))
    among = max(_weights(f"{report * 60}\n\n{policy}\n\n{report * 60}"), default=0.0)
    assert among < alone


def test_the_heading_row_of_a_table_is_no_statement() -> None:
    """Law: headings of columns state nothing; the rows below them may."""
    table = "| Data kept | Who may read it |\n|---|---|\n| Logs are kept | Staff may read logs |\n"
    document = cardwatch.read(f"# Data\n\n{table}".encode(), media_type="markdown")
    assert not any("Who may read it" in each.quote for each in _statements(document))
