"""The API's description for one source: its doors and look-ups alone, with its own rules and samples."""

import json
import re
from copy import deepcopy
from typing import Any

from leads.api.contract import BATCHES, DOORS
from leads.api.schema import schema_text
from leads.intake.envelope import FORM, JSON, LINES
from leads.posting.facts import Facts
from leads.posting.needs import required_names
from leads.posting.samples import STRUCTURED, Lead, flat_sample, structured
from sources.api import LOOK_UPS

Described = dict[str, Any]
# In the order of their need.
OWN = (DOORS, BATCHES, LOOK_UPS)
REFERENCE = re.compile(r'"#/components/(\w+)/([^"]+)"')
CONTACT_RULE = [{"required": ["phone"]}, {"required": ["email"]}]


def describe_source_api(facts: Facts) -> Described:
    whole: Described = json.loads(schema_text("json"))
    source = facts.source
    described = {
        **whole,
        "info": {
            "title": f"Leadping: {source.name}",
            "version": whole["info"]["version"],
            "description": f"How leads of the source “{source.name}” ({source.public_id}) are posted to "
            f"{source.business.name}.",
        },
        "servers": [{"url": facts.address}],
        "tags": [tag for tag in whole["tags"] if tag["name"] in OWN],
        "paths": own_paths(whole["paths"]),
    }
    schemas = described["components"]["schemas"]
    restrict_flat(schemas["FlatPayload"], facts)
    restrict_structured(schemas, facts)
    sample = flat_sample(facts)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            fit(operation, facts, structured(sample) if (path, method) == ("/leads", "post") else sample)
    return without_unused(described)


def own_paths(paths: Described) -> Described:
    """What a source's credentials open."""
    own = {
        path: {method: operation for method, operation in operations.items() if operation["tags"][0] in OWN}
        for path, operations in paths.items()
    }
    return {path: operations for path, operations in own.items() if operations}


def restrict_flat(shape: Described, facts: Facts) -> None:
    shape["required"] = sorted(required_names(facts))
    shape["anyOf"] = deepcopy(CONTACT_RULE)
    for name, words in allowed_words(facts).items():
        shape["properties"][name] = only(shape["properties"][name], words)
    demand(shape)


def restrict_structured(schemas: Described, facts: Facts) -> None:
    """Each field where the structured shape has it."""
    words = allowed_words(facts)
    for name in required_names(facts):
        *above, last = STRUCTURED[name].split(".")
        shape = schemas["StructuredPayload"]
        for step in above:
            shape["required"] = sorted({*shape.get("required", []), step})
            inner = shape["properties"][step]
            reference = inner.get("$ref") or inner["anyOf"][0]["$ref"]
            shape["properties"][step] = {"$ref": reference}
            shape = schemas[reference.rpartition("/")[2]]
        shape["required"] = sorted({*shape.get("required", []), last})
        if name in words:
            shape["properties"][last] = only(shape["properties"][last], words[name])
        demand(shape, [last])
    schemas["Contact"]["anyOf"] = deepcopy(CONTACT_RULE)


def demand(shape: Described, names: list[str] | None = None) -> None:
    """What is required may not be null either, which means absent."""
    for name in names if names is not None else shape["required"]:
        field = shape["properties"][name]
        if "anyOf" in field:
            value = next(one for one in field["anyOf"] if one.get("type") != "null")
            said = {key: text for key, text in field.items() if key != "anyOf"}
            shape["properties"][name] = {**value, **said}


def allowed_words(facts: Facts) -> dict[str, list[str]]:
    terms = facts.terms
    words = {"state": terms.states, "product": terms.products, "vertical": terms.verticals}
    return {name: list(allowed) for name, allowed in words.items() if allowed}


def only(field: Described, words: list[str]) -> Described:
    about = field.get("description", "")
    told = {"type": "string", "enum": words, "examples": words[:1]}
    return {**told, "description": about} if about else told


def fit(operation: Described, facts: Facts, sample: Lead) -> None:
    """Required fields, allowed values and the sample, where they stand in the operation itself."""
    required, words = required_names(facts), allowed_words(facts)
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "query" and parameter["name"] in STRUCTURED:
            fit_parameter(parameter, required, words, sample)
    content = operation.get("requestBody", {}).get("content", {})
    if FORM in content:
        shape = content[FORM]["schema"] = deepcopy(content[FORM]["schema"])
        shape["required"] = sorted(required)
        shape["anyOf"] = deepcopy(CONTACT_RULE)
        for name, allowed in words.items():
            shape["properties"][name] = only(shape["properties"][name], allowed)
    for kind in {JSON, FORM, LINES} & content.keys():
        value: Any = two_lines(sample) if kind == LINES else sample
        content[kind]["examples"] = {"sample": {"summary": "As this source sends it", "value": value}}


def fit_parameter(
    parameter: Described, required: frozenset[str], words: dict[str, list[str]], sample: Lead
) -> None:
    name = parameter["name"]
    parameter.pop("examples", None)
    if name in required:
        parameter["required"] = True
    if name in words:
        parameter["schema"] = only(parameter["schema"], words[name])
    if name in sample and not isinstance(sample[name], dict):
        parameter["example"] = sample[name]


def two_lines(sample: Lead) -> str:
    """For the door that takes many at once."""
    leads = ({**sample, "externalId": f"partner-lead-{number}"} for number in (88391, 88392))
    return "".join(f"{json.dumps(lead, ensure_ascii=False)}\n" for lead in leads)


def without_unused(described: Described) -> Described:
    """Without the parts that only addresses for others have."""
    parts = described["components"]
    used: set[tuple[str, str]] = set()
    waiting = set(REFERENCE.findall(json.dumps(described["paths"])))
    while waiting:
        used |= waiting
        said = (json.dumps(parts[kind][name]) for kind, name in waiting)
        waiting = {pair for text in said for pair in REFERENCE.findall(text)} - used
    opened = {name for forms in securities(described) for name in forms}
    kept = {
        "schemas": {name: part for name, part in parts["schemas"].items() if ("schemas", name) in used},
        "securitySchemes": {name: part for name, part in parts["securitySchemes"].items() if name in opened},
    }
    return {**described, "components": kept}


def securities(described: Described) -> list[Described]:
    operations = (one for path in described["paths"].values() for one in path.values())
    return [form for operation in operations for form in operation.get("security", [])]


def endpoints(described: Described) -> list[tuple[str, str, str]]:
    """Method, path and summary of each, the doors first."""
    found = [
        (OWN.index(operation["tags"][0]), method.upper(), path, operation.get("summary", ""))
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    ]
    return [(method, path, summary) for _, method, path, summary in sorted(found, key=lambda row: row[0])]
