"""The edge towards Teams: the only room that knows Bot Framework. Enter through `bot.teams.edge`."""
