"""Small made-up preference data in the shapes of public data sets, and judged pairs with planted kinds."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from folkmoot.profile.pairs import Pairs

Rows = list[dict[str, Any]]


def trl() -> Rows:
    """Rows as TRL has them: texts in one, messages in the other, a tie, and a group."""
    return [
        {"prompt": "Name a tree.", "chosen": "Oak.", "rejected": "Ash.", "annotator_id": "a", "country": "DE"},
        {
            "prompt": [{"role": "user", "content": "Name a tree."}],
            "chosen": [{"role": "assistant", "content": "Ash."}],
            "rejected": [{"role": "assistant", "content": "Oak."}],
            "annotator_id": "b",
            "country": "FR",
        },
        {
            "prompt": "Name a bird.",
            "chosen": "Owl.",
            "rejected": "Kite.",
            "annotator_id": "a",
            "tie": True,
            "country": "DE",
        },
    ]


def prism() -> tuple[Rows, Rows]:
    """Utterances and survey of PRISM."""
    said = [
        ("u1", "i1", "Is tax theft?", "No.", 80),
        ("u1", "i1", "Is tax theft?", "Yes.", 20),
        ("u1", "i1", "Is tax theft?", "It depends.", 80),
        ("u2", "i2", "Is tax theft?", "No.", 10),
        ("u2", "i2", "Is tax theft?", "Yes.", 90),
        ("u2", "i3", "Hello", "Hi.", 50),
    ]
    rows = [
        {
            "utterance_id": f"ut{n}",
            "interaction_id": turn,
            "conversation_id": "c" + turn,
            "user_id": user,
            "turn": 0,
            "user_prompt": prompt,
            "model_response": reply,
            "score": score,
        }
        for n, (user, turn, prompt, reply, score) in enumerate(said)
    ]
    survey = [
        {"user_id": "u1", "age": "18-24 years old", "religion": {"self_described": "x", "simplified": "None"}},
        {"user_id": "u2", "age": "65+ years old", "religion": {"self_described": "y", "simplified": "Christian"}},
    ]
    return rows, survey


def community_alignment() -> Rows:
    """Two first turns of one prompt, in another order of the answers, and a second turn."""
    base = {"first_turn_prompt": "What to eat?", "assigned_lang": "en"}
    texts = ("Rice.", "Bread.", "Soup.<|end_of_text|>", "Fish.")
    one = {**base, **{f"first_turn_response_{k}": t for k, t in zip("abcd", texts, strict=True)}}
    other = {**base, **{f"first_turn_response_{k}": t for k, t in zip("abcd", texts[::-1], strict=True)}}
    second = {
        "second_turn_prompt": "And then?",
        "second_turn_response_a": "Cake.",
        "second_turn_response_b": "Tea.",
        "second_turn_preferred_response": "response_b",
    }
    return [
        {**one, "conversation_id": 1, "annotator_id": "x", "annotator_country": "india",
         "first_turn_preferred_response": "response_c", **second},
        {**other, "conversation_id": 2, "annotator_id": "y", "annotator_country": "france",
         "first_turn_preferred_response": "response_a"},
    ]  # fmt: skip


def multipref() -> Rows:
    """One comparison with two usual workers and an expert."""
    return [
        {
            "comparison_id": "1",
            "text": "Sum up.",
            "completion_a": "Short.",
            "completion_b": "Longer text.",
            "normal_worker_annotations": [
                {"evaluator": 1, "overall_pref": "A-is-clearly-better"},
                {"evaluator": 2, "overall_pref": "Tie"},
            ],
            "expert_worker_annotations": [{"evaluator": 1, "overall_pref": "B-is-slightly-better"}],
        }
    ]


def helpsteer() -> tuple[Rows, Rows]:
    """Disagreements (ratings in lists) and preferences (strengths)."""
    lists = {"correctness": [4, 4, 4], "coherence": [4, 4, 4]}
    ratings = [
        {"prompt": "c#", "response": "A language.", "helpfulness": [3, 2, 4], **lists},
        {"prompt": "c#", "response": "A note.", "helpfulness": [3, 4, 0], **lists},
    ]
    strengths = [
        {
            "prompt": "c#",
            "response_1": "A language.",
            "response_2": "A note.",
            "preference_strength": -1,
            "all_preferences_unprocessed": [{"strength": -2}, {"strength": 1}, {"strength": -100}],
        }
    ]
    return ratings, strengths


def dices() -> Rows:
    """Three raters on one conversation."""
    return [
        {
            "id": n,
            "rater_id": 100 + n,
            "rater_gender": gender,
            "item_id": 7,
            "context": "user: hi",
            "response": "go away",
            "Q_overall": said,
        }
        for n, (gender, said) in enumerate([("Man", "No"), ("Woman", "Yes"), ("Woman", "Unsure")])
    ]


World = Literal["one", "opposed", "line"]


def planted(
    world: World, rng: np.random.Generator, people: int = 60, prompts: int = 20, each: int = 20, minority: float = 0.25
) -> tuple[Pairs, np.ndarray]:
    """Judged pairs of four answers a prompt: one kind, two opposed kinds, or a continuum; and everybody's kind."""
    m = prompts * 4
    reward = 1.5 * rng.normal(size=(2, m))
    kind = (np.arange(people) < minority * people).astype(int)
    place = {"one": np.zeros(people), "opposed": 1.0 - 2.0 * kind, "line": rng.normal(size=people)}[world]
    own = np.where(world == "opposed", 0.0, reward[0]) + place[:, None] * reward[1]
    who = np.repeat(np.arange(people), each)
    prompt = rng.integers(0, prompts, len(who))
    first = rng.integers(0, 4, len(who))
    a, b = prompt * 4 + first, prompt * 4 + (first + rng.integers(1, 4, len(who))) % 4
    likes_a = rng.random(len(who)) < 1 / (1 + np.exp(own[who, b] - own[who, a]))
    none = np.zeros(len(who), dtype=bool)
    pairs = Pairs(
        tuple(f"w{n}" for n in range(people)),
        tuple(f"prompt {n}" for n in range(prompts)),
        tuple(f"answer {n} {'word ' * (n % 5)}" for n in range(m)),
        np.arange(m) // 4,
        who,
        np.where(likes_a, a, b),
        np.where(likes_a, b, a),
        none,
        np.ones(len(who)),
        np.arange(len(who)),
    )
    return pairs, kind
