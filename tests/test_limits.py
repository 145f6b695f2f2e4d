"""The published limits: never exceeded, never stricter than they are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.limits import CONVERSATION, TENANT, Limiter, Window

WINDOWS = st.lists(st.builds(Window, most=st.integers(1, 8), seconds=st.floats(0.1, 20)), min_size=1, max_size=3).map(
    tuple
)
ATTEMPTS = st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 2)), min_size=1, max_size=120)


def kept(times: list[float], windows: tuple[Window, ...]) -> bool:
    """Whether no window holds more than it may."""
    return all(
        early + window.seconds <= late
        for window in windows
        for early, late in zip(times, times[window.most :], strict=False)
    )


@given(ATTEMPTS, WINDOWS, WINDOWS)
def test_no_window_is_ever_exceeded(
    attempts: list[tuple[str, float]], conversation: tuple[Window, ...], tenant: tuple[Window, ...]
) -> None:
    """However the attempts fall, no conversation and not all together exceed any window."""
    limiter, now = Limiter(conversation, tenant), 0.0
    went: dict[str, list[float]] = {"a": [], "b": [], "c": []}
    for lane, pause in attempts:
        now += pause
        if limiter.take(lane, now) == 0:
            went[lane].append(now)
    assert all(kept(times, conversation) for times in went.values())
    assert kept(sorted(went["a"] + went["b"] + went["c"]), tenant)


@given(ATTEMPTS, WINDOWS)
def test_whoever_waits_as_told_may_go(attempts: list[tuple[str, float]], windows: tuple[Window, ...]) -> None:
    """The wait is neither too short to be useful nor longer than the windows ask for."""
    limiter, now = Limiter(windows, ()), 0.0
    went: dict[str, list[float]] = {"a": [], "b": [], "c": []}
    for lane, pause in attempts:
        now += pause
        if wait := limiter.take(lane, now):
            assert not kept([*went[lane], now], windows)
            now += wait + 1e-9
            assert limiter.take(lane, now) == 0
        went[lane].append(now)


@settings(max_examples=10, deadline=None)
@given(st.integers(1900, 2500))
def test_a_busy_channel_goes_as_fast_as_microsoft_allows(messages: int) -> None:
    """A long queue in one conversation: 8 at most in 2 s, 60 in 30 s, 1,800 an hour, all of it used."""
    limiter, now, times = Limiter(), 0.0, list[float]()
    while len(times) < messages:
        if wait := limiter.take("channel", now):
            now += wait
        else:
            times.append(now)
    assert kept(times, CONVERSATION)
    assert sum(time < 2 for time in times) == 8
    assert sum(time < 30 for time in times) == 60
    assert sum(time < 3600 for time in times) == 1800


def test_all_conversations_together_keep_to_fifty_a_second() -> None:
    """With a hundred people to tell, fifty are told in the first second."""
    limiter = Limiter()
    waits = [limiter.take(f"person-{number}", 0.0) for number in range(100)]
    assert waits.count(0) == 50 == TENANT[0].most
    assert max(waits) == 1.0


def test_a_refused_place_is_not_counted() -> None:
    """Asking again and again does not push the time away."""
    limiter = Limiter((Window(most=1, seconds=10),), ())
    assert [limiter.take("a", now) for now in (0.0, 4.0, 9.0, 10.0)] == [0, 6, 1, 0]


def test_without_windows_everything_goes() -> None:
    """Load tests lift the limits by passing none."""
    limiter = Limiter((), ())
    assert not any(limiter.take("a", 0.0) for _ in range(10_000))


def test_conversations_of_the_past_are_forgotten() -> None:
    """A year of conversations does not pile up in memory; those that still count are kept."""
    limiter = Limiter((Window(most=1, seconds=10),), ())
    for number in range(1000):
        limiter.take(f"person-{number}", float(number))
    assert len(limiter._conversations) == 10
    assert limiter.take("person-999", 1000.0) == 9
