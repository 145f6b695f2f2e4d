"""What owners answered in chat, as entries ready to paste into faq.yaml."""

import re
from collections.abc import Iterator
from textwrap import indent

import yaml

from bot.questions.gaps import tidied
from bot.questions.question import OwnerReply, Question
from bot.requests.working_time import uk_date
from knowledge.words import FUNCTION_WORDS, words

_VERDICT = re.compile(r"\W*(yes\b|no(?=\s*[^\w\s(]))[\s,.:;!\u2013\u2014-]*", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_PARAGRAPH = re.compile(r"\b\d+\.\d+\b")
_LONGEST_ID = 5
"""Words in the id of a draft."""


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as a block, as the owners do."""

    def represent_scalar(self, tag: str, value: str, style: str | None = None) -> yaml.ScalarNode:
        """A value as a node; `|` where it has several lines."""
        return super().represent_scalar(tag, value, "|" if "\n" in value else style)


def drafts(questions: tuple[Question, ...]) -> Iterator[str]:
    """Lines of YAML: one entry for each answered question, under a comment that says where they belong."""
    answered = [(question, question.reply) for question in questions if question.reply and not question.reply.reason]
    count = f"{len(answered)} draft{'' if len(answered) == 1 else 's'}"
    yield f"# {count} from questions answered in chat: paste under `entries:` in faq.yaml, then run the check."
    for question, reply in answered:
        written = yaml.dump([_entry(question, reply)], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
        yield indent(written, "  ").rstrip()


OWNER = "Head of Policy, Performance & Transformation"
"""The post the report names for the policy; owners are posts, so that no entry is left behind by a person."""


def _entry(question: Question, reply: OwnerReply) -> dict[str, object]:
    """An entry in the schema of faq.yaml."""
    cites = list(dict.fromkeys(_PARAGRAPH.findall(" ".join(_BRACKETS.findall(reply.text)))))
    return {
        "id": _id(question),
        "question": tidied(question.text)[:300],
        "answer": _statement(reply.text),
        **({"cites": cites} if cites else {"says": "nothing"}),
        "phrasings": [" ".join(question.text.lower().split()).rstrip("?.! ") or question.text],
        "owner": OWNER,
        "reviewed": uk_date(reply.at).isoformat(),
    }


def _id(question: Question) -> str:
    """A few words of the question and its number, which nobody else has."""
    found = dict.fromkeys(word for word in words(question.text) if word not in FUNCTION_WORDS)
    return "-".join((*tuple(found)[:_LONGEST_ID], question.reference.lower()))


def _statement(text: str) -> str:
    """The answer as a statement: an answer in the files may not begin with Yes or No, which the bot puts in front."""
    verdict = _VERDICT.match(text)
    rest = text[verdict.end() :] if verdict else text
    rest = rest[:1].upper() + rest[1:]
    return f"In short, {verdict[1].lower()}. {rest}".strip() if verdict else rest
