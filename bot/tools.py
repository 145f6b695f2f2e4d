"""Finds the tool that somebody means by what they call it."""

from bot.context import NamedTool
from knowledge.answers import Assistant
from knowledge.entries import Permission


def named_tool(assistant: Assistant, name: str) -> NamedTool:
    """The tool of that id, name or alias; a tool of that very name where none is known."""
    tool = assistant.tool(name)
    if tool is None:
        return NamedTool(id="", name=name)
    return NamedTool(id=tool.id, name=tool.name, supplier=tool.supplier, is_permitted=tool.permitted is Permission.YES)
