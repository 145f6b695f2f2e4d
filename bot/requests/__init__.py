"""The life of an exception request: pure functions on frozen values; no I/O, no clock, no SDK."""
