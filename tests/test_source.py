"""Reading YAML that may be broken or hostile."""

from pathlib import Path

import pytest

from knowledge.findings import Finding, KnowledgeError
from knowledge.source import MAX_BYTES, MAX_DEPTH, Listing, Place, Record, Text, content, parse, record


def refusal(text: str | bytes) -> Finding:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(KnowledgeError) as caught:
        parse("faq.yaml", data)
    (finding,) = caught.value.findings
    return finding


def test_every_value_is_text() -> None:
    """`no`, 012, 22:22 and null stay what the owner wrote."""
    root = record("faq.yaml", b"a: no\nb: 012\nc: 22:22\nd: null\ne: 5.10\n")
    values = {name: node.value for name, node in root.fields.items() if isinstance(node, Text)}
    assert values == {"a": "no", "b": "012", "c": "22:22", "d": "null", "e": "5.10"}


def test_every_value_knows_its_place() -> None:
    """A finding can point at the very word."""
    root = record("faq.yaml", "entries:\n  - id: über\n    cites: [a, b]\n".encode())
    entries = root.fields["entries"]
    assert isinstance(entries, Listing)
    (entry,) = entries.items
    assert isinstance(entry, Record)
    assert entry.at == Place(2, 5)
    assert entry.fields["id"] == Text(at=Place(2, 9), value="über")
    assert entry.keys["cites"].at == Place(3, 5)


def test_a_byte_order_mark_is_no_fault() -> None:
    """Notepad writes one; the owner cannot see it."""
    assert "a" in record("faq.yaml", "\ufeffa: b".encode()).fields


@pytest.mark.parametrize(
    ("text", "fault", "line", "column"),
    [
        ("a: &x b\n", "anchors and aliases", 1, 4),
        ("a: 1\nb: *x\n", "anchors and aliases", 2, 4),
        ("a: !!python/object:os.system x\n", "tags", 1, 4),
        ("a:\n  <<: {b: c}\n", "merge keys", 2, 3),
        ("a: 1\nb: 2\na: 3\n", "stands twice", 3, 1),
        ("? [a, b]\n: c\n", "name must be plain text", 1, 3),
        ("a: 1\n---\nb: 2\n", "second document", 2, 1),
        ("a: [1, 2\nb: 3\n", "not valid YAML", 2, 2),
        ("a: 'b\n", "not valid YAML", 2, 1),
        ("a: b\n\tc: d\n", "not valid YAML", 2, 1),
        ("a: \x01\n", "character that YAML does not allow", 1, 4),
        ("", "the file is empty", 0, 0),
        ("# only a comment\n", "the file is empty", 0, 0),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(text: str, fault: str, line: int, column: int) -> None:
    """Whatever is wrong, the owner reads where it stands and what to do."""
    finding = refusal(text)
    assert fault in finding.fault
    assert (finding.line, finding.column) == (line, column)
    assert finding.mend


def test_text_in_another_encoding_is_refused_with_its_place() -> None:
    """A file saved as Latin-1 is named, with the first letter that gives it away."""
    finding = refusal("a: b\nc: caf\xe9\n".encode("latin-1"))
    assert finding.fault == "this is not UTF-8 text"
    assert (finding.line, finding.column) == (2, 7)


def test_a_hundred_thousand_brackets_are_refused_at_once() -> None:
    """Deep nesting crashes PyYAML's fast loader; here it ends at the ninth bracket."""
    finding = refusal("a: " + "[" * 100_000)
    assert f"more than {MAX_DEPTH} deep" in finding.fault
    assert finding.column == 3 + MAX_DEPTH


def test_deep_nesting_in_blocks_is_refused_too() -> None:
    """Indentation nests as well as brackets do."""
    assert "deep" in refusal("".join("  " * level + "a:\n" for level in range(5_000))).fault


def test_an_alias_bomb_is_refused_at_its_first_line() -> None:
    """Nine lines that would grow to a billion values."""
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert refusal(bomb).line == 1


def test_too_many_values_are_refused() -> None:
    """A file of a quarter of a million values is no FAQ."""
    assert "more than 200,000 values" in refusal("a: [" + "x," * 250_000 + "]").fault


def test_a_large_file_is_not_even_parsed(tmp_path: Path) -> None:
    """Over a megabyte nothing is read beyond the limit."""
    path = tmp_path / "faq.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(KnowledgeError, match="larger than 1 MB"):
        content(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The owner reads which file is gone."""
    with pytest.raises(KnowledgeError, match=r"faq\.yaml: the file cannot be read"):
        content(tmp_path / "faq.yaml")


def test_a_list_is_no_knowledge_file() -> None:
    """The top of each file holds named fields."""
    with pytest.raises(KnowledgeError, match="holds no fields"):
        record("faq.yaml", b"- a\n- b\n")


def test_a_finding_reads_as_one_line() -> None:
    """File, line, column, fault, value and mend, as editors and people expect them."""
    finding = Finding(file="faq.yaml", line=3, column=7, value="a\nb" + "c" * 200, fault="unknown", mend="Mend it.")
    text = str(finding)
    assert text.startswith("faq.yaml:3:7: unknown 'a bccc")
    assert text.endswith("…'. Mend it.")
    assert "\n" not in text
