"""The use cases: which stages run, in which order. Nothing here prints.

The heavy stages are imported by the use cases that need them, so that a help page loads
neither a parser nor a language model.
"""

from cardwatch.app.disclosing import find_announcement, find_disclosure
from cardwatch.app.documents import (
    Opened,
    Progress,
    keep_parts,
    locate,
    open_source,
    page_links,
    read,
    read_demo,
)
from cardwatch.app.gaps import find_gaps
from cardwatch.app.histories import trace_history
from cardwatch.app.noise import compare_noise
from cardwatch.app.promises import find_commitments
from cardwatch.app.quotes import check_draft, quote, verify
from cardwatch.app.revisions import (
    assess_change,
    audit_revision,
    compare,
    select_audited,
    select_changes,
)
from cardwatch.app.statements import (
    find_statements,
    load_rules,
    rule_source,
    test_rules,
    write_rule,
)

__all__ = [
    "Opened",
    "Progress",
    "assess_change",
    "audit_revision",
    "check_draft",
    "compare",
    "compare_noise",
    "find_announcement",
    "find_commitments",
    "find_disclosure",
    "find_gaps",
    "find_statements",
    "keep_parts",
    "load_rules",
    "locate",
    "open_source",
    "page_links",
    "quote",
    "read",
    "read_demo",
    "rule_source",
    "select_audited",
    "select_changes",
    "test_rules",
    "trace_history",
    "verify",
    "write_rule",
]
