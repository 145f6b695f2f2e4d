"""A message -> an Answer: the whole path from what somebody typed to what they read. No I/O, no clock, no store."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.answers import Answer, Choice, Reason
from knowledge.bands import CERTAIN, POSSIBLE, SURE, SURE_AT_HOME, Band, Bands, has_subject
from knowledge.entries import Clause, Entry, Knowledge, Outcome, Permission, Tool
from knowledge.matcher import Match, Matcher
from knowledge.paragraphs import asked_paragraph
from knowledge.parts import cleared, ends, parts
from knowledge.permission import GIVING, Wish, message_for, verdict, wish
from knowledge.polarity import TELLING, may_hide_negation, polarity
from knowledge.tools import Mention, Toolbox, replaced
from knowledge.verdicts import entry_verdict
from knowledge.words import words

MAX_SUGGESTIONS = 3
MAX_ANSWERS = 3

_PERMISSION_CLAUSES = frozenset({"4.2", "5.2"})
_CITED = re.compile(r"\(([^()]*)\)")
_PRONOUN = re.compile(r"\bit\b", re.IGNORECASE)
_VERDICT = re.compile(r"^(?:Yes|No)\. ")
_OFFERED = frozenset({Outcome.ANSWER, Outcome.NONE, Outcome.REQUEST_FORM})
_HELD_FIRST = {Outcome.REQUEST_FORM: 0, Outcome.REGISTER: 1, Outcome.ANSWER: 2}


class Assistant:
    """Answers messages from one load of the knowledge; made once, never changed, safe in threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        vocabulary = {word for entry in knowledge.entries.values() for way in entry.ways for word in words(way)}
        self._toolbox = Toolbox(knowledge.tools.values(), vocabulary)
        self._matcher = Matcher(
            {entry.id: [self._normal(way) for way in entry.ways] for entry in knowledge.entries.values()},
            TELLING | GIVING,
        )
        self._incident = next((entry for entry in knowledge.entries.values() if entry.urgent), None)
        self._bands = Bands(knowledge.entries, self._normal)

    def answer(self, message: str) -> Answer:
        """Return what a person who typed this message reads."""
        text = cleared(message)
        if not words(text):
            return self._nothing() if message.strip() else self.entry("help")
        wholes = [self._decided(end) for end in ends(text)]
        urgent = next(filter(self._is_urgent, wholes), None)
        pieces = parts(text)
        if urgent or pieces in ([], [text]):
            return urgent or wholes[-1]
        if self._names_only_copilot(text, pieces):
            pieces = [_PRONOUN.sub("copilot", piece) for piece in pieces]
        return self._united(wholes[-1], [self._decided(piece, bar=POSSIBLE) for piece in pieces])

    def entry(self, entry_id: str) -> Answer:
        """Return the answer of an entry that somebody picked; raises KeyError when there is none of that id."""
        return self._entry_answer(self._knowledge.entries[entry_id], 1.0)

    def tool(self, tool_id: str) -> Answer:
        """Return what the policy says about a tool; raises KeyError when there is none of that id."""
        tool = self._knowledge.tools[tool_id]
        return self._tool_answer(tool, tool.name, Wish.OTHER, "", [])

    def reasons(self, message: str, limit: int = 3) -> list[Reason]:
        """Return the entries that came nearest to a message, best first, and why."""
        asked = self._matcher.spelt(self._normal(cleared(message)))
        return [
            Reason(
                entry=match.entry,
                confidence=match.confidence,
                phrasing=self._knowledge.entries[match.entry].ways[self._matcher.nearest(asked, match.entry)],
                words=tuple(self._matcher.carried(asked, match.entry)),
            )
            for match in self._matcher.rank(asked)[:limit]
        ]

    def _decided(self, text: str, bar: float | None = None) -> Answer:
        """Return the answer to one question; it has no verdict where a misspelt `not` may be hidden."""
        clause = self._knowledge.policy.clauses.get(asked_paragraph(text))
        if clause:
            return self._clause_answer(clause)
        mentions = self._toolbox.find(text)
        typed = replaced(text, mentions, _stand_in)
        answer = self._found(text, mentions, self._matcher.spelt(typed), bar)
        if may_hide_negation(typed, self._matcher.knows):
            return replace(answer, text=_VERDICT.sub("", answer.text))
        return answer

    def _found(self, text: str, mentions: Sequence[Mention], asked: str, bar: float | None) -> Answer:
        """Return the answer to one question: incidents first, then talk, named tools, and the FAQ."""
        matches = self._matcher.rank(asked)
        if matches and self._goes_before_tools(matches[0], asked):
            return self._entry_answer(self._knowledge.entries[matches[0].entry], matches[0].confidence)
        others = [mention.tool for mention in mentions if mention.tool.permitted is not Permission.YES]
        if others and self._incident and wish(asked) is Wish.MISHAP:
            return self._entry_answer(self._incident, 1.0)
        if others:
            return self._tool_answer(others[0], _listed(others), wish(asked), asked, matches)
        stranger = self._toolbox.unlisted(text)
        if stranger:
            return self._tool_answer(None, stranger, wish(asked), asked, matches)
        answer = self._matched(asked, matches, bar)
        unsure = answer.outcome in (Outcome.NONE, Outcome.SUGGESTIONS) and not self._is_sure_gap(answer)
        if mentions and unsure and self._asks_for_copilot(asked):
            wished = Wish.OTHER if has_subject(asked) else wish(asked)
            return self._tool_answer(mentions[0].tool, mentions[0].tool.name, wished, asked, [])
        return answer

    def _goes_before_tools(self, match: Match, asked: str) -> bool:
        entry = self._knowledge.entries[match.entry]
        if entry.urgent:
            return match.confidence >= SURE_AT_HOME and polarity(asked).mood not in ("permitted", "obliged")
        return match.confidence >= CERTAIN and entry.outcome not in _OFFERED

    def _matched(self, asked: str, matches: Sequence[Match], bar: float | None) -> Answer:
        band = self._bands.band(asked, matches, bar)
        if band is Band.ANSWER:
            entry = self._knowledge.entries[matches[0].entry]
            verdict = entry_verdict(entry, matches[0], asked, self._normal)
            return self._entry_answer(entry, matches[0].confidence, verdict)
        return self._choices(matches) if band is Band.CHOICE else self._nothing()

    def _choices(self, matches: Sequence[Match]) -> Answer:
        offered = tuple(
            self._choice(match.entry, match.confidence)
            for match in matches
            if match.confidence >= POSSIBLE and _may_be_offered(self._knowledge.entries[match.entry])
        )[:MAX_SUGGESTIONS]
        if not offered:
            return self._nothing(matches[0].confidence)
        return Answer(
            outcome=Outcome.SUGGESTIONS,
            text=self._knowledge.messages["suggestions" if len(offered) > 1 else "suggestion"],
            confidence=matches[0].confidence,
            suggestions=offered,
            version=self._knowledge.version,
        )

    def _clause_answer(self, clause: Clause) -> Answer:
        return Answer(
            outcome=Outcome.ANSWER,
            text=f"{clause.text} ({clause.id})",
            question=f"Paragraph {clause.id}: {clause.heading}",
            citations=(clause,),
            confidence=1.0,
            version=self._knowledge.version,
        )

    def _entry_answer(self, entry: Entry, confidence: float, verdict: str = "") -> Answer:
        return Answer(
            outcome=entry.outcome,
            text=verdict + entry.answer,
            question=entry.question,
            entry=entry.id,
            citations=self._clauses(entry.cites),
            confidence=confidence,
            follow_ups=tuple(map(self._choice, entry.follow_ups)),
            version=self._knowledge.version,
        )

    def _tool_answer(self, tool: Tool | None, name: str, wished: Wish, asked: str, matches: Sequence[Match]) -> Answer:
        """Return what the policy says about a named tool, and the rule for its use where one is sure."""
        form = message_for(tool, wished) == "request"
        rule = None if form else self._rule(matches, wished)
        text = self._tool_text(tool, name, wished, asked, rule)
        return Answer(
            outcome=Outcome.REQUEST_FORM if form else Outcome.REGISTER,
            text=text,
            question=name,
            entry="request" if form else "",
            citations=self._clauses([*_cited(text), *(rule.cites if rule else ())]),
            confidence=1.0,
            follow_ups=tuple(map(self._choice, rule.follow_ups)) if rule else (),
            tool=tool.id if tool else "",
            tool_name=name,
            version=self._knowledge.version,
        )

    def _tool_text(self, tool: Tool | None, name: str, wished: Wish, asked: str, rule: Entry | None) -> str:
        """Return the tool's own sentence with the rule after it; a gap goes before what is no verdict."""
        text = self._knowledge.messages[message_for(tool, wished)].replace("{tool}", name)
        if tool and tool.note:
            text += f" {tool.note}"
        ruling = verdict(tool, wished, asked)
        if rule and rule.is_gap and not ruling:
            return f"{rule.answer}\n\n{text}"
        return ruling + (f"{text}\n\n{rule.answer}" if rule else text)

    def _rule(self, matches: Sequence[Match], wished: Wish) -> Entry | None:
        """Return the entry that says more about the question than the tool's own sentence does."""
        entry = self._knowledge.entries[matches[0].entry] if matches and matches[0].confidence >= SURE else None
        if entry is None or entry.is_gap:
            return entry
        if matches[0].confidence < CERTAIN:
            return None
        repeats = wished is Wish.APPROVAL and _PERMISSION_CLAUSES.issubset(entry.cites)
        says_more = entry.outcome is Outcome.ANSWER and not _PERMISSION_CLAUSES.issuperset(entry.cites)
        return entry if says_more and not repeats else None

    def _united(self, whole: Answer, answers: Iterable[Answer]) -> Answer:
        """Return one answer to a message of several questions; the whole message counts where its parts say less."""
        distinct = {(answer.entry, answer.tool_name): answer for answer in answers if answer.outcome in _HELD_FIRST}
        found = list(distinct.values())[:MAX_ANSWERS]
        if max((answer.confidence for answer in found), default=0.0) < SURE_AT_HOME:
            return whole
        says_more = whole.outcome in _HELD_FIRST or self._is_sure_gap(whole)
        if len(found) == 1 and says_more and whole.confidence >= found[0].confidence:
            return whole
        if len(found) == 1:
            return found[0]
        first = min(found, key=lambda answer: _HELD_FIRST[answer.outcome])
        return Answer(
            outcome=first.outcome,
            text="\n\n".join(f"**{answer.question}**\n\n{answer.text}" for answer in found),
            entry=first.entry,
            citations=self._clauses(dict.fromkeys(clause for answer in found for clause in answer.clauses)),
            confidence=min(answer.confidence for answer in found),
            follow_ups=first.follow_ups,
            tool=first.tool,
            tool_name=first.tool_name,
            version=self._knowledge.version,
        )

    def _nothing(self, confidence: float = 0.0) -> Answer:
        return Answer(
            outcome=Outcome.NONE,
            text=self._knowledge.messages["none"],
            confidence=confidence,
            version=self._knowledge.version,
        )

    def _names_only_copilot(self, text: str, pieces: Sequence[str]) -> bool:
        mentions = [mention for part in (*ends(text), *pieces) for mention in self._toolbox.find(part)]
        return {mention.tool.permitted for mention in mentions} == {Permission.YES}

    def _is_urgent(self, answer: Answer) -> bool:
        return answer.entry in self._knowledge.entries and self._knowledge.entries[answer.entry].urgent

    def _is_sure_gap(self, answer: Answer) -> bool:
        entry = self._knowledge.entries.get(answer.entry)
        return entry is not None and entry.is_gap and answer.confidence >= SURE

    def _normal(self, text: str) -> str:
        return replaced(text, self._toolbox.find(text), _stand_in)

    def _choice(self, entry_id: str, confidence: float = 0.0) -> Choice:
        return Choice(entry=entry_id, question=self._knowledge.entries[entry_id].question, confidence=confidence)

    def _clauses(self, ids: Iterable[str]) -> tuple[Clause, ...]:
        clauses = self._knowledge.policy.clauses
        return tuple(clauses[each] for each in dict.fromkeys(ids) if each in clauses)

    def _asks_for_copilot(self, asked: str) -> bool:
        return not has_subject(asked) or (wish(asked) is Wish.USE and polarity(asked).mood != "open")


def _may_be_offered(entry: Entry) -> bool:
    return entry.is_gap or entry.outcome in _HELD_FIRST


def _stand_in(tool: Tool) -> str:
    return "copilot" if tool.permitted is Permission.YES else "another ai tool"


def _listed(tools: Sequence[Tool]) -> str:
    return " and ".join(dict.fromkeys(tool.name for tool in tools))


def _cited(text: str) -> list[str]:
    return [word.strip() for group in _CITED.findall(text) for word in group.split(",")]
