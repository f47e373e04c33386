"""What a language model does for a clarifying interview: features of a request, imagined people, and the output."""

from __future__ import annotations

from collections.abc import Sequence

from ...llm import Answer, Model
from ...profile import WorkError
from .prompts import prompt
from .readable_answers import Tally, ask, json_object

FEATURES, PEOPLE = 8, 24
# feature, question, values
Proposed = tuple[str, str, tuple[str, ...]]
_TEMPERATURE = 1.0


def propose_features(model: Model, task: str, number: int = FEATURES) -> list[Proposed]:
    """Features of what a request leaves open.

    Args:
        model: the model.
        task: the request.
        number: how many.

    Raises:
        WorkError: the model's answers could not be read.
    """
    call = prompt("clarify-features").call({"task": task, "number": number}, {"temperature": 0.0}, {})
    tally = Tally()
    (found,) = ask(model, [call], _features, tally)
    if not found:
        raise WorkError(
            f"the model proposed no features that could be read{_reasons(tally)}; give the features yourself"
        )
    return found


def imagine_people(
    model: Model, task: str, features: Sequence[Proposed], number: int = PEOPLE
) -> tuple[list[list[int]], int]:
    """What imagined people want: for each the numbers of the values, 0, 1, ..., and how many could not be read.

    Args:
        model: the model.
        task: the request.
        features: the features.
        number: how many people.

    Raises:
        WorkError: none of the model's answers could be read.
    """
    lines = [
        f"{at}. {question or name} " + "; ".join(f"{n}: {value}" for n, value in enumerate(values, 1))
        for at, (name, question, values) in enumerate(features, 1)
    ]
    wanted = "\n".join(lines)
    calls = [
        prompt("clarify-person").call(
            {"task": task, "person": at + 1, "people": number, "features": wanted},
            {"temperature": _TEMPERATURE},
            {"person": at},
        )
        for at in range(number)
    ]
    sizes = [len(values) for _, _, values in features]
    tally = Tally()
    found = [codes for codes in ask(model, calls, lambda answer: _codes(answer, sizes), tally) if codes is not None]
    if not found:
        raise WorkError(
            f"the model imagined nobody that could be read{_reasons(tally)}; give a population of real answers"
        )
    return found, number - len(found)


def write_output(model: Model, task: str, wanted: Sequence[tuple[str, str]]) -> str:
    """The output of a request, for a completed preference vector.

    Args:
        model: the model.
        task: the request.
        wanted: feature and value.

    Raises:
        WorkError: the model wrote nothing.
    """
    lines = "\n".join(f"- {feature}: {value}" for feature, value in wanted)
    call = prompt("clarify-output").call({"task": task, "wanted": lines}, {"temperature": 0.0}, {})
    tally = Tally()
    (text,) = ask(model, [call], lambda answer: answer.text.strip() or None, tally)
    if text is None:
        raise WorkError(f"the model wrote nothing{_reasons(tally)}; what is wanted is in the state")
    return text


def _features(answer: Answer) -> list[Proposed] | None:
    found = json_object(answer.text)
    listed = found.get("features") if found else None
    if not isinstance(listed, list):
        return None
    proposed: list[Proposed] = []
    for each in listed:
        if not isinstance(each, dict) or not isinstance(each.get("values"), list):
            return None
        values = tuple(dict.fromkeys(" ".join(str(value).split()) for value in each["values"]))
        name, question = (" ".join(str(each.get(key) or "").split()) for key in ("feature", "question"))
        if name and 2 <= len(values) <= 9 and name not in {other for other, _, _ in proposed}:
            proposed.append((name, question, values))
    return proposed or None


def _codes(answer: Answer, sizes: Sequence[int]) -> list[int] | None:
    found = json_object(answer.text)
    listed = found.get("answers") if found else None
    if not isinstance(listed, list) or len(listed) != len(sizes):
        return None
    codes = []
    for each, size in zip(listed, sizes, strict=True):
        if isinstance(each, bool) or not isinstance(each, int) or not 1 <= each <= size:
            return None
        codes.append(each - 1)
    return codes


def _reasons(tally: Tally) -> str:
    (reason,) = (*[each for each, _ in tally.reasons.most_common(1)], "")[:1]
    return f" ({reason})" if reason else ""
