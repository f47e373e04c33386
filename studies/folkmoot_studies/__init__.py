"""Studies: each paper's experiments by name, as data. A new one is one file and one entry here.

The package is loaded through the entry-point group ``folkmoot``; what a study needs is imported when it is run.
"""

from __future__ import annotations

from folkmoot.slates.studies import STUDIES, Study

from ._version import __version__

__all__ = ["STUDIES", "Study", "__version__"]

for _study in (
    Study(
        "asking",
        "When to Ask a Question (Park, Donahue, Raghavan 2026): exact values, and which claims hold",
        "folkmoot_studies.asking.study",
        takes=("only",),
        reports=True,
        draws=True,
    ),
    Study(
        "calibration",
        "is the certificate calibrated: what it predicts of hidden votes, against what they say",
        "folkmoot_studies.calibration.study",
        takes=("path", "processes", "only", "instances", "seed"),
        reports=True,
    ),
    Study(
        "cities",
        "Equal Shares as cities use it: the official winners again from the public ballots",
        "folkmoot_studies.cities.study",
        takes=("path",),
    ),
    Study(
        "clarify",
        "does it pay to ask before answering: people drawn from real answers, policies of asking, who gains",
        "folkmoot_studies.asking.clarify",
        takes=("path", "instances", "only", "seed"),
        reports=True,
    ),
    Study(
        "colluding",
        "how far people who collude can move a slate that a language model helps to make",
        "folkmoot_studies.colluding.study",
        takes=("instances", "agents", "processes", "only", "seed"),
        reports=True,
        draws=True,
    ),
    Study(
        "common-ground",
        "one statement for all from samples: the proportional veto core beside other rules",
        "folkmoot_studies.synthetic.common_ground",
        takes=("instances", "seed"),
        reports=True,
    ),
    Study(
        "coordinated",
        "votes in concert: how many colluding voters move one seat, with and without reliability weights",
        "folkmoot_studies.colluding.votes",
        takes=("instances", "seed"),
        reports=True,
        draws=True,
    ),
    Study(
        "counterexamples",
        "why no process can do better: the papers' lower bounds as adversaries of any process",
        "folkmoot_studies.bounds.counterexamples",
        takes=("only",),
    ),
    Study(
        "dimension",
        "the VC dimension of real conversations between bounds, and what samples P2 needs",
        "folkmoot_studies.bounds.dimension",
        takes=("path", "instances", "seed"),
        reports=True,
    ),
    Study(
        "errata",
        "slips of Generative Social Choice and The Next Generation, each with the smallest witness",
        "folkmoot_studies.bounds.errata",
        takes=("path",),
    ),
    Study(
        "fewer-questions",
        "does choosing the question pay on real people: asking policies against random ones",
        "folkmoot_studies.fewer.questions",
        takes=("path", "instances", "only", "processes", "seed", "panel", "earlier", "statements"),
        reports=True,
        draws=True,
    ),
    Study(
        "fifty-one",
        "what one answer for all, and a slate of two, can do for 51 against 49",
        "folkmoot_studies.bounds.fifty_one",
        takes=("people", "majority"),
    ),
    Study(
        "hedging",
        "does the interview hedge as the exact optimum does (Park, Donahue, Raghavan 2026, Lemma 10, Theorem 11)",
        "folkmoot_studies.asking.hedging",
        takes=("instances", "seed"),
        reports=True,
    ),
    Study(
        "heldout",
        "do slates represent people on answers that nobody showed the program: methods x measures",
        "folkmoot_studies.heldout.study",
        takes=("path", "processes", "only", "instances", "seed"),
        reports=True,
    ),
    Study(
        "pilot",
        "the pilot on chatbot personalization (Fish et al. 2024): the matching, and the sixth rating",
        "folkmoot_studies.pilot.study",
        takes=("path", "seed"),
        reports=True,
        draws=True,
    ),
    Study(
        "plural",
        "plural preferences: published claims next to what was measured here",
        "folkmoot_studies.plural.study",
        takes=("path", "only", "seed"),
        reports=True,
    ),
    Study(
        "proposed-projects",
        "participatory budgeting with projects that a generator proposes and prices, audited in and beyond their pool",
        "folkmoot_studies.cities.proposed",
        takes=("instances", "seed"),
        reports=True,
    ),
    Study(
        "prose",
        "the published runs of PROSE (Boehmer, Fish, Procaccia 2025): replay, Table 1, and what is saved",
        "folkmoot_studies.prose.study",
        takes=("path", "runs", "only", "gap", "exact", "seed"),
        draws=True,
    ),
    Study(
        "questions",
        "alpha-JR with measured stance: an audit by cosines beside the same audit by votes",
        "folkmoot_studies.bounds.questions",
        takes=("path", "seed"),
        reports=True,
    ),
    Study(
        "rankings",
        "cBJR for rankings: P1 from ordinal queries beside P1 from utilities",
        "folkmoot_studies.bounds.rankings",
        takes=("path",),
        reports=True,
    ),
    Study(
        "refine",
        "the four recorded runs of PROSE: recorded slate against refined slate",
        "folkmoot_studies.bounds.refine",
        takes=("path", "runs", "variants", "gap", "nodes"),
    ),
    Study(
        "sushi",
        "asking about sushi (Park, Donahue, Raghavan 2026, section 7)",
        "folkmoot_studies.sushi.study",
        takes=("path", "cost", "shift", "gammas", "instances", "seed"),
        reports=True,
        draws=True,
    ),
    Study(
        "synthetic",
        "the synthetic environment of Boehmer, Fish, Procaccia 2025: Tables 2 and 3, Figures 1 to 3",
        "folkmoot_studies.synthetic.study",
        takes=("instances", "model", "seed", "agents", "levels", "processes", "steps", "seeds", "only"),
        reports=True,
        draws=True,
    ),
):
    STUDIES.register(_study)
