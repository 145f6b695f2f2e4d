"""The life of a question that no answer fitted: pure functions on frozen values, no I/O, no clock, no SDK."""
