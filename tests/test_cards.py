"""Every card is valid, small, equal to Microsoft's reading of it, and shows what people typed as they typed it."""

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.template import Cards
from tests.card_oracle import Oracle, running_oracle

Data = dict[str, object]
CARDS = Cards.load(Path(__file__).parents[1] / "cards")
LARGEST = 28 * 1024

CLOSING = {"closing.title", "closing.ask", "closing.yes", "closing.verb"}
OURS = {
    "acceptance": {"reference", "status", "tone", "monitoring", "conditions.id", "conditions.number", "sections.title"},
    "answer": {"heading", "text", "cites.number", "reference"},
    "choices": {"heading", "choices.entry", "choices.title", "buttons.title", "buttons.verb", "buttons.reference"},
    "decision": {"reference", "status", "tone", "sections.title", "earliest", "latest"},
    "form-about": {"form", "progress", "earliest", "latest"},
    "form-confirm": {"form", "progress", "sections.title"},
    "form-safeguards": {"form", "progress"},
    "notice": {"tone", "heading", "reference", "buttons.title", "buttons.data.verb", "buttons.data.reference"},
    "question": {"reference", "status", "tone", "detail", "said"},
    "request": {"reference", "status", "tone", "sections.title", "conditions.number", *CLOSING},
    "requests": {"heading", "empty", "requests.reference", "requests.date"},
    "review": {"reference", "status", "tone", "sections.title", "conditions.number", "refresh"},
    "tool": {"heading", "text", "cites.number", "tool.id", "tool.name", "chat_url"},
    "welcome": {"heading", "text", "tries.title", "tries.say"},
}
"""What the project words itself, per card; everything else may be somebody's typing. `choices.*` is ours always."""

HOSTILE = [
    "[pay here](https://evil.example)",
    "${$root} ${reference}",
    "{{DATE(2026-11-23T10:00:00Z)}}",
    "\u202egnp.exe\u2066",
    "<img src=x onerror=alert(1)>",
    "**bold** _it_ # head\n- list",
    "`${verb}` \\ $",
]


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with running_oracle() as running:
        yield running


def walk(node: object) -> Iterator[Data]:
    """Yield every object of a card, outermost first."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from walk(item)


def of_type(card: object, start: str) -> list[Data]:
    return [node for node in walk(card) if str(node.get("type", "")).startswith(start)]


def replaced(data: object, change: Callable[[str, object], object], path: str = "") -> object:
    """Return a copy of the data with every leaf changed by `change(path, leaf)`; lists do not count in paths."""
    if isinstance(data, dict):
        return {key: replaced(value, change, f"{path}.{key}".lstrip(".")) for key, value in data.items()}
    if isinstance(data, list):
        return [replaced(item, change, path) for item in data]
    return change(path, data)


def is_typed(name: str, path: str, value: object) -> bool:
    return isinstance(value, str) and path not in OURS[name] and not path.startswith(("choices.", "limits."))


def with_typed(name: str, text: str) -> Data:
    """Return the card's sample with `text` wherever somebody's typing may stand."""
    return cast(Data, replaced(full(name), lambda path, old: text if is_typed(name, path, old) else old))


def full(name: str) -> Data:
    """Return the card's sample with every optional part present."""
    data = copy.deepcopy(dict(CARDS.sample(name)))
    if data.get("conditions") == []:
        data["conditions"] = [{"number": "1", "text": "No personal data goes in."}]
    return {**data, **{key: True for key, value in data.items() if value is False}}


def bare(name: str) -> Data:
    """Return the card's sample with every list empty, every flag off and every text that may be empty empty."""
    optional = ("notice", "detail", "chat_url", "values.", "errors.", "quote.")
    changed = replaced(
        CARDS.sample(name),
        lambda path, old: False if old is True else "" if path.startswith(optional) and path not in OURS[name] else old,
    )
    return {key: [] if isinstance(value, list) else value for key, value in cast(Data, changed).items()}


SAMPLES: list[tuple[str, Callable[[str], Data]]] = [
    (name, shape) for name in CARDS.names for shape in (lambda n: dict(CARDS.sample(n)), full, bare)
]
every_card = pytest.mark.parametrize("name", CARDS.names)
every_shape = pytest.mark.parametrize(("name", "shape"), SAMPLES)


@cache
def validator() -> jsonschema.Draft6Validator:
    text = resources.files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text(encoding="utf-8")
    return jsonschema.Draft6Validator(json.loads(text))


