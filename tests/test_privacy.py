"""What counts as personal data in what people type, and what does not."""

import string
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.privacy import Guard, unmasked
from knowledge.shapes import MOST_CHECKED, Kind

GUARD = Guard()
COUNCIL = Guard(("(0116) 257 2700", "trish.hatton@oadby-wigston.gov.uk"))

PERSONAL: dict[Kind, tuple[str, ...]] = {
    Kind.INSURANCE: (
        "AB123456C",
        "ab123456c",
        "AB 12 34 56 C",
        "AB-12-34-56-C",
        "ab 123456 c",
        "QQ 12 34 56 C",
        "QQ123456C",
        "AB.12.34.56.C",
        "AB\u00a012\u00a034\u00a056\u00a0C",
        "AB  12  34  56  C",
        "\uff21\uff22123456\uff23",
    ),
    Kind.HEALTH: (
        "943 476 5919",
        "943-476-5919",
        "9434765919",
        "943\u2013476\u20135919",
        "450 557 7104",
        "943\n476 5919",
    ),
    Kind.CARD: (
        "4111 1111 1111 1111",
        "4111111111111111",
        "4111-1111-1111-1111",
        "5555 5555 5555 4444",
        "2223 0031 2200 3222",
        "3782 822463 10005",
        "378282246310005",
        "30569309025904",
        "6011 1111 1111 1117",
        "3530 1113 3330 0000",
        "41111111 11111111",
    ),
    Kind.BANK: ("20-00-00 55779911", "20-00-00, 55779911"),
    Kind.PHONE: (
        "07700 900123",
        "07700900123",
        "077 0090 0123",
        "07700-900-123",
        "07700.900.123",
        "+44 7700 900123",
        "+447700900123",
        "0044 7700 900123",
        "+44 (0)7700 900123",
        "44 7700 900123",
        "(0116) 496 0123",
        "0116 496 0123",
        "01632 960123",
        "020 7946 0123",
        "(020) 7946 0123",
        "0116\u00a0496\u00a00123",
        "0116\u2011496\u20110123",
        "0116  496  0123",
        "+1 202 555 0143",
        "+33 1 23 45 67 89",
        "+91 98765 43210",
    ),
    Kind.EMAIL: (
        "jo@example.org",
        "Jo.Bloggs@example.co.uk",
        "jo+work@example.org",
        "j_o-b@mail.example.org",
        "jo (at) example.org",
        "jo[at]example.org",
        "o'neil@example.org",
        "jo@EXAMPLE.ORG",
    ),
    Kind.ADDRESS: (
        "14 Acacia Avenue, Wigston, LE18 1AB",
        "14 acacia avenue wigston le18 1ab",
        "14 Acacia Avenue",
        "14 acacia ave",
        "14a Acacia Rd, Oadby",
        "Flat 2, 14 Acacia Road, Oadby, LE2 5BB",
        "221b Baker Street",
        "7 Kings Drive",
        "7 St Peters Close",
        "12 The Meadows, Wigston LE18 1AB",
        "12, The Meadows, LE181AB",
        "Rose Cottage, Mill Lane, Wigston LE18 1AB",
        "LE18 1AB, number 14",
        "14 LE18 1AB",
        "14 Acacia Avenue\nWigston\nLE18 1AB",
        "3-5 Long Street",
    ),
}
NAMED = (
    ("NHS number 123 456 7890", Kind.HEALTH),
    ("her nhs no. is 1234567890", Kind.HEALTH),
    ("NI number ZZ 12 34 56", Kind.INSURANCE),
    ("National Insurance: AB123456", Kind.INSURANCE),
    ("card number 1234 5678 9012 3456", Kind.CARD),
    ("sort code 20-00-00", Kind.BANK),
    ("sort code: 200000", Kind.BANK),
    ("account number 55779911", Kind.BANK),
    ("a/c 55779911", Kind.BANK),
    ("born 3 March 1990", Kind.BIRTH),
    ("born on the 3rd of March 1990", Kind.BIRTH),
    ("DOB 03/03/1990", Kind.BIRTH),
    ("d.o.b. 3.3.90", Kind.BIRTH),
    ("date of birth: 1990-03-03", Kind.BIRTH),
    ("date of birth March 3, 1990", Kind.BIRTH),
    ("call me on 496 0123", Kind.PHONE),
    ("my mobile is 7700 900123", Kind.PHONE),
    ("tel07700900123", Kind.PHONE),
)
HARMLESS = """
can i use chatgpt for work?
what about GPT-4 or GPT-4o?
does it cover M365 Copilot
Microsoft 365 Copilot Chat
is Claude 3.5 Sonnet allowed
Llama 3.1 405B Instruct
where is AI-2026-0042
is AI-2026-0042 or AI-2026-0043 mine
Q-0042
what do paragraphs 4.1, 4.2 and 4.3 say
5.2
see 3.2 and 6.2, page 12 of 48
page 3 of the report, section 4.2.1
the committee met on 24 March 2026
24/03/2026
2026-03-24
24-03-2026 09:30
01.02.2026 09:30
01/02/2026 10:15:30
from 01 02 2026 to 03 04 2026
between 2025 and 2027
at 10.30 on 5 May
2026-11-23T10:14:00Z
it costs £20 a month
£1,250,000.00 over 3 years
1 000 000 residents
£100,000 to £250,000
30,000 people and 12 teams
3.14159265358979
version 10.0.19045.3693
Python 3.11.4, Node 20.9.0
https://chatgpt.com
https://learn.microsoft.com/en-us/copilot/?view=o365-21vianet
https://www.gov.uk/government/publications/ai-playbook-2025
https://example.org/a/12345678?id=98765432
www.example.org/page/2
\\\\server\\share\\2026
meeting id 19:meeting_abc@thread.v2
@copilot what can you do
#AI2026
form 27b stroke 6
can 5 of us use it on 3 laptops
do 2 tools count the same way
is there more than 1 way to close a request
can i drive 3 projects this way
put 10 files on One Drive
the 3 Google Drive folders
i want 2 of my team to use it
3 Crown Court cases
12 street lights on a lane
20 mph roads
5 high street shops
is Wigston Road covered
the residents of Station Road
LE18 1AB
what about the postcode LE18 1AB
DPIA-17
ISO 27001 and ISO/IEC 42001:2023
Regulation (EU) 2016/679
UK GDPR Article 22
section 29 of the 2018 Act
GPT-5 mini 2026-08-07
order 20261123
ticket INC0012345
asset tag OW-004512
1234
12345678
1 2 3 4 5
24/7 or 9-5
50% to 60%
up to 600 characters
A4 and A3
B1 and S3 buckets
3d printing
the 1st, 2nd and 3rd
call 999
ring 101
born digital records
the birth rate fell by 3
an account with 2 users
a phone with 128 GB
text of 300000 words
email addresses and phone numbers
0.123456789
1e10
00000000-0000-4000-8000-00000000000a
0a000000-0000-4000-8000-000000000001
deadbeef0123456789abcdef01234567
Copilot in Word, Excel & PowerPoint 2021
""".strip().splitlines()

