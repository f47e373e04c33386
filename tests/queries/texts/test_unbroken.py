"""Scripts without blanks between words: subjects, duplicates and contraries are told apart all the same."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.profile import VOTE, Answers
from folkmoot.queries.texts.near import near_pairs
from folkmoot.queries.texts.near_duplicates import near_duplicates
from folkmoot.queries.texts.subjects import same_subject
from folkmoot.queries.texts.words import grammar, pieces
from folkmoot.slates.public.groups import _subjects

CHINESE = (
    "我觉得出租车司机应该纳税",  # 0
    "我觉得平台公司必须纳税",  # 1, on taxes as well
    "我觉得乘客需要意外保险",  # 2
    "我觉得保险由公司负担",  # 3, on insurance
    "我觉得河边可以种树",
    "我觉得学校早点开门",
    "我觉得夜里要有公交",
    "我觉得图书馆周日也开",
)
JAPANESE = (
    "川沿いに木を植えるべきだと思います",  # 0
    "駅前の木を切らないでほしいと思います",
    "保育園を増やすべきだと思います",  # 2
    "保育園の先生の給料を上げてほしいです",  # 3, on nurseries as well
    "バスを夜も走らせてほしいです",
    "市役所の窓口を土曜も開けてください",
)
THAI = ("อยากให้มีรถเมล์ตอนกลางคืน", "ค่าโดยสารรถเมล์แพงเกินไป", "ควรปลูกต้นไม้ริมแม่น้ำ", "เปิดห้องสมุดวันอาทิตย์")


def shared(texts: tuple[str, ...]) -> list[tuple[int, int]]:
    found = [set(one) for one in _subjects(texts, np.ones(len(texts), dtype=bool))]
    return [(a, b) for b in range(len(found)) for a in range(b) if found[a] & found[b]]


@pytest.mark.parametrize(("texts", "same"), [(CHINESE, [(0, 1), (2, 3)]), (JAPANESE, [(2, 3)]), (THAI, [(0, 1)])])
def test_what_groups_are_told_by_is_of_one_subject_where_words_are_shared(
    texts: tuple[str, ...], same: list[tuple[int, int]]
) -> None:
    found = shared(texts)
    assert set(same) <= set(found)
    # The words of grammar that all texts have are no subject: hardly anything else is put together.
    assert len(found) <= len(same) + 2


def test_statements_about_one_subject_are_found_beneath_what_every_text_begins_with() -> None:
    rng = np.random.default_rng(3)
    votes = rng.choice([-1.0, 1.0], (80, len(CHINESE)))
    votes[:, [0, 1, 4]] = votes[:, [0]]
    agent, statement = np.divmod(np.arange(votes.size), len(CHINESE))
    everything = np.arange(len(CHINESE))
    found = same_subject(CHINESE, Answers.of(agent, statement, votes.ravel(), VOTE), everything, everything)
    assert found.tolist() == [[0, 1]]  # the tree by the river is answered like them, and is about something else


def unasked(texts: list[str]) -> list[list[int]]:
    nobody = Answers.of(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    return [[int(a), int(b)] for a, b in near_duplicates(texts, nobody, np.arange(len(texts))).pairs]


def test_two_texts_are_not_the_same_because_they_share_a_name_in_letters() -> None:
    others = list(CHINESE)
    assert [0, 1] not in unasked(["Uber 司机应该纳税", "Uber 司机应该参加安全的培训课程", *others])
    assert [0, 1] in unasked(["Uber 司机应该纳税！", "UBER 司机应该纳税", *others])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("网约车司机应该参加安全培训课程", "网约车司机不应该参加安全培训课程"),
        ("川沿いに木をたくさん植えてほしい", "川沿いに木をたくさん植えないでほしい"),
        ("ควรปลูกต้นไม้ริมแม่น้ำในเมือง", "ไม่ควรปลูกต้นไม้ริมแม่น้ำในเมือง"),
    ],
)
def test_a_statement_is_no_duplicate_of_its_contrary(one: str, other: str) -> None:
    assert [0, 1] not in unasked([one, other, *CHINESE, *THAI])
    assert [0, 1] in unasked([one, f"{one}。", *CHINESE, *THAI])


def test_drafts_that_share_most_of_their_characters_are_near() -> None:
    assert near_pairs(["城市应该多种一些树", "城市应该多种一些树吧", "城市应该多开几班公交"]) == ((0, 1),)


def test_texts_with_blanks_have_none_of_it() -> None:
    texts = ("More buses at night.", "버스를 더 늘려 주세요", "Больше автобусов", "المزيد من الحافلات")
    assert not any(map(pieces, texts))
    assert grammar(texts) == frozenset()
