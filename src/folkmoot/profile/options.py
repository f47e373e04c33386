"""The options with which a slate is chosen and audited, each declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, get_args

from .costs import Length, Unit
from .declared import Option, changed, check, declared, made
from .errors import InputError
from .slate import Slate

# The groups that options belong to.
BASICS = "Basics"
CHOICE = "What may be chosen"
READING = "Reading"
LANGUAGE_MODEL = "Language model"
PAGE = "Page"
EXPERT = "Expert"
PANELS = (BASICS, CHOICE, READING, PAGE, LANGUAGE_MODEL, EXPERT)

# The time limit of each exact audit, in seconds.
SECONDS = 60.0

Assignment = Literal["best", "process", "max-utility"]
Scoring = Literal["full", "exact", "sparing", "screened"]
AnswerForm = Literal["plain", "structured"]
PoolKind = Literal["written", "both"]
# An engine that writes its own statements has nothing given to choose among.
_GIVEN = ("embedded",)

UnitOption = Annotated[
    Unit, Option("What the budget counts: words, characters, statements, or cost as the source states it.", BASICS)
]
LengthOption = Annotated[
    Length | None,
    Option(
        "What a budget of text counts: words (where a script puts no spaces between them, by its letters) or "
        "characters without spaces.",
        BASICS,
    ),
]
SeedOption = Annotated[
    int, Option("Seed of every random choice; the same seed gives the same bytes.", BASICS, minimum=0)
]


def counted_in(unit: Unit, length: Length | None) -> Unit:
    """The unit of a budget, with what its texts are measured in.

    Raises:
        InputError: if the budget counts no text, or if the two contradict each other.
    """
    if length is None:
        return unit
    if unit not in get_args(Length):
        raise InputError(f"`length` has no use here: with `unit='{unit}'` a budget counts no text; leave one of them")
    if unit == "characters" and length == "words":
        raise InputError("`unit='characters'` and `length='words'` exclude each other; leave one of them")
    return length


@dataclass(frozen=True)
class Goal:
    """How large a slate may be, and the seed of its random choices.

    A ``length`` becomes the unit: `length="characters"` is the same as `unit="characters"`.
    """

    budget: Annotated[
        int | None,
        Option(
            "What the slate may cost, counted in `unit`; none: 10 to 15 statements, or the budget that an election "
            'states; with `engine="llm"` 160 words or 5 statements.',
            BASICS,
            minimum=1,
        ),
    ] = None
    unit: UnitOption = "words"
    seed: SeedOption = 0
    length: LengthOption = None

    def __post_init__(self) -> None:
        check(self)
        object.__setattr__(self, "unit", counted_in(self.unit, self.length))
        object.__setattr__(self, "length", None)  # the unit says it now
        if self.unit == "characters" and self.budget is None:
            raise InputError("characters are counted against a `budget`; give one, or leave `length`")

    @classmethod
    def of(cls, slate: Slate) -> Goal:
        """The goal that a slate records; without a budget where the slate was chosen without one.

        Raises:
            InputError: if a value is not possible.
        """
        budget = None if slate.process.get("usual_budget") else slate.budget
        return made(cls, {"budget": budget, "unit": slate.unit, "seed": slate.seed})

    def words(self) -> list[str]:
        """The goal as arguments of a command."""
        given = {each: getattr(self, each.name) for each in declared(Goal).values()}
        return [word for each, value in given.items() if value is not None for word in each.words(value)]


@dataclass(frozen=True)
class Options:
    """Everything a slate is chosen with besides its source, budget, unit and seed; `folkmoot.slate` describes each."""

    process: Annotated[
        str,
        Option(
            "Id of the process; empty: robust on real conversations, democratic-fast where ballots are complete or "
            'nobody voted, with `engine="llm"` prose. The command folkmoot processes lists them.',
            BASICS,
        ),
    ] = ""
    engine: Annotated[
        str,
        Option(
            "What answers the queries: embedded (a model of people's answers) or llm (a language model, which also "
            "writes the statements).",
            BASICS,
        ),
    ] = "embedded"
    strict: Annotated[
        bool, Option("Leave out statements that moderation has not accepted yet.", CHOICE, engines=_GIVEN)
    ] = False
    min_length: Annotated[
        int | None,
        Option(
            "Fewest words, and different words, of a statement that may be chosen; none: 4, where statements are "
            "sentences. A language model that writes within a number of words begins with this length, none: 8, up to "
            "the last approval level.",
            CHOICE,
            minimum=0,
        ),
    ] = None
    max_length: Annotated[
        int,
        Option(
            "Most words of a statement that may be chosen, 0 for no limit; the audit still holds the slate against "
            "longer ones.",
            CHOICE,
            minimum=0,
            engines=_GIVEN,
        ),
    ] = 0
    min_answers: Annotated[
        int | None,
        Option(
            "Fewest answers to a statement that may be chosen; none: 10, fewer where too few statements would remain.",
            CHOICE,
            minimum=0,
            engines=_GIVEN,
        ),
    ] = None
    keep_self_descriptions: Annotated[
        bool,
        Option("Let statements be chosen that say something about their author.", CHOICE, engines=_GIVEN),
    ] = False
    keep_metadata: Annotated[
        bool,
        Option(
            "Let statements be chosen that the source marks as questions about participants.", CHOICE, engines=_GIVEN
        ),
    ] = False
    keep_duplicates: Annotated[
        bool,
        Option("Let statements be chosen that say nearly the same as another one.", CHOICE, engines=_GIVEN),
    ] = False
    all_eligible: Annotated[
        bool,
        Option(
            "Let every statement be chosen that moderation did not reject: no rule about answers, words, authors or "
            "duplicates.",
            CHOICE,
            engines=_GIVEN,
        ),
    ] = False
    locked_in: Annotated[
        tuple[str, ...], Option("Ids of statements that must be in.", CHOICE, flag="--lock-in", engines=_GIVEN)
    ] = ()
    locked_out: Annotated[
        tuple[str, ...],
        Option(
            "Ids of statements that must not be in; the audit still holds the slate against them.",
            CHOICE,
            flag="--lock-out",
            engines=_GIVEN,
        ),
    ] = ()
    consensus: Annotated[
        float,
        Option(
            "Weight of what many agree with beside everybody's own statement (process robust); 0: large divided groups "
            "get statements of their own.",
            CHOICE,
            minimum=0,
            engines=_GIVEN,
        ),
    ] = 1.0
    calibrate_to: Annotated[
        str,
        Option(
            "Column of groups whose shares the slate is to have (process calibrated), one that `group_columns` keeps; "
            "empty: opinion groups.",
            CHOICE,
            metavar="COLUMN",
            engines=_GIVEN,
        ),
    ] = ""
    fill: Annotated[
        bool,
        Option(
            "Spend the whole budget and leave nobody without a statement, where the process itself would stop before; "
            "usual unless ballots are complete.",
            CHOICE,
            engines=_GIVEN,
        ),
    ] = False
    no_fill: Annotated[
        bool, Option("Stop where the process itself stops, whatever is left.", CHOICE, engines=_GIVEN)
    ] = False
    levels: Annotated[
        tuple[float, ...],
        Option(
            "Approval levels, highest first; none: as the process sees fit, usually every distinct utility.", EXPERT
        ),
    ] = ()
    cost_step: Annotated[
        int,
        Option(
            "The one cost of the statements that democratic-uniform chooses; 0: that of the dearest.",
            EXPERT,
            minimum=0,
            engines=_GIVEN,
        ),
    ] = 0
    assignment: Annotated[
        Assignment,
        Option(
            "Who stands behind which statement: process (who was removed in which round), max-utility (the balanced "
            "assignment with the largest total utility, whatever the audit says of it), or best (max-utility, unless "
            "it breaks cBJR where the assignment of the process keeps it).",
            EXPERT,
        ),
    ] = "best"
    draws: Annotated[
        int,
        Option("Posterior draws of the unknown answers for the certificate; 0 leaves them out.", EXPERT, minimum=0),
    ] = 100
    refine: Annotated[
        bool,
        Option(
            "Look for a better slate from the one that was chosen; its own assignment stands unless "
            '`assignment="max-utility"` is given.',
            EXPERT,
        ),
    ] = False
    predict: Annotated[
        str,
        Option(
            "Model that predicts what people did not answer (or a language model was not asked); auto: the one that "
            "does best on held-out answers. The command folkmoot models lists them.",
            EXPERT,
        ),
    ] = "auto"
    topic: Annotated[str, Option("What the conversation is about; empty: as the source has it.", LANGUAGE_MODEL)] = ""
    scoring: Annotated[
        Scoring,
        Option(
            "What the model is asked: full (everything), exact (what decides, with the same slate), sparing (that, "
            "and nothing in passes without hope) or screened (less: slates may differ).",
            LANGUAGE_MODEL,
        ),
    ] = "sparing"
    specificity: Annotated[float, Option("Weight of specificity beside agreement.", LANGUAGE_MODEL, minimum=0)] = 1.0
    per_prompt: Annotated[
        int,
        Option(
            "Most statements that the model is asked about in one question; 1: as published.",
            LANGUAGE_MODEL,
            minimum=1,
        ),
    ] = 8
    pool: Annotated[
        PoolKind,
        Option(
            "What is chosen from: written (what the model writes) or both (first the source's own statements, on "
            "people's votes and what these predict; the model is asked only about what it writes).",
            LANGUAGE_MODEL,
        ),
    ] = "written"
    answers: Annotated[
        AnswerForm,
        Option(
            "How the model answers: plain, or structured (JSON by a schema, with a list of ten ratings in place of "
            "log-probabilities), for endpoints that give none; plain: as the endpoint's file has it.",
            LANGUAGE_MODEL,
        ),
    ] = "plain"
    validate: Annotated[
        int,
        Option(
            "People whose held-out answers the model's scores are checked with; 0 leaves the check out.",
            LANGUAGE_MODEL,
            minimum=0,
        ),
    ] = 25

    def __post_init__(self) -> None:
        check(self)
        if self.fill and self.no_fill:
            raise InputError("`fill` and `no_fill` exclude each other; choose one")
        if any(above <= below for above, below in pairwise(self.levels)):
            raise InputError("`levels` must fall from the highest to the lowest, each once")

    def check_written(self) -> None:
        """Checks that these options fit an engine that writes its own statements.

        Raises:
            InputError: if an option chooses among given statements.
        """
        for each in changed(self, Options(engine=self.engine)):
            if not each.fits("llm"):
                raise InputError(
                    f"`{each.name}` chooses among given statements, but this engine writes its own: leave it"
                )

    @classmethod
    def of(cls, slate: Slate) -> Options:
        """The options that a slate records.

        Raises:
            InputError: if an option has a value that it cannot have.
        """
        recorded = slate.process.get("options", {})
        if not isinstance(recorded, Mapping):
            raise InputError("process.options must be an object")
        known = {field.name: type(field.default) for field in fields(cls)}
        values = {name: value for name, value in recorded.items() if name in known}
        if {"min_answers", "validate"} <= values.keys() and "all_eligible" not in recorded:
            # A record from before there were rules about what may be chosen: its slate was chosen without them.
            values |= {"all_eligible": True, "no_fill": True}
        for name, value in values.items():
            wanted = {tuple: list, float: float | int}.get(known[name], known[name])
            if known[name] is not type(None) and not isinstance(value, wanted | tuple):
                raise InputError(f"process.options: {name} cannot be {value!r}")
        return cls(**values)

    def words(self) -> list[str]:
        """The options that differ from the usual ones, as arguments of a command."""
        usual = Options(engine=self.engine)
        arguments: list[str] = []
        for each in declared(Options).values():
            value = getattr(self, each.name)
            if value != (each.default if each.name == "engine" else getattr(usual, each.name)):
                arguments += each.words(value)
        return arguments


@dataclass(frozen=True)
class AuditOptions:
    """The options of an audit, besides the source and the slate."""

    draws: Annotated[
        int | None,
        Option(
            "Posterior draws of the unknown answers for the certificate; none: as the slate records.",
            EXPERT,
            minimum=0,
        ),
    ] = None
    axioms: Annotated[
        tuple[str, ...],
        Option(
            "Exact audits to run as well, by id, or all. The command folkmoot audits lists them.",
            BASICS,
            flag="--axiom",
        ),
    ] = ()
    level: Annotated[
        float | None,
        Option(
            "Utility from which an approval counts in exact audits; none: as the scale of the answers has it.", EXPERT
        ),
    ] = None
    seconds: Annotated[float, Option("Time for each exact audit, about.", EXPERT)] = SECONDS
    swap: Annotated[
        bool,
        Option(
            "Say as well whose answers may stand in for a person's, the most similar person's, their group's, or "
            "nobody's (profile swap).",
            EXPERT,
        ),
    ] = False


Large = Literal["auto", "yes", "no"]


@dataclass(frozen=True)
class LargeOptions:
    """Where the work on a large source is done, and whether a source is taken for one."""

    large: Annotated[
        Large,
        Option(
            "Read the source as a stream, choose among some of the people, and assign and audit everybody by shards: "
            "yes, no (everything in memory), or auto (yes for an event log of more than 64 MiB).",
            EXPERT,
        ),
    ] = "auto"
    workers: Annotated[
        int,
        Option(
            "Processes that share the work on a large source, or the embedding of very many texts; same result.",
            EXPERT,
            minimum=1,
        ),
    ] = 1
    cluster: Annotated[
        str,
        Option(
            "Address of a Dask scheduler whose workers share this work, like tcp://host:8786; for a large source they "
            "need `scratch`.",
            EXPERT,
        ),
    ] = ""
    scratch: Annotated[
        Path | None,
        Option(
            "Folder for files on the way, about 2 bytes a person and statement, which all workers see; none: a "
            "temporary one.",
            EXPERT,
        ),
    ] = None

    def __post_init__(self) -> None:
        check(self)