EVERY = [(text, kind) for kind, texts in PERSONAL.items() for text in texts]


@pytest.mark.parametrize(("text", "kind"), EVERY)
def test_personal_data_is_masked_wherever_it_stands(text: str, kind: Kind) -> None:
    """Alone, in a sentence, in brackets, before a full stop: the kind is named and nothing of it is left."""
    for before, after in (
        ("", ""),
        ("can i put ", " into chatgpt?"),
        ("(", ")"),
        ("see: ", "."),
        ("x\n", "\ny"),
        ("88 ", "\n77 times"),
    ):
        masked = GUARD.masked(f"{before}{text}{after}")
        assert f"[{kind}]" in masked
        left = set(text.casefold().split()) & set(masked.casefold().strip("().").split())
        assert left <= {"flat", "2,", "rose", "cottage,", "oadby"}


@pytest.mark.parametrize(("text", "kind"), NAMED)
def test_a_number_that_is_named_needs_no_check_digit(text: str, kind: Kind) -> None:
    """What somebody calls an NHS number is treated as one, mistyped or not."""
    assert [finding.kind for finding in GUARD.find(text)] == [kind]


@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_else_is_taken_for_personal_data(text: str) -> None:
    """References, paragraphs, dates, money, versions, products, addresses of web pages stay as they are."""
    assert GUARD.masked(text) == text


