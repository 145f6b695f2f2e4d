"""The matcher in the shape the retrieval bench asks for."""

from collections.abc import Mapping, Sequence

from knowledge.matcher import Matcher


class Adapter:
    """`fit` and `rank`, as the bench calls them."""

    def fit(self, entries: Mapping[str, Sequence[str]]) -> None:
        """Build the matcher from entry ids and their phrasings."""
        self._matcher = Matcher(entries)

    def rank(self, question: str) -> list[tuple[str, float]]:
        """Return entry ids with confidences, best first."""
        return [(match.entry, match.confidence) for match in self._matcher.rank(question)]
