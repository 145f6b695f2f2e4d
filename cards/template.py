"""Fills Adaptive Card templates with data: the part of Microsoft's template language that our cards use.

| in a template | means |
|---|---|
| `"${path}"` | the value itself, whatever its JSON type; dots and `[0]`, from `$data`, `$root` or `$index` |
| `"text ${path}"` | the value written into the text |
| `"$data": "${path}"` | inside this object, paths start there; a list repeats the object |
| `"$when": "${path}"` | the object stands only when this is true; `!` and `empty(path)` are understood |

Data is never read as a template, so whatever people typed stays what they typed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from bot.errors import AssistantError

_PATH = r"\$?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*"
_EXPRESSION = re.compile(rf"\$\{{(?P<no>!)?(?:empty\((?P<empty>{_PATH})\)|(?P<path>{_PATH}))\}}")
_STEP = re.compile(r"\$?\w+")


class CardError(AssistantError):
    """A card is unknown, or its template and its data do not fit; names the card and the path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """Where paths start: the whole data, the part `$data` chose, and the place in a repeated list."""

    root: object
    data: object
    index: int | None = None


def expand(node: object, data: object) -> object:
    """Return the template `node` filled with `data`, as Microsoft's own engine would; CardError names what is missing.

    Two differences: a missing or null value is an error here and `${path}` in the text there, and a
    property whose object `$when` dropped is left out here and null there, which no card may hold.
    """
    return _expand(node, _Scope(root=data, data=data))


def _expand(node: object, scope: _Scope) -> object:
    if isinstance(node, str):
        return _fill(node, scope)
    if isinstance(node, list):
        return [value for item in node for value in _several(_expand(item, scope))]
    if isinstance(node, dict):
        return _expand_object(node, scope)
    return node


def _several(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _expand_object(node: Mapping[str, object], scope: _Scope) -> object:
    """Return the object, a list of objects when it repeats, or None when it is dropped."""
    objects = [_expand_properties(node, inner) for inner in _scopes(node, scope) if _stands(node, inner)]
    if len(objects) > 1:
        return objects
    return objects[0] if objects else None


def _scopes(node: Mapping[str, object], scope: _Scope) -> Iterator[_Scope]:
    if "$data" not in node:
        yield scope
        return
    value = _value_of(node["$data"], scope)
    if isinstance(value, list):
        yield from (replace(scope, data=item, index=index) for index, item in enumerate(value))
    else:
        yield replace(scope, data=value)


def _stands(node: Mapping[str, object], scope: _Scope) -> bool:
    if "$when" not in node:
        return True
    value = _value_of(node["$when"], scope)
    if not isinstance(value, bool):
        raise CardError(f"$when {node['$when']} is {value!r}, expected true or false")
    return value


def _expand_properties(node: Mapping[str, object], scope: _Scope) -> dict[str, object]:
    expanded = ((key, _expand(value, scope)) for key, value in node.items() if key not in ("$data", "$when"))
    return {key: value for key, value in expanded if value is not None}


def _value_of(text: object, scope: _Scope) -> object:
    whole = _EXPRESSION.fullmatch(text) if isinstance(text, str) else None
    if whole is None:
        raise CardError(f"{text!r} is not one expression, expected ${{path}}, ${{!path}} or ${{empty(path)}}")
    return _evaluate(whole, scope)


def _fill(text: str, scope: _Scope) -> object:
    if "${" not in text:
        return text
    if whole := _EXPRESSION.fullmatch(text):
        return _evaluate(whole, scope)
    if any(mark in _EXPRESSION.sub("", text) for mark in ("${", "`", "\\")):
        raise CardError(f"{text!r} holds an expression that is not understood")
    return _EXPRESSION.sub(lambda found: _written(_evaluate(found, scope), found), text)


def _written(value: object, found: re.Match[str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return json.dumps(value)
    raise CardError(f"{found[0]} stands inside a text, so it cannot be {value!r}")


def _evaluate(found: re.Match[str], scope: _Scope) -> object:
    if path := found["empty"]:
        value: object = _look_up(path, scope) in ("", [], {})
    else:
        value = _look_up(found["path"], scope)
    if not found["no"]:
        return value
    if not isinstance(value, bool):
        raise CardError(f"{found[0]} turns round {value!r}, expected true or false")
    return not value


def _look_up(path: str, scope: _Scope) -> object:
    roots = {"$root": scope.root, "$data": scope.data, "$index": scope.index}
    first, *rest = _STEP.findall(path)
    value = roots.get(first) if first.startswith("$") else _step(scope.data, first)
    for step in rest:
        value = _step(value, step)
    if value is None:
        raise CardError(f"the data has no {path}")
    return value


def _step(value: object, step: str) -> object:
    if isinstance(value, list) and step.isdigit():
        return value[int(step)] if int(step) < len(value) else None
    return value.get(step) if isinstance(value, Mapping) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """All card templates of a folder, each with sample data that shows what it needs."""

    templates: Mapping[str, object]
    samples: Mapping[str, Mapping[str, object]]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `NAME.template.json` and `NAME.data.json`; CardError when a sample does not fill its template."""
        names = sorted(path.name.removesuffix(".template.json") for path in folder.glob("*.template.json"))
        if not names:
            raise CardError(f"{folder}: no *.template.json found, expected the folder of the cards")
        cards = cls(
            templates=MappingProxyType({name: _read(folder / f"{name}.template.json") for name in names}),
            samples=MappingProxyType({name: _read(folder / f"{name}.data.json") for name in names}),
        )
        for name in names:
            cards.render(name, cards.samples[name])
        return cards

    @property
    def names(self) -> tuple[str, ...]:
        """Every card's name, in alphabetical order."""
        return tuple(self.templates)

    def sample(self, name: str) -> Mapping[str, object]:
        """Return the card's sample data; CardError when there is no such card."""
        self._check(name)
        return self.samples[name]

    def render(self, name: str, data: Mapping[str, object]) -> dict[str, object]:
        """Return the card filled with `data`; CardError names the card and the path that is missing or wrong."""
        self._check(name)
        try:
            card = expand(self.templates[name], data)
        except CardError as error:
            raise CardError(f"card {name}: {error}") from None
        if not isinstance(card, dict):
            raise CardError(f"card {name}: the template makes {type(card).__name__}, expected one card")
        return card

    def _check(self, name: str) -> None:
        if name not in self.templates:
            raise CardError(f"card {name!r} is unknown, expected one of {', '.join(self.names)}")


def _read(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CardError(f"{path.name}: {error}") from None
    if not isinstance(content, dict):
        raise CardError(f"{path.name}: expected an object, found {type(content).__name__}")
    return content