def test_there_are_enough_examples() -> None:
    """Sixty of each at least."""
    assert len(HARMLESS) >= 60
    assert len(EVERY) + len(NAMED) >= 60


def test_the_council_s_printed_contacts_stay() -> None:
    """Numbers and addresses in policy.yaml are no secret, however they are spelt; all others are masked."""
    for printed in ("(0116) 257 2700", "0116 257 2700", "+44 116 257 2700", "Trish.Hatton@oadby-wigston.gov.uk"):
        assert COUNCIL.find(f"ring {printed} now") == ()
    assert COUNCIL.masked("0116 496 0123") == "[phone number]"


def test_several_findings_are_named_in_their_order() -> None:
    """Each is masked for itself, and what stands between stays."""
    text = "AB123456C rang from 07700 900123 or 07700 900124, jo@example.org, paid 4111 1111 1111 1111 123"
    assert GUARD.masked(text) == (
        "[NI number] rang from [phone number] or [phone number], [e-mail address], paid [card number] 123"
    )


def test_what_overlaps_is_masked_as_one() -> None:
    """A number inside an address does not leave a half of either."""
    (finding,) = GUARD.find("14 Acacia Avenue, Wigston LE18 1AB")
    assert (finding.first, finding.last) == (0, 34)


def test_a_table_of_numbers_is_masked_to_its_end() -> None:
    """Beyond the first fifty, numbers are not checked one by one any more: they are masked by their shape."""
    table = " ".join(["943 476 5919,"] * (MOST_CHECKED + 20))
    assert not any(map(str.isdigit, GUARD.masked(table)))


def test_an_answer_does_not_see_the_masks() -> None:
    """A mask says nothing about what is asked."""
    assert unmasked("can [NHS number]i ask [sic]") == "can i ask [sic]"


@given(
    st.lists(st.sampled_from([text for text, _ in EVERY] + HARMLESS), max_size=6), st.sampled_from(["\n", ", ", " - "])
)
def test_masking_once_is_enough(texts: list[str], between: str) -> None:
    """A draft is masked again with each step, and stays as it is."""
    once = GUARD.masked(between.join(texts))
    assert GUARD.masked(once) == once


@given(st.text(alphabet=st.sampled_from(string.printable + "\u00a0\u2013\u200b\u0665é"), max_size=200))
def test_anything_can_be_masked(text: str) -> None:
    """Whatever is typed: findings are in order, within the text, and apart."""
    places = [place for finding in GUARD.find(text) for place in (finding.first, finding.last)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


@given(st.uuids(), st.binary(min_size=16, max_size=16))
def test_identifiers_are_never_masked(uuid: UUID, data: bytes) -> None:
    """The ids on our cards come through whatever digits they have."""
    for identifier in (str(uuid), uuid.hex, data.hex()):
        assert GUARD.masked(identifier) == identifier


@given(st.integers(min_value=10**8, max_value=10**9 - 1), st.sampled_from(["{}", "{} ", "x {} y", "({})"]))
def test_every_nhs_number_is_found(body: int, around: str) -> None:
    """Every number with a right check digit."""
    check = (11 - sum(int(digit) * weight for digit, weight in zip(str(body), range(10, 1, -1), strict=True)) % 11) % 11
    assume(check != 10)
    number = f"{body}{check}"
    for text in (number, f"{number[:3]} {number[3:6]} {number[6:]}"):
        assert text not in GUARD.masked(around.format(text))
