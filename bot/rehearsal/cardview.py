"""What a person can read on a card, press and fill in: what the Teams client works out before it sends anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
UNSEEN = ("data", "fallback", "refresh", "authentication", "msteams")


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One action and the inputs that Teams sends along with it."""

    action: Json
    inputs: tuple[Json, ...]

    @property
    def title(self) -> str:
        """The words on the button."""
        return str(self.action.get("title", ""))

    @property
    def verb(self) -> str:
        """The verb of an `Action.Execute`, or the one carried in the data of an `Action.Submit`."""
        data = self.action.get("data")
        return str(self.action.get("verb") or (data.get("verb", "") if isinstance(data, dict) else ""))


def _elements(node: object) -> Iterator[Json]:
    """Every element and action, in reading order, without those inside an `Action.ShowCard`."""
    if isinstance(node, list):
        for item in node:
            yield from _elements(item)
    elif isinstance(node, dict):
        yield node
        if node.get("type") != "Action.ShowCard":
            for key, value in node.items():
                if key not in UNSEEN:
                    yield from _elements(value)


def _typed(card: Json, prefix: str) -> list[Json]:
    return [e for e in _elements(card) if str(e.get("type", "")).startswith(prefix)]


def buttons(card: Json, inherited: tuple[Json, ...] = ()) -> list[Button]:
    """Everything that can be pressed, with those inside a show card after it."""
    inputs = (*inherited, *_typed(card, "Input."))
    found: list[Button] = []
    for action in _typed(card, "Action."):
        found.append(Button(action=action, inputs=() if action.get("associatedInputs") == "none" else inputs))
        if action["type"] == "Action.ShowCard":
            found += buttons(action.get("card", {}), inputs)
    return found


def texts(card: Json) -> list[str]:
    """Every text a reader finds: blocks, rich text, facts, choices, labels and button titles, as they stand."""
    words = []
    for element in _elements(card):
        for key in ("text", "label", "title", "value", "placeholder", "altText"):
            if isinstance(element.get(key), str) and element[key]:
                words.append(element[key])
        if element.get("type") == "Action.ShowCard":
            words += texts(element.get("card", {}))
    return words


def warning(card: Json) -> str:
    """The words of the warning with which a card begins, or nothing."""
    first = next(_elements(card.get("body")), {})
    return "".join(texts(first)) if first.get("style") == "warning" else ""


def filled(button: Button, typed: Mapping[str, str]) -> dict[str, str]:
    """The values Teams sends: what was typed over what the card holds, all as text, an untouched toggle as "false"."""
    known = {i.get("id"): i for i in button.inputs}
    if strange := set(typed) - set(known):
        raise LookupError(f"no input {sorted(strange)} on this card; it has {sorted(map(str, known))}")
    values = {}
    for name, element in known.items():
        default = "false" if element["type"] == "Input.Toggle" else None if "ChoiceSet" in element["type"] else ""
        value = typed.get(str(name), element.get("value", default))
        if value is not None:
            values[str(name)] = str(value)
    return values


def unfit(button: Button, values: Mapping[str, str]) -> str:
    """The message beside the first input that Teams would not send, or nothing if all are fit to be sent."""
    for element in button.inputs:
        if not _fits(element, values.get(element["id"], "")):
            return str(element.get("errorMessage") or f"{element['id']} is not filled in as it should be")
    return ""


def _fits(element: Json, value: str) -> bool:
    """What the renderer checks: required, within the limits of a number or date, matching the pattern of a text."""
    if element.get("isRequired") and not value:
        return False
    match element["type"]:
        case "Input.Toggle":
            return not element.get("isRequired") or value == element.get("valueOn", "true")
        case "Input.Number" if value:
            return float(element.get("min", "-inf")) <= float(value) <= float(element.get("max", "inf"))
        case "Input.Date" if value:
            return str(element.get("min", "")) <= value <= str(element.get("max", "9999"))
        case "Input.Text" if value and element.get("regex"):
            return re.search(element["regex"], value) is not None
    return True