@every_shape
def test_a_card_is_valid_adaptive_card_1_5(name: str, shape: Callable[[str], Data]) -> None:
    """Teams draws it: Microsoft's published schema accepts it and the version is the one Teams takes."""
    card = CARDS.render(name, shape(name))
    assert [f"{error.json_path}: {error.message[:200]}" for error in validator().iter_errors(card)] == []
    assert card["version"] == "1.5"
    assert card["$schema"] == "http://adaptivecards.io/schemas/adaptive-card.json"


@every_shape
def test_a_card_comes_out_as_microsofts_engine_makes_it(
    name: str, shape: Callable[[str], Data], oracle: Oracle
) -> None:
    """Whoever opens template and sample in Microsoft's designer sees what the bot sends."""
    data = shape(name)
    assert CARDS.render(name, data) == oracle.expand(CARDS.templates[name], data)


@every_card
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_a_card_comes_out_the_same_for_any_data_of_its_shape(name: str, data: st.DataObject, oracle: Oracle) -> None:
    """Lists of any length, any flag, any text: both engines still agree."""
    drawn = cast(Data, data.draw(like(full(name))))
    assert CARDS.render(name, drawn) == oracle.expand(CARDS.templates[name], drawn)


def like(sample: object) -> st.SearchStrategy[object]:
    """Return a strategy for data of the sample's shape."""
    if isinstance(sample, dict):
        return st.fixed_dictionaries({key: like(value) for key, value in sample.items()}).map(lambda made: made)
    if isinstance(sample, list):
        return st.lists(like(sample[0]), max_size=3).map(lambda made: made)
    if isinstance(sample, bool):
        return st.booleans()
    if isinstance(sample, int):
        return st.integers(0, 10_000)
    return st.one_of(st.just(""), st.sampled_from(HOSTILE), st.text(max_size=20))


@every_card
def test_inputs_are_named_once_and_labelled(name: str) -> None:
    """A screen reader says what to fill in, and no two inputs overwrite each other."""
    inputs = of_type(CARDS.render(name, full(name)), "Input.")
    ids = [node["id"] for node in inputs]
    assert len(ids) == len(set(map(str, ids)))
    for node in inputs:
        assert node.get("title" if node["type"] == "Input.Toggle" else "label"), node
        if {"isRequired", "regex", "min", "max"} & node.keys():
            assert node.get("errorMessage"), node


@every_card
def test_a_toggle_says_its_value_even_when_untouched(name: str) -> None:
    """Without `value` Teams sends "false" whatever `valueOff` says."""
    for node in of_type(CARDS.render(name, full(name)), "Input.Toggle"):
        assert (node["valueOn"], node["valueOff"]) == ("true", "false")
        assert "value" in node


@every_card
def test_a_hidden_input_is_never_required(name: str) -> None:
    """Nobody is stopped by an error they cannot see."""
    for node in walk(CARDS.render(name, bare(name))):
        if node.get("isVisible") is False:
            assert [inner["id"] for inner in of_type(node, "Input.") if "errorMessage" in inner] == []


@every_card
def test_a_button_works_in_old_and_new_clients(name: str) -> None:
    """Action.Execute falls back to Action.Submit with the same data, and the data carries the verb."""
    for node in of_type(CARDS.render(name, full(name)), "Action.Execute"):
        data, fallback = cast(Data, node["data"]), cast(Data, node["fallback"])
        assert node["verb"] == data["verb"]
        assert fallback["type"] == "Action.Submit"
        for key in ("title", "tooltip", "data", "style", "associatedInputs"):
            assert node.get(key) == fallback.get(key), f"{key} of {node['title']}"


@every_card
def test_a_button_carries_references_and_nothing_else(name: str) -> None:
    """Nothing a client could bend into a decision travels in a card."""
    for node in of_type(CARDS.render(name, full(name)), "Action.Execute"):
        assert cast(Data, node["data"]).keys() <= {"verb", "reference", "revision", "form", "entry", "tool"}


@every_card
def test_colours_are_readable_in_light_and_dark(name: str) -> None:
    """Colour comes from the boxes behind the text: Teams' own text colours fail WCAG 2.2 on some of them."""
    nodes = list(walk(CARDS.render(name, full(name))))
    assert [node for node in nodes if "color" in node] == []
    styled = [node for node in nodes if node.get("style") in ("attention", "warning", "good", "accent")]
    assert [run for node in styled for run in walk(node) if run.get("isSubtle")] == []


