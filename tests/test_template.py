"""The template expander does what Microsoft's does, and says loudly what Microsoft's leaves standing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.template import CardError, Cards, expand
from tests.card_oracle import Oracle, running_oracle

LANGUAGE: dict[str, tuple[object, object, object]] = {
    "a plain text stays": ("as it is", {}, "as it is"),
    "a path is the value": ({"x": "${a.b}"}, {"a": {"b": "yes"}}, {"x": "yes"}),
    "a whole text keeps a number": ({"x": "${a}"}, {"a": 3}, {"x": 3}),
    "a whole text keeps true": ({"x": "${a}"}, {"a": True}, {"x": True}),
    "a whole text keeps a list": ({"x": "${a}"}, {"a": [1, "2"]}, {"x": [1, "2"]}),
    "a whole text keeps an object": ({"x": "${a}"}, {"a": {"b": [{}]}}, {"x": {"b": [{}]}}),
    "a value within a text": ({"x": "Step ${n} of ${m}."}, {"n": 1, "m": "3"}, {"x": "Step 1 of 3."}),
    "true within a text": ({"x": "is ${a}"}, {"a": False}, {"x": "is false"}),
    "two values side by side": ({"x": "${a}${b}"}, {"a": "1", "b": "2"}, {"x": "12"}),
    "an index": ({"x": "${a[1].b}"}, {"a": [{"b": 0}, {"b": 5}]}, {"x": 5}),
    "data moves inside": ({"p": {"$data": "${a}", "x": "${b}"}}, {"a": {"b": 1}}, {"p": {"x": 1}}),
    "root stays": ({"p": {"$data": "${a}", "x": "${$root.c}"}}, {"a": {}, "c": 2}, {"p": {"x": 2}}),
    "a list repeats": ([{"$data": "${a}", "x": "${b}"}], {"a": [{"b": 1}, {"b": 2}]}, [{"x": 1}, {"x": 2}]),
    "one item": ([{"$data": "${a}", "x": "${b}"}], {"a": [{"b": 1}]}, [{"x": 1}]),
    "no items": ([{"$data": "${a}", "x": "${b}"}, "rest"], {"a": []}, ["rest"]),
    "texts repeat": ([{"$data": "${a}", "x": "${$data}"}], {"a": ["p", "q"]}, [{"x": "p"}, {"x": "q"}]),
    "the place in a list": ([{"$data": "${a}", "x": "${$index}"}], {"a": ["p", "q"]}, [{"x": 0}, {"x": 1}]),
    "lists in lists": (
        [{"$data": "${a}", "x": [{"$data": "${b}", "y": "${$data}"}]}],
        {"a": [{"b": ["1", "2"]}, {"b": []}]},
        [{"x": [{"y": "1"}, {"y": "2"}]}, {"x": []}],
    ),
    "a list in a list is laid flat": (["${a}", "z"], {"a": ["x", "y"]}, ["x", "y", "z"]),
    "when true": ([{"$when": "${a}", "x": 1}], {"a": True}, [{"x": 1}]),
    "when false": ([{"$when": "${a}", "x": 1}], {"a": False}, []),
    "when not": ([{"$when": "${!a}", "x": 1}], {"a": False}, [{"x": 1}]),
    "when empty": ([{"$when": "${empty(a)}", "x": 1}, {"$when": "${empty(b)}"}], {"a": "", "b": "b"}, [{"x": 1}]),
    "when not empty": ([{"$when": "${!empty(a)}", "x": 1}, {"$when": "${!empty(b)}"}], {"a": [1], "b": []}, [{"x": 1}]),
    "when sees the item": (
        [{"$data": "${a}", "$when": "${b}", "x": "${c}"}],
        {"a": [{"b": True, "c": 1}, {"b": False, "c": 2}]},
        [{"x": 1}],
    ),
    "a dropped property": ({"x": {"$when": "${a}"}, "y": 1}, {"a": False}, {"y": 1}),
    "data is no template": ({"x": "${a}", "y": "<${a}>"}, {"a": "${b}", "b": "no"}, {"x": "${b}", "y": "<${b}>"}),
    "numbers and truth in a template stay": ([1, True, {"x": 2.5}], {}, [1, True, {"x": 2.5}]),
}

WRONG: dict[str, tuple[object, object, str]] = {
    "missing": ("${a.b}", {"a": {}}, "the data has no a.b"),
    "null": ("${a}", {"a": None}, "the data has no a"),
    "past the end": ("${a[2]}", {"a": [1]}, r"the data has no a\[2\]"),
    "into a text": ("${a.b}", {"a": "x"}, "the data has no a.b"),
    "no index here": ("${$index}", {}, r"the data has no \$index"),
    "missing list": ([{"$data": "${a}"}], {}, "the data has no a"),
    "missing condition": ([{"$when": "${!empty(a)}"}], {}, "the data has no a"),
    "condition not true or false": (
        [{"$when": "${a}"}],
        {"a": "yes"},
        r"\$when \$\{a\} is 'yes', expected true or false",
    ),
    "not of a text": ([{"$when": "${!a}"}], {"a": "yes"}, "turns round 'yes'"),
    "condition without expression": ([{"$when": True}], {}, "True is not one expression"),
    "data without expression": ([{"$data": {"a": 1}}], {}, "is not one expression"),
    "a list within a text": ("all: ${a}", {"a": [1]}, r"\$\{a\} stands inside a text, so it cannot be \[1\]"),
    "another function": ("${toUpper(a)}", {"a": "x"}, "not understood"),
    "arithmetic": ("${a + 1}", {"a": 1}, "not understood"),
    "unfinished": ("${a", {"a": 1}, "not understood"),
    "a backtick beside it": ("`${a}`", {"a": 1}, "not understood"),
}

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "${$root}",
            "${a}",
            "$",
            "`${a}`",
            "[x](https://evil.example)",
            "{{DATE(2026-01-01)}}",
            "<b>x</b>",
            "\u202eabc",
            "\\",
        ]
    ),
)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with running_oracle() as running:
        yield running


@pytest.mark.parametrize("case", LANGUAGE)
def test_a_template_author_gets_what_the_language_promises(case: str) -> None:
    """Every construct our cards use does what its line in the table says."""
    template, data, expected = LANGUAGE[case]
    assert expand(template, data) == expected


@pytest.mark.parametrize("case", LANGUAGE)
def test_microsofts_engine_agrees(case: str, oracle: Oracle) -> None:
    """The table is not ours alone: the npm library makes the same of every line."""
    template, data, expected = LANGUAGE[case]
    assert oracle.expand(template, data) == expected


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_is_an_error_that_names_it(case: str) -> None:
    """Nobody ever reads `${tool}` on a card: missing data stops the card instead."""
    template, data, message = WRONG[case]
    with pytest.raises(CardError, match=message):
        expand(template, data)


@given(typed=HOSTILE)
def test_what_people_type_is_never_read_as_a_template(typed: str) -> None:
    """Typed text arrives letter for letter, alone, within a sentence and in a list."""
    template = {"alone": "${a}", "within": "<${a}>", "list": [{"$data": "${b}", "x": "${$data}"}]}
    assert expand(template, {"a": typed, "b": [typed, typed]}) == {
        "alone": typed,
        "within": f"<{typed}>",
        "list": [{"x": typed}, {"x": typed}],
    }


@settings(max_examples=60, deadline=None)
@given(a=HOSTILE, b=st.integers(-(2**53), 2**53), c=st.booleans(), d=st.lists(HOSTILE, max_size=3))
def test_microsofts_engine_agrees_on_any_data(a: str, b: int, c: bool, d: list[str], oracle: Oracle) -> None:
    """Random data of one shape comes out alike from both engines."""
    template = {
        "t": "${a}|${b}|${c}",
        "whole": ["${a}", "${b}", "${c}", "${d}"],
        "rows": [{"$data": "${d}", "$when": "${!empty($data)}", "x": "${$data} ${$index} ${$root.b}"}],
        "maybe": {"$when": "${!c}", "y": "${d}"},
    }
    data = {"a": a, "b": b, "c": c, "d": d}
    assert expand(template, data) == oracle.expand(template, data)


def write_card(folder: Path, template: object, sample: object) -> None:
    (folder / "hello.template.json").write_text(json.dumps(template), encoding="utf-8")
    (folder / "hello.data.json").write_text(json.dumps(sample), encoding="utf-8")


def test_cards_are_read_once_and_filled_by_name(tmp_path: Path) -> None:
    """A card's name is its file's name, and its sample shows the data it wants."""
    write_card(tmp_path, {"text": "Hello ${who}"}, {"who": "Priya"})
    cards = Cards.load(tmp_path)
    assert cards.names == ("hello",)
    assert cards.sample("hello") == {"who": "Priya"}
    assert cards.render("hello", {"who": "Sam"}) == {"text": "Hello Sam"}


def test_missing_data_names_the_card_and_the_path(tmp_path: Path) -> None:
    """The message is enough to find the line."""
    write_card(tmp_path, {"text": "${who.name}"}, {"who": {"name": "Priya"}})
    with pytest.raises(CardError, match=r"card hello: the data has no who\.name"):
        Cards.load(tmp_path).render("hello", {"who": {}})


def test_an_unknown_card_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    """A slip in a name is answered with the names there are."""
    write_card(tmp_path, {}, {})
    cards = Cards.load(tmp_path)
    with pytest.raises(CardError, match="card 'helo' is unknown, expected one of hello"):
        cards.render("helo", {})
    with pytest.raises(CardError, match="'helo'"):
        cards.sample("helo")


@pytest.mark.parametrize(
    ("template", "sample", "message"),
    [
        ({"text": "${who}"}, {}, "card hello: the data has no who"),
        ([], {}, r"hello\.template\.json: expected an object, found list"),
        ({"$when": "${on}"}, {"on": False}, "card hello: the template makes NoneType, expected one card"),
    ],
)
def test_a_broken_card_stops_the_start(tmp_path: Path, template: object, sample: object, message: str) -> None:
    """What is wrong in a card shows when the bot starts, not when somebody needs the card."""
    write_card(tmp_path, template, sample)
    with pytest.raises(CardError, match=message):
        Cards.load(tmp_path)


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    """An empty folder, broken JSON and a missing sample each say which file."""
    with pytest.raises(CardError, match=r"no \*\.template\.json found"):
        Cards.load(tmp_path)
    (tmp_path / "hello.template.json").write_text("{", encoding="utf-8")
    with pytest.raises(CardError, match=r"hello\.template\.json: Expecting property name"):
        Cards.load(tmp_path)
    (tmp_path / "hello.template.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CardError, match=r"hello\.data\.json"):
        Cards.load(tmp_path)
