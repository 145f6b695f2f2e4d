"""The bots that are measured; each module has `serve(place)`, which listens while its context lasts."""
