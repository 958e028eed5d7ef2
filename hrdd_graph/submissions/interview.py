"""An interview as a form asks for it, and the workbook that it is: the rows that the interview profile reads.

There is one mapping, that of ``data/profiles/interview``. A form only fills in its sheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from hrdd_graph.errors import Problem, UnusableInput
from hrdd_graph.intake.profile import Profile
from hrdd_graph.kept_out import NAMED, KeptOut
from hrdd_graph.submissions.filled import filled, reasoned, reasons_of
from hrdd_graph.submissions.letter import Letter

KEY = "1"  # of the one talk
MOST_CLAIMS = 3  # that a form has room for; a workbook has room for more
MOST_CHARACTERS = 5000  # of any field
QUESTIONS = tuple(range(1, 13))  # the numbers of the questionnaire; the closing one has none
_QUESTION = "question/nieri-{:02}"


@dataclass(frozen=True)
class Claim:
    """What an answer claims of harm. Names are those of the columns of the sheet Claims.

    ``answer`` is the number of the question that it stands in; ``open`` what stays open about who did it. ``accepted``
    are suggested rights with the reason of each, ``rights`` those that the submitter names, apart by semicolons.
    """

    label: str = ""
    description: str = ""
    answer: str = ""
    status: str = "Reported"
    start: str = ""
    people: str = ""
    open: str = ""
    rights: str = ""
    accepted: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """What suggestions are made from."""
        return ". ".join(part for part in (self.label, self.description) if part)


@dataclass(frozen=True)
class Interview:
    """A talk by the questionnaire. Words are those of the profile's cells.

    ``known`` is the id of a cluster that the graph knows; otherwise ``cluster`` names it by place and industry, with
    its ``country``. ``recorded`` is yes or no: whether the informant let the talk be recorded. ``informant`` is what
    she may be called in public, and ``agreed`` says that she agreed to it. ``unnamed`` are names, apart by semicolons,
    that no text may hold: they are looked for, and never kept. ``answers`` are by the number of a question.
    """

    talk: str = ""
    day: str = ""
    recorded: str = ""
    informant: str = ""
    agreed: str = ""
    unnamed: str = ""
    course: str = ""
    known: str = ""
    cluster: str = ""
    country: str = ""
    conduct: str = ""
    reason: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()


OF_TALK = tuple(each.name for each in fields(Interview) if each.name not in ("answers", "claims"))
NEVER_KEPT = ("unnamed",)
OF_CLAIM = tuple(each.name for each in fields(Claim) if each.name != "accepted")
NEEDED = ("talk", "day", "recorded")


def answer_field(number: int) -> str:
    """The field of a form for the answer to a question."""
    return f"answer-{number}"


def claim_field(number: int, name: str) -> str:
    """The field of a form for a claim; claims are counted from 1."""
    return f"claim-{number}-{name}"


NAMES = (
    *OF_TALK,
    *map(answer_field, QUESTIONS),
    *(claim_field(number, name) for number in range(1, MOST_CLAIMS + 1) for name in OF_CLAIM),
)


def read_interview(given: Mapping[str, str], accepted: Sequence[Mapping[str, str]] = ()) -> Interview:
    """The interview from the fields of a form. ``accepted`` are reasons by suggested right, for each claim in turn."""
    texts = {name: value.strip() for name, value in given.items() if value.strip()}
    claims = []
    for number in range(1, MOST_CLAIMS + 1):
        of_claim = {name: texts[key] for name in OF_CLAIM if (key := claim_field(number, name)) in texts}
        reasons = reasons_of(accepted[number - 1]) if number <= len(accepted) else ()
        claims.append(Claim(**of_claim, accepted=reasons))
    return Interview(
        **{name: texts[name] for name in OF_TALK if name in texts},
        answers={n: texts[answer_field(n)] for n in QUESTIONS if answer_field(n) in texts},
        claims=tuple(claims),
    )


def is_made(claim: Claim) -> bool:
    """Whether anything is said in it; a status alone stands in every form."""
    return any(getattr(claim, name) for name in OF_CLAIM if name not in ("status", "answer")) or bool(claim.accepted)


def check_interview(one: Interview) -> None:
    """Raises ``UnusableInput`` with everything that the interview lacks, or says of a person without leave."""
    if problems := list(_problems(one)):
        raise UnusableInput(problems)


def _problems(one: Interview) -> Iterator[Problem]:
    def wrong(name: str, what: str, fix: str) -> Problem:
        return Problem(name, 0, "", what, fix)

    for name in NEEDED:
        if not getattr(one, name):
            yield wrong(name, "is empty.", "Fill it in: what the talk was, when, and whether it could be recorded.")
    if not one.known and not (one.cluster and one.country):
        yield wrong("cluster", "is empty.", "Choose a cluster, or name one with its country.")
    if one.informant and not one.agreed:
        fix = "Leave it empty, or confirm that the informant agreed to be called so in public."
        yield wrong("informant", "may be named only with consent.", fix)
    if not one.answers:
        yield wrong(answer_field(QUESTIONS[0]), "is empty, as every answer is.", "Answer at least one question.")
    if bool(one.conduct) != bool(one.reason):
        lacking = "reason" if one.conduct else "conduct"
        yield wrong(lacking, "is empty.", "Say both, the type of conduct and why, or neither.")
    for number, claim in enumerate(one.claims, start=1):
        if is_made(claim):
            if not claim.label:
                yield wrong(claim_field(number, "label"), "is empty.", "Say in one line what happened.")
            if not claim.answer:
                yield wrong(claim_field(number, "answer"), "is empty.", "Choose the question that it stands in.")
            if not (claim.rights or claim.accepted):
                fix = "Take a suggestion, or write the article, such as UDHR 23."
                yield wrong(claim_field(number, "rights"), "names no right.", fix)
    kept_out = KeptOut.listed(one.unnamed)
    for name, text in _texts(one):
        if len(text) > MOST_CHARACTERS:
            yield wrong(name, f"is longer than {MOST_CHARACTERS} characters.", "Shorten it.")
        if name != "unnamed" and kept_out.is_in(text):
            fix = 'Write "the informant", the office or the group instead.'
            yield wrong(name, NAMED, fix)


def _texts(one: Interview) -> Iterator[tuple[str, str]]:
    """Every field with what was written in it."""
    yield from ((name, getattr(one, name)) for name in OF_TALK)
    yield from ((answer_field(number), text) for number, text in one.answers.items())
    for number, claim in enumerate(one.claims, start=1):
        yield from ((claim_field(number, name), getattr(claim, name)) for name in OF_CLAIM)


def workbook(one: Interview, letter: Letter, profile: Profile) -> bytes:
    """The interview as a workbook that the interview profile reads. The same interview gives the same bytes."""
    cluster = one.known or one.cluster
    talk = {
        "id": KEY,
        "title": one.talk,
        "informant": one.informant,
        "day": one.day,
        "consent": one.recorded,
        "known": one.known,
        "cluster": "" if one.known else one.cluster,
        "country": "" if one.known else one.country,
        "note": one.course,
    }
    words = {identifier: word for word, identifier in _column(profile, "Answers", "question")}
    answers = [
        {"id": f"{KEY}-{n:02}", "interview": KEY, "question": words[_QUESTION.format(n)], "text": text}
        for n, text in one.answers.items()
    ]
    claims = [
        {
            **{name: getattr(claim, name) for name in OF_CLAIM},
            "id": f"{KEY}-{number}",
            "interview": KEY,
            "answer": f"question {claim.answer}",
            "cluster": cluster,
            "accepted": reasoned(claim.accepted),
        }
        for number, claim in enumerate(one.claims, start=1)
        if is_made(claim)
    ]
    placed = {"id": KEY, "cluster": cluster, "conduct": one.conduct, "reason": one.reason}
    rows = {
        "Interviews": [talk],
        "Answers": answers,
        "Claims": claims,
        "Classification": [placed] if one.conduct else [],
    }
    return filled(rows, letter, profile)


def _column(profile: Profile, sheet: str, name: str) -> tuple[tuple[str, str], ...]:
    """The words of a column's cells, each with what it stands for."""
    return next(each for each in profile.sheets if each.name == sheet).columns[name].aliases
