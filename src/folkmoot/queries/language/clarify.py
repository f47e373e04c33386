"""What a language model does for a clarifying interview: features of a request, imagined people, and the output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...llm import Answer, Model
from ...profile import WorkError
from .prompts import Value, prompt
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
    wanted = listed(features)
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


def decide(
    model: Model,
    task: str,
    features: Sequence[Proposed],
    shares: Sequence[Sequence[float]],
    said: Mapping[int, int],
    cost: float,
) -> tuple[int | None, list[int]]:
    """Lets the model decide by itself whether to ask or to answer.

    Args:
        model: the model.
        task: the request.
        features: what it leaves open.
        shares: the share of people before who wanted each value, by feature.
        said: what the person said, the number of the value by the number of the feature.
        cost: the cost of a question, in features right.

    Returns:
        The number of the feature that it asks about (None: it answers), and the numbers of the values that it guesses.

    Raises:
        WorkError: the answer could not be read.
    """
    told = [f"{at + 1}: {code + 1}" for at, code in sorted(said.items())]
    values: dict[str, Value] = {
        "task": task,
        "features": listed(features, shares),
        "said": "\n".join(told) or "nothing",
        "cost": round(100 * cost),
    }
    call = prompt("clarify-decide").call(values, {"temperature": 0.0}, {})
    tally = Tally()
    sizes = [len(each) for _, _, each in features]
    (found,) = ask(model, [call], lambda answer: _decided(answer, sizes, said), tally)
    if found is None:
        raise WorkError(f"what the model decided could not be read{_reasons(tally)}")
    return found


def listed(features: Sequence[Proposed], shares: Sequence[Sequence[float]] | None = None) -> str:
    """The features as lines of a prompt, with the share of people who wanted each value where it is known."""
    lines = []
    for at, (name, question, values) in enumerate(features):
        known = [f" ({share:.0%})" for share in shares[at]] if shares else [""] * len(values)
        choices = "; ".join(
            f"{n}: {value}{share}" for n, (value, share) in enumerate(zip(values, known, strict=True), 1)
        )
        lines.append(f"{at + 1}. {question or name} {choices}")
    return "\n".join(lines)


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


def _decided(answer: Answer, sizes: Sequence[int], said: Mapping[int, int]) -> tuple[int | None, list[int]] | None:
    found, codes = json_object(answer.text), _codes(answer, sizes)
    asks = found.get("ask") if found else None
    if codes is None or isinstance(asks, bool) or not isinstance(asks, int) or not 0 <= asks <= len(sizes):
        return None
    # What was said is known, whatever the model makes of it, and is not asked again.
    codes = [said.get(at, code) for at, code in enumerate(codes)]
    return (asks - 1 if asks and asks - 1 not in said else None), codes


def _reasons(tally: Tally) -> str:
    (reason,) = (*[each for each, _ in tally.reasons.most_common(1)], "")[:1]
    return f" ({reason})" if reason else ""
