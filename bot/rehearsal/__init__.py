"""A Teams on loopback: for `make run`, the tests and the benchmarks."""

from bot.rehearsal.stage import Rehearsal

__all__ = ["Rehearsal"]
