"""What a card sent, read without believing it: data of another shape than we sent finds nothing."""

from collections.abc import Mapping


def text(data: Mapping[str, object], key: str) -> str:
    """A typed value without the space around it; empty where it is missing or no text."""
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def revision(data: Mapping[str, object]) -> int:
    """The revision the card was drawn from; -1, which none has, where that is no number."""
    value = data.get("revision")
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else -1
