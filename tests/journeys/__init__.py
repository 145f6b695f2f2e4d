"""Whole stories over real HTTP: people in the rehearsal's Teams, the real bot, a real database file."""
