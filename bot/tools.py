"""Finds the tool that somebody means by what they call it."""

from bot.context import NamedTool
from bot.live_knowledge import Edition
from knowledge.entries import Permission


def named_tool(edition: Edition, name: str) -> NamedTool:
    """The listed tool of that id, name, alias or slip of one; a tool of that very name where none is listed."""
    tool = edition.knowledge.tools.get(name)
    if tool is None and (mentions := edition.toolbox.find(name)):
        tool = mentions[0].tool
    if tool is None:
        return NamedTool(id="", name=name)
    return NamedTool(id=tool.id, name=tool.name, supplier=tool.supplier, is_permitted=tool.permitted is Permission.YES)
