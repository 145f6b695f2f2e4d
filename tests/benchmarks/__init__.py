"""How fast the bot is beside Microsoft's SDKs, and how well it matches: `make bench`."""
