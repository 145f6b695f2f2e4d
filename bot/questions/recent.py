"""Recent questions as a file that `python -m knowledge score` and `diff` read."""

from collections.abc import Iterator, Mapping

import yaml

from bot.questions.asked import Asked, Ending

_EXPECTED: Mapping[Ending, tuple[str, ...]] = {
    Ending.PICKED: ("answer", "none"),
    Ending.DISLIKED: ("answer", "none"),
    Ending.REFUSED: ("none", "answer"),
    Ending.UNANSWERED: ("none", "answer"),
}
"""The outcome to expect, and the other one that is as right: nobody has said yet what is."""


def recent(counts: Mapping[Asked, int]) -> Iterator[str]:
    """Lines of YAML: every question that was kept with its text, once, the most asked first."""
    times: dict[str, int] = {}
    ending: dict[str, Ending] = {}
    for asked, count in counts.items():
        if asked.ending in _EXPECTED and asked.text:
            times[asked.text] = times.get(asked.text, 0) + count
            ending[asked.text] = asked.ending
    yield f"# {len(times)} recent questions, personal data masked: what answered them badly, or only among others."
    for number, text in enumerate(sorted(times, key=lambda text: (-times[text], text)), 1):
        yield yaml.safe_dump(
            [_item(number, text, ending[text])], sort_keys=False, allow_unicode=True, width=110
        ).rstrip()


def _item(number: int, text: str, ending: Ending) -> dict[str, object]:
    expect, *also_ok = _EXPECTED[ending]
    return {"id": f"recent-{number:04d}", "text": text, "kind": ending.value, "expect": expect, "also_ok": also_ok}
