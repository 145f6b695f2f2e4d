"""The fields of the exception form: their names, bounds and choices, in the order they are asked."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The three cards of the form; the second is asked only when an answer on the first calls for it."""

    ABOUT = "about"
    SAFEGUARDS = "safeguards"
    CONFIRM = "confirm"


class Kind(StrEnum):
    """How a typed value is read; everything arrives as text."""

    TEXT = "text"
    URL = "url"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    TICK = "tick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question: `least` and `most` bound the length of a text or the size of a number."""

    id: str
    label: str
    step: Step
    kind: Kind = Kind.TEXT
    required: bool = True
    least: int = 1
    most: int = 200
    choices: tuple[tuple[str, str], ...] = ()

    def label_of(self, value: str) -> str:
        """The words of a choice; the value itself where it is none."""
        return dict(self.choices).get(value, value)


APPLICANTS = (
    ("employee", "Council employee"),
    ("member", "Elected member"),
    ("agency", "Agency worker"),
    ("contractor", "Contractor"),
    ("consultant", "Consultant"),
    ("third_party", "Other third party"),
)
BEHALF = (
    ("self", "Myself"),
    ("sponsor", "Somebody without a council account: I sponsor them and answer for them"),
)
PLANS = (
    ("free", "Free"),
    ("personal", "Paid personally"),
    ("business", "Business plan"),
    ("enterprise", "Enterprise agreement"),
    ("owned", "A feature of software we already own"),
    ("unsure", "Not sure"),
)
WHY = (
    ("tried", "I tried Copilot and it did not do the job"),
    ("unavailable", "Copilot is not available to me"),
    ("feature", "Copilot lacks a feature I need"),
    ("accessibility", "An accessibility need"),
    ("partner", "A partner requires this tool"),
    ("other", "Another reason"),
)
INFORMATION = (
    ("none", "No information of the council's"),
    ("public", "Public information"),
    ("internal", "Internal information"),
    ("confidential", "Confidential information"),
    ("personal", "Personal data"),
    ("special", "Special category or criminal data"),
    ("vulnerable", "Data about children or vulnerable people"),
)
AUDIENCES = (
    ("self", "Only me"),
    ("team", "My team"),
    ("council", "Others in the council"),
    ("partners", "Partners or suppliers"),
    ("public", "The public"),
)
DECISIONS = (
    ("no", "No"),
    ("drafts", "It only drafts; a person decides"),
    ("informs", "It informs a person who decides"),
    ("makes", "It makes the decision"),
)
DPIA = (
    ("done", "Done"),
    ("progress", "In progress"),
    ("screened", "Screened: none needed"),
    ("not_started", "Not started"),
    ("unknown", "I do not know"),
)
TRAINING = (
    ("no", "No, and I can show it"),
    ("opted_out", "We opted out"),
    ("yes", "Yes"),
    ("unknown", "I do not know"),
)
STORAGE = (
    ("uk", "United Kingdom"),
    ("eea", "European Economic Area"),
    ("elsewhere", "Elsewhere"),
    ("unknown", "I do not know"),
)
SIGN_IN = (
    ("account", "Council account (single sign-on)"),
    ("email", "Council e-mail address and a password"),
    ("personal", "A personal account"),
)

FIELDS: tuple[Field, ...] = (
    Field(id="applicant", label="Who will use it", step=Step.ABOUT, kind=Kind.CHOICE, choices=APPLICANTS),
    Field(id="behalf", label="Who the request is for", step=Step.ABOUT, kind=Kind.CHOICE, choices=BEHALF),
    Field(id="sponsored_name", label="Name of the person you sponsor", step=Step.ABOUT, required=False, most=80),
    Field(id="sponsored_organisation", label="Their organisation", step=Step.ABOUT, required=False, most=80),
    Field(id="tool", label="Tool", step=Step.ABOUT, most=80),
    Field(id="supplier", label="Supplier", step=Step.ABOUT, most=80),
    Field(id="url", label="Web address of the tool", step=Step.ABOUT, kind=Kind.URL, most=200),
    Field(id="plan", label="Plan", step=Step.ABOUT, kind=Kind.CHOICE, choices=PLANS),
    Field(id="purpose", label="Purpose", step=Step.ABOUT, least=30, most=600),
    Field(id="why", label="Why Microsoft Copilot will not do", step=Step.ABOUT, kind=Kind.CHOICE, choices=WHY),
    Field(id="why_other", label="The other reason", step=Step.ABOUT, required=False, most=200),
    Field(id="information", label="Information that goes in", step=Step.ABOUT, kind=Kind.CHOICES, choices=INFORMATION),
    Field(id="output", label="What comes out", step=Step.ABOUT, most=200),
    Field(id="audience", label="Who sees what comes out", step=Step.ABOUT, kind=Kind.CHOICE, choices=AUDIENCES),
    Field(
        id="decisions",
        label="Will it help decide anything about a person",
        step=Step.ABOUT,
        kind=Kind.CHOICE,
        choices=DECISIONS,
    ),
    Field(id="checker", label="Who checks the output before use", step=Step.ABOUT, most=80),
    Field(id="people", label="How many people will use it", step=Step.ABOUT, kind=Kind.NUMBER, most=10_000),
    Field(id="team", label="Team", step=Step.ABOUT, most=80),
    Field(id="starts", label="First day of use", step=Step.ABOUT, kind=Kind.DATE),
    Field(id="ends", label="Last day of use", step=Step.ABOUT, kind=Kind.DATE),
    Field(
        id="dpia",
        label="Data protection impact assessment (DPIA)",
        step=Step.SAFEGUARDS,
        kind=Kind.CHOICE,
        choices=DPIA,
    ),
    Field(id="dpia_reference", label="Its reference", step=Step.SAFEGUARDS, required=False, most=80),
    Field(
        id="training",
        label="Does the supplier train on what goes in",
        step=Step.SAFEGUARDS,
        kind=Kind.CHOICE,
        choices=TRAINING,
    ),
    Field(id="training_evidence", label="Where that can be seen", step=Step.SAFEGUARDS, required=False, most=300),
    Field(id="retention", label="How long the supplier keeps it", step=Step.SAFEGUARDS, most=120),
    Field(id="storage", label="Where it is stored", step=Step.SAFEGUARDS, kind=Kind.CHOICE, choices=STORAGE),
    Field(id="sign_in", label="Sign-in", step=Step.SAFEGUARDS, kind=Kind.CHOICE, choices=SIGN_IN),
    Field(id="cost", label="Contract and cost", step=Step.SAFEGUARDS, most=120),
    Field(id="equality", label="Effect on equality", step=Step.SAFEGUARDS, most=300),
    Field(id="risk_owner", label="Who owns the risk", step=Step.SAFEGUARDS, most=80),
    Field(id="safeguards", label="Safeguards proposed", step=Step.SAFEGUARDS, most=600),
    Field(id="follow", label="I will follow the AI policy", step=Step.CONFIRM, kind=Kind.TICK),
    Field(id="wait", label="I will not use the tool before a decision", step=Step.CONFIRM, kind=Kind.TICK),
    Field(id="monitored", label="I know that approved use is monitored (5.2)", step=Step.CONFIRM, kind=Kind.TICK),
)

FIELD: dict[str, Field] = {field.id: field for field in FIELDS}


def fields_of(step: Step) -> tuple[Field, ...]:
    """The fields of one step, in order."""
    return tuple(field for field in FIELDS if field.step is step)
