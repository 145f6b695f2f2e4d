"""The exception form as JSON and back, checked field by field against its dataclass."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from typing import cast, get_type_hints

from bot.errors import StoreError
from bot.requests.form import Form


def to_json(form: Form) -> str:
    """A form as JSON: dates as ISO text, tuples as lists."""
    return json.dumps({field.name: _plain(getattr(form, field.name)) for field in fields(form)})


def from_json(text: str) -> Form:
    """The form of a stored JSON; a field added since takes its default; StoreError for anything else that differs."""
    stored = json.loads(text)
    types = get_type_hints(Form)
    if not isinstance(stored, dict) or stored.keys() - types.keys():
        raise StoreError(f"a stored form has other fields than {', '.join(types)}: bring it up to date by a migration")
    values = {field.name: _value(field, types[field.name], stored) for field in fields(Form)}
    return Form(**values)  # type: ignore[arg-type]


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _value(field: "Field[object]", kind: object, stored: Mapping[str, object]) -> object:
    value = stored.get(field.name, field.default)
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    if kind == tuple[str, ...] and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(cast(list[str], value))
    if value is MISSING or type(value) is not kind:
        raise StoreError(f"the stored form's field {field.name} is {type(value).__name__}: expected {kind}")
    return value
