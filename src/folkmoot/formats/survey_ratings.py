"""The ratings of a survey: how each column is written, and all of them on their common scale."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..profile import FloatArray, InputError, IntArray, Scale
from ..profile.sentences import noted
from .base import ReadOptions
from .coding import Coding, coding_of, explained, is_missing, missing_values
from .notes import Notes, place
from .numbers import to_number
from .participants import People
from .roles import Rows
from .scales import Scaled, alike, refuse_codes_of_some, refuse_ranks, scaled
from .survey_plan import Plan
from .survey_tools import Survey
from .table import listed, short
from .words import languages


def rated_answers(
    rows: Rows, people: People, plan: Plan, options: ReadOptions, survey: Survey, notes: Notes
) -> tuple[IntArray, IntArray, Scaled]:
    """Who rated which column how: agent and column of every answer, and the answers on their common scale."""
    table, missing = survey.table, missing_values(options.missing)
    codings = _codings(rows, plan.rated, survey, missing)
    agent, column, line_of, values = array("q"), array("q"), array("q"), array("d")
    columns = [(j, at, dict[str, float | None]()) for j, at in enumerate(plan.rated)]
    for line, cells in rows:
        i = people.row(line, cells)
        for j, at, known in columns:
            raw = cells[at]
            value = known.get(raw)
            if value is None and raw not in known:
                value = known[raw] = None if is_missing(raw, missing) else codings[j].value(raw)
            if value is not None:
                agent.append(i)
                column.append(j)
                line_of.append(line)
                values.append(value)
            elif not raw or raw.isspace():
                continue
            elif is_missing(raw, missing) or to_number(raw) in codings[j].nothing:
                notes.add("seen", f"cells that are no answers: {short(raw.strip())}", place(table.path, line))
            else:
                what = "number" if codings[j].kind == "numbers" else "known answer"
                raise InputError(
                    f"{short(raw.strip())} is not a {what}; if it is no answer, name it with `missing`",
                    file=table.path,
                    row=line,
                    column=table.header[at],
                )
    a, s = np.array(agent, dtype=np.int64), np.array(column, dtype=np.int64)
    v, lines = np.array(values, dtype=np.float64), np.array(line_of, dtype=np.int64)
    return a, s, _on_one_scale(a, s, v, lines, codings, plan, options, survey, notes)


def _codings(rows: Rows, rated: Sequence[int], survey: Survey, missing: frozenset[str]) -> list[Coding]:
    """How each column is written, or all together where one alone does not say."""
    codings = []
    counts = [Counter([cells[at] for _, cells in rows]) for at in rated]
    pooled = coding_of(sum(counts, Counter()).elements(), missing)
    for at, count in zip(rated, counts, strict=True):
        own = coding_of(count.elements(), missing)
        same = own is None or pooled is None or (own.kind == pooled.kind and own.kind != "numbers")
        coding = pooled if same and pooled is not None else own
        if coding is None:
            answers = [cells[at] for _, cells in rows if not is_missing(cells[at], missing)]
            some = listed(list(dict.fromkeys(answers)), 6) if answers else "nothing"
            raise InputError(
                f"the answers are no ratings: {some}; write them as numbers, the best as the highest, or in the usual "
                f"words of agreement, satisfaction and the like ({', '.join(languages())})",
                file=survey.table.path,
                row=1,
                column=survey.table.header[at],
            )
        asked = survey.questions[at] if survey.questions else survey.table.header[at]
        codings.append(explained(coding, asked))
    return codings


def _on_one_scale(
    agent: IntArray,
    column: IntArray,
    values: FloatArray,
    lines: IntArray,
    codings: Sequence[Coding],
    plan: Plan,
    options: ReadOptions,
    survey: Survey,
    notes: Notes,
) -> Scaled:
    path = survey.table.path
    if options.scale is not None:
        codings = [replace(coding, turned=None) for coding in codings]
    else:
        codings = _one_direction(codings, plan, survey)
    kinds = {(coding.kind, coding.family.name if coding.family else "", coding.turned) for coding in codings}
    ranges = [
        (float(v.min()), float(v.max()))
        for j in range(len(codings))
        if len(v := values[column == j]) and len(kinds) == 1
    ]
    if options.scale is None and all(c.kind == "numbers" and c.turned is None for c in codings):
        refuse_codes_of_some([values[column == j] for j in range(len(codings))], path)
        refuse_ranks(_complete(agent, column, values, len(codings)), path)
    shared = len(kinds) == 1 and (
        codings[0].kind == "words" or options.scale is not None or len(ranges) < 2 or alike(ranges)
    )
    if shared:
        return scaled(values, "", options, path, notes, lines, codings[0])
    # Columns on scales of their own: each from 0 (its worst) to 1 (its best).
    out = np.empty(len(values))
    said, directions = [], []
    for j, coding in enumerate(codings):
        here = column == j
        if not here.any():
            continue
        own = scaled(values[here], "", options, path, Notes(), lines[here], coding)
        out[here] = (own.values - own.scale.low) / (own.scale.high - own.scale.low)
        said.append(f"{survey.table.header[plan.rated[j]]!r} {own.scale.low:g} to {own.scale.high:g}")
        directions.append(own.direction.split("; shown")[0])
    notes.add(
        "changed", f"columns on scales of their own, each read from 0 to 1: {'; '.join(said)}", path.name, len(values)
    )
    direction = noted("1 is the best of every column") + f"; {'; '.join(dict.fromkeys(directions))}"
    return Scaled(out, Scale("rating", 0.0, 1.0), direction)


def _one_direction(codings: Sequence[Coding], plan: Plan, survey: Survey) -> list[Coding]:
    """The codings, where the questions of some columns say which end of the numbers is the best and others do not.

    Raises:
        InputError: if the lowest number is said to be the best, which need not be true of the other columns.
    """
    numbers = {coding.turned: j for j, coding in enumerate(codings) if coding.kind == "numbers"}
    if True in numbers and None in numbers:
        turned, silent = (survey.table.header[plan.rated[numbers[said]]] for said in (True, None))
        raise InputError(
            f"the lowest number is the best of column {turned!r}, and nothing says so of {silent!r}; name columns of "
            f"one direction, e.g. `rating_columns={[turned]!r}`, or state the scale of all, as in `scale=(5, 1)`",
            file=survey.table.path,
            row=1,
        )
    if False in numbers and None in numbers:
        return [replace(c, turned=False) if c.kind == "numbers" else c for c in codings]
    return list(codings)


def _complete(agent: IntArray, column: IntArray, values: FloatArray, n_columns: int) -> FloatArray:
    """The answers of those who answered everything, float64 [people, columns]."""
    table = np.full((int(agent.max(initial=-1)) + 1, n_columns), np.nan)
    table[agent, column] = values
    complete: FloatArray = table[~np.isnan(table).any(axis=1)]
    return complete
