"""The commands of `python -m bot`: what operators, auditors and policy owners read from files and the store."""
