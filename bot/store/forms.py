"""The exception form as JSON and back, checked field by field against its dataclass."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from functools import cache
from typing import Any, cast, get_type_hints

from bot.errors import StoreError
from bot.requests.form import Form


def to_json(form: Form) -> str:
    """A form as JSON: dates as ISO text, tuples as lists."""
    return json.dumps({field.name: _plain(getattr(form, field.name)) for field in fields(form)})


def from_json(text: str) -> Form:
    """The form of a stored JSON; a field added since takes its default; StoreError for anything else that differs."""
    types = _types()
    try:
        stored = json.loads(text)
        if not isinstance(stored, dict) or stored.keys() - types.keys():
            raise ValueError(f"expected the fields {', '.join(types)} and no others")
        values: dict[str, Any] = {field.name: _value(field, types[field.name], stored) for field in fields(Form)}
    except ValueError as error:
        raise StoreError(f"a stored form cannot be read, {error}: bring it up to date by a migration") from error
    return Form(**values)


@cache
def _types() -> dict[str, object]:
    """The declared type of each field; cached because evaluating them takes longer than reading a form."""
    return get_type_hints(Form)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _value(field: Field[object], kind: object, stored: Mapping[str, object]) -> object:
    value = stored.get(field.name, field.default)
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    if kind == tuple[str, ...] and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(cast(list[str], value))
    if type(value) is not kind:
        found = "missing" if value is MISSING else type(value).__name__
        raise ValueError(f"its field {field.name} is {found} where {kind} is expected")
    return value