@every_card
def test_a_card_is_narrow_enough_for_a_phone(name: str) -> None:
    """At 320 pixels two columns and three buttons side by side are the most that stays readable."""
    card = CARDS.render(name, CARDS.sample(name))
    assert all(len(cast(list[object], node["columns"])) <= 2 for node in of_type(card, "ColumnSet"))
    assert all(len(cast(list[object], node.get("actions", []))) <= 3 for node in walk(card))
    assert all(node.get("wrap") is True for node in of_type(card, "TextBlock"))


@every_card
def test_a_card_has_a_heading_and_plain_fallback_text(name: str) -> None:
    """Screen readers find the card's heading, and a client that cannot draw it shows a sentence."""
    card = CARDS.render(name, CARDS.sample(name))
    assert [node for node in of_type(card, "TextBlock") if node.get("style") == "heading"]
    for text in (card["fallbackText"], card.get("speak", "")):
        assert not set("*_[]<>`#{}") & set(str(text))
    assert card["fallbackText"]


@every_card
@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_type_is_shown_as_they_typed_it(name: str, typed: str) -> None:
    """Typed text stands letter for letter in a text run of its own or back in its input, and nowhere else."""
    card = CARDS.render(name, with_typed(name, typed))
    for node in walk(card):
        places = {key for key, value in node.items() if isinstance(value, str) and typed in value}
        if node.get("type") == "TextRun":
            places -= {"text"} if node["text"] == typed else set()
        if str(node.get("type")).startswith("Input."):
            places -= {"value"} if node["value"] == typed else set()
        assert places == set(), node
    for block in of_type(card, "RichTextBlock"):
        runs = cast(list[Data], block["inlines"])
        assert len(runs) == 1 or all(run["text"] != typed for run in runs)


@every_card
def test_typing_reaches_nobody_as_a_command(name: str) -> None:
    """Whatever is typed, the card has the same parts and the same buttons."""

    def outline(text: str) -> object:
        card = CARDS.render(name, with_typed(name, text))
        return replaced(card, lambda path, leaf: "" if leaf == text else leaf)

    assert outline(HOSTILE[1]) == outline("plain words")


def longest(name: str) -> Data:
    """Return data as large as the rules allow: every typed text at its limit, in letters of three bytes."""
    forms = [cast(dict[str, int], CARDS.sample(form)["limits"]) for form in ("form-about", "form-safeguards")]
    limits = {key: size for form in forms for key, size in form.items()}
    data = full(name)
    if "sections" in data:
        facts = [{"label": "A label of usual length", "value": "€" * size} for size in limits.values()]
        facts += [{"label": "A label of usual length", "value": "A choice of usual length"}] * 14
        data["sections"] = [{"title": "All of it", "facts": facts}]
    if isinstance(data.get("values"), dict):
        own = {**limits, **cast(dict[str, int], data.get("limits", {}))}
        values = cast(Data, data["values"])
        data["values"] = {key: "€" * own[key] if key in own else value for key, value in values.items()}
    if isinstance(data.get("errors"), dict):
        data["errors"] = dict.fromkeys(cast(Data, data["errors"]), "This is wrong, and this is how it is mended.")
    return {**data, **{key: made for key, made in longest_lists(data).items() if key in data}}


def longest_lists(data: Data) -> Data:
    """Return lists as long as the bot may make them (cards/README.md)."""
    condition = {"id": "condition_10", "number": "10", "text": "€" * 100, "value": "false"}
    row = {"reference": "AI-2026-0042", "tool": "€" * 80, "status": "Approved until 31 May 2027", "date": "23 May 2026"}
    line = {"when": "25 November 2026 at 09:30", "what": "€" * 60}
    return {
        "notice": "Already approved by Morgan Ellis on 25 November 2026 at 09:30.",
        "tool": "€" * 80 if isinstance(data.get("tool"), str) else data.get("tool"),
        "conditions": [condition] * 6,
        "requests": [row] * 10,
        "history": [line] * 8,
        "earlier": ["€" * 120] * 5,
        "refresh": ["29:1" + "x" * 60] * 10,
        "quote": {"by": "Morgan Ellis wrote", "text": "€" * 400},
    }


@every_card
def test_a_card_fits_with_everything_at_its_longest(name: str) -> None:
    """Teams takes it: at most 28 KB on the wire (published limit of older clients)."""
    card = CARDS.render(name, longest(name))
    size = len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())
    assert size <= LARGEST, f"{name} has {size:,} bytes"


@every_card
def test_the_sample_is_the_contract(name: str) -> None:
    """Every piece of the sample is used: without it the card cannot be drawn, or would differ."""
    data = full(name)
    for key in data:
        assert f"{{{key}" in json.dumps(CARDS.templates[name]).replace("!", "").replace("empty(", ""), key
