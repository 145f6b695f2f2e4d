"""How long the privacy guard takes for a question and for what it reads of a long paste."""

from time import perf_counter

from rich.console import Console

from knowledge.parts import MAX_LENGTH
from knowledge.privacy import Guard

TEXTS = {
    "a question": "can i use chatgpt to summarise a committee report?",
    "a question with data": "can i put 07700 900123, jo@example.org, 14 Acacia Avenue LE18 1AB into chatgpt?",
    "prose": "The road is long, and 3 more reports of 24 March 2026 (4.2) wait for a decision. ",
    "a table": "Smith,12,2026-01-02,14:30,£12.50,AI-2026-0042\n",
    "phone numbers": "07700 900123 ",
    "card numbers": "4111 1111 1111 1111 ",
    "addresses": "14 Acacia Avenue, Wigston, LE18 1AB ",
    "postcodes": "LE18 1AB ",
    "single digits": "1 2 3 4 5 ",
}
ROUNDS = 20


def print_privacy(console: Console) -> None:
    """The best of some rounds for each text; all but the questions fill what is read of a message."""
    guard = Guard(["(0116) 496 0000"])
    console.print("\nPrivacy guard, milliseconds")
    for name, text in TEXTS.items():
        filled = text if "question" in name else (text * MAX_LENGTH)[:MAX_LENGTH]
        console.print(f"  {name:22} {len(filled):6,} characters {min(_times(guard, filled)) * 1000:8.2f}")


def _times(guard: Guard, text: str) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        guard.masked(text)
        times.append(perf_counter() - begun)
    return times


if __name__ == "__main__":
    print_privacy(Console(highlight=False))
