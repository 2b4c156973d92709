"""The JSON schemas, made from the types that they describe.

``python -m tests.schemas`` writes them anew after a change to the model; a test fails while
they differ. A change that breaks readers of the JSON needs a new number in the schema's name.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from cardwatch.model import (
    Document,
    DraftReport,
    GapReport,
    History,
    Passage,
    PromiseReport,
    Quote,
    Revision,
    RevisionAudit,
    Section,
    Source,
    Statement,
    Triage,
    Verification,
)
from cardwatch.model.release import Brief
from cardwatch.model.watch import Finding
from cardwatch.reports import Packed, RuleFile, RuleSheet, RuleTest, Table
from cardwatch.reports.json import LEFT_OUT
from cardwatch.reports.shapes import Shape

FOLDER = Path(__file__).resolve().parents[1] / "cardwatch" / "schema"


class Maker:
    """Collects the definitions that one schema needs."""

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def of(self, hint: Any) -> dict[str, Any]:
        """The schema of one type, as the JSON reporter writes its values."""
        simple = {str: "string", int: "integer", bool: "boolean"}
        if hint in simple:
            return {"type": simple[hint]}
        if hint is float:
            return {"type": ["number", "null"]}
        origin = get_origin(hint)
        if origin in (tuple, frozenset):
            return self.array(hint)
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(get_args(hint)[1])}
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(arm) for arm in get_args(hint)]}
        if hint is types.NoneType:
            return {"type": "null"}
        if issubclass(hint, IntEnum):
            return {"enum": [each.name.lower() for each in hint]}
        if issubclass(hint, Enum):
            return {"enum": [each.value for each in hint]}
        return self.reference(hint)

    def array(self, hint: Any) -> dict[str, Any]:
        item, *rest = get_args(hint)
        if rest and rest != [...]:
            items = [self.of(each) for each in (item, *rest)]
            return {
                "type": "array",
                "prefixItems": items,
                "minItems": len(items),
                "maxItems": len(items),
            }
        return {"type": "array", "items": self.of(item)}

    def reference(self, kind: type) -> dict[str, Any]:
        if kind.__name__ not in self.definitions:
            self.definitions[kind.__name__] = {}
            self.definitions[kind.__name__] = self.object(kind)
        return {"$ref": f"#/$defs/{kind.__name__}"}

    def object(self, kind: type, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        assert is_dataclass(kind)
        hints = get_type_hints(kind)
        left_out = LEFT_OUT.get(kind, frozenset())
        properties = {
            each.name: self.of(hints[each.name])
            for each in fields(kind)
            if each.name not in left_out
        }
        return closed({**properties, **(more or {})}, (kind.__doc__ or "").strip().split("\n\n")[0])


def closed(properties: Mapping[str, Any], says: str = "") -> dict[str, Any]:
    """An object with exactly these properties."""
    made: dict[str, Any] = {"type": "object"}
    if says:
        made["description"] = " ".join(says.split())
    return {
        **made,
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def envelope(maker: Maker, *names: str) -> dict[str, Any]:
    """What stands beside a result: the shapes of its documents, and what is known or suppressed."""
    return {
        "shapes": closed({name: maker.of(Shape) for name in names}),
        "triage": maker.of(Triage | None),
    }


def named(*names: str) -> dict[str, Any]:
    """An object that names one of these schemas, and is as that says."""
    return {
        "type": "object",
        "properties": {"schema": {"enum": [f"cardwatch/{name}" for name in names]}},
        "required": ["schema"],
    }


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its name and version."""
    bodies: dict[str, Any] = {
        "document/1": lambda m: m.object(Document),
        "gaps/1": lambda m: m.object(
            GapReport,
            {
                "titles": closed({"document": m.of(str), "companion": m.of(str)}),
                **envelope(m, "document", "companion"),
            },
        ),
        "statements/1": lambda m: closed(
            {"document": m.of(Source), "statements": {"type": "array", "items": m.of(Statement)}}
        ),
        "outline/1": lambda m: closed(
            {
                "document": m.of(Source),
                "title": m.of(str),
                "sections": {
                    "type": "array",
                    "items": m.object(Section, {"page": {"type": ["integer", "null"]}}),
                },
            }
        ),
        "passage/1": lambda m: m.object(Passage, {"document": m.of(Source)}),
        "revision/1": lambda m: m.object(Revision, envelope(m, "old", "new")),
        "audit/1": lambda m: m.object(RevisionAudit, envelope(m, "old", "new")),
        "quote/1": lambda m: m.object(Quote),
        "verification/1": lambda m: m.object(
            Verification, {"quote": m.of(Quote), "document": m.of(Source)}
        ),
        "draft/1": lambda m: m.object(DraftReport),
        "evidence-pack/1": lambda m: m.object(Packed),
        "brief/1": lambda m: m.object(Brief),
        # what an alert rests on is as the schema that it names says
        "alert/1": lambda m: m.object(
            Finding,
            {
                "id": m.of(str),
                "repeated": m.of(bool),
                "markdown": m.of(str),
                "html": m.of(str),
                "report": {"anyOf": [{"type": "null"}, named("brief/1", "revision/1", "digest/1")]},
            },
        ),
        "digest/1": lambda _: closed({"alerts": {"type": "array", "items": named("alert/1")}}),
        # each report is as the schema that it names says
        "reports/1": lambda _: closed(
            {
                "reports": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "schema": {
                                "enum": [
                                    f"cardwatch/{name}/1" for name in ("gaps", "revision", "audit")
                                ]
                            }
                        },
                        "required": ["schema"],
                    },
                }
            }
        ),
        "history/1": lambda m: m.object(History),
        "commitments/1": lambda m: m.object(PromiseReport),
        "rule/1": lambda m: m.object(RuleSheet),
        "rules/1": lambda m: closed({"rules": {"type": "array", "items": m.of(RuleSheet)}}),
        "rule-file/1": lambda m: m.object(RuleFile),
        "rule-test/1": lambda m: m.object(RuleTest),
        "table/1": lambda m: m.object(Table),
    }
    made = {}
    for name, body in bodies.items():
        maker = Maker()
        whole = body(maker)
        whole["properties"] = {"schema": {"const": f"cardwatch/{name}"}, **whole["properties"]}
        whole["required"] = ["schema", *whole["required"]]
        made[name] = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"cardwatch/{name}",
            **whole,
            "$defs": dict(sorted(maker.definitions.items())),
        }
    return made


def path_of(name: str) -> Path:
    return FOLDER / f"{name.replace('/', '-')}.json"


def text_of(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, schema in schemas().items():
        path_of(name).write_text(text_of(schema), encoding="utf-8")


if __name__ == "__main__":
    main()
