"""The use cases: what people may do, each a function on one open transaction that returns a result to be worded."""
