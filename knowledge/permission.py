"""May this tool be used? What is asked about a named AI tool and what the policy says to it (4.2, 5.2)."""

import re
from enum import StrEnum

from knowledge.entries import Permission, Tool
from knowledge.polarity import polarity
from knowledge.words import word_set


class Wish(StrEnum):
    """What a person wants to know or have about a tool."""

    FORM = "form"
    """To ask for approval: "request an exception for X"."""
    APPROVAL = "approval"
    """Whether approval is needed: "do I need permission for X?"."""
    USE = "use"
    """Whether it may be used: "can I use X?"."""
    MISHAP = "mishap"
    """To tell that something was put into it: "I pasted a letter into X"."""
    OTHER = "other"


_APPROVAL = re.compile(
    r"^(?:so |but )?(?:do|does|must|should|is|are|would|will)\b"
    r"(?=.*\b(?:need|needs|needed|must|have to|has to|required|require|should|necessary)\b)"
    r".*\b(?:approval|permission|sign ?off|ask|request|authori[sz]ation)\b"
)
_FORM = re.compile(
    r"\b(?:request|requesting|apply|applying|application|submit|exception|seek|seeking|"
    r"(?:get|gain|obtain|ask for|asking for|want|need) (?:an? |some |my )?(?:approval|permission|licen[cs]e|sign ?off)|"
    r"sign (?:me|us) up|(?:put in|raise|file) an?)\b"
)
_USE = re.compile(
    r"\b(?:can|could|may|might) (?:\w+ ){1,5}?(?:use|using|try|have|keep|install|get|put|be used|switch|turn|enable)\b|"
    r"\b(?:allowed|permitted|ok|okay|fine|alright|acceptable|legit)\b|\byes or no\b|^(?:is|are) .*\bto use\b"
)
_WANT = re.compile(r"\b(?:need|want|wants|like|love|wish|hope|hoping) (?:to )?(?:use|try|buy|install|start using)\b")
GIVING = word_set(
    "pasted put uploaded typed entered shared sent copied leaked fed gave given submitted posted disclosed"
)
"""What people have done with information when something went wrong."""
_MISHAP = re.compile(
    r"^(?!(?:if|what|who|when|where|why|how|which|does|do|is|are|should|would|will|has anyone)\b)"
    rf".*\b(?:{'|'.join(sorted(GIVING))})\b"
    r".* (?:in|into|to|with|through|on) (?:\w+ )?(?:tool|another ai tool)\b"
)
_QUALIFIED = re.compile(
    r"\b(?:private|privately|own time|spare time|at home|for (?:my own|fun)|"
    r"personal (?:use|stuff|things|reasons|purposes)|if|once|after|with (?:approval|permission))\b"
)
"""Outside work, or on a condition: 5.2 speaks of work purposes, and allows what is approved."""
_NO_PERMISSION = re.compile(
    r"^(?:can|could|does|is|will) (?:it|tool|another ai tool) (?!.*\b(?:allowed|permitted|ok|okay|fine|be used)\b)|"
    r"\b(?:sacked|fired|dismissed|disciplined|punished|trouble|caught|sued|prosecuted)\b"
)
"""What it can do, or what happens to people who use it."""


def wish(asked: str) -> Wish:
    """Return what is wanted; `asked` is in lower-case words, with the tool's name replaced."""
    if _APPROVAL.search(asked):
        return Wish.APPROVAL
    if _FORM.search(asked):
        return Wish.FORM
    if _USE.search(asked):
        return Wish.OTHER if _NO_PERMISSION.search(asked) else Wish.USE
    if _WANT.search(asked):
        return Wish.FORM
    return Wish.MISHAP if _MISHAP.search(asked) else Wish.OTHER


def message_for(tool: Tool | None, wished: Wish) -> str:
    """Return the name of the sentence in talk.yaml that answers a wish about a tool; None is an unlisted one."""
    if tool is None:
        return "request" if wished is Wish.FORM else "tool_unknown"
    if tool.permitted is Permission.YES:
        return "tool_permitted"
    if wished is Wish.FORM:
        return "request"
    if tool.permitted is Permission.UNCLEAR:
        return "tool_unclear"
    return "tool_approval" if wished is Wish.APPROVAL else "tool_exception"


def verdict(tool: Tool | None, wished: Wish, asked: str) -> str:
    """Return "Yes. " or "No. " where the policy gives one and the question is not turned round."""
    if tool is None or tool.permitted is Permission.UNCLEAR or polarity(asked).negated or _QUALIFIED.search(asked):
        return ""
    if tool.permitted is Permission.YES:
        return "Yes. " if wished is Wish.USE and polarity(asked).mood == "permitted" else ""
    return {Wish.USE: "No. ", Wish.APPROVAL: "Yes. "}.get(wished, "")
