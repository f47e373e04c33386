"""A policy for everybody: a tiny transformer trained on one pooled reward, and by max-min on a mixture of rewards.

The toy setting of MaxMin-RLHF (Chakraborty et al. 2024, arXiv 2402.08925) without its models: answers are up to eight
words; most annotators like kind words, a fifth likes short answers; nobody says which of both they are. From their
comparisons of answers of the untrained policy come one reward for all, and a mixture by EM whose number of kinds is
chosen on people left out. The policy (two layers, random weights) is trained on either by policy gradients: on the
pooled reward, or on the reward of whichever kind is worst off at that step.

    python examples/maxmin-policy/train.py            # a minute on a processor; needs the extra trl (torch)
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import nn

from folkmoot.preferences.models.mixture import fit
from folkmoot.profile import VOTE, Agents, Answers, Comparisons, Profile, Statements

#: Words an answer can have, the end of it, and how many kind and unkind ones there are.
LONGEST, END, TOPICS = 8, 0, 4
KIND, UNKIND, PLAIN = range(1, 5), range(5, 9), range(9, 13)
WORDS = 13
#: Annotators, how many of them like short answers, comparisons each, and how sure they are.
PEOPLE, SHORT, PAIRS, SURE = 200, 0.2, 12, 1.0
#: Weight of staying near the untrained policy.
NEAR = 0.02


class Policy(nn.Module):
    """A decoder of two layers: a topic, then words until the end."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS + TOPICS, width)
        self.places = nn.Embedding(LONGEST + 1, width)
        layer = nn.TransformerEncoderLayer(width, 2, 2 * width, dropout=0.0, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(width, WORDS)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits of the next word at every place, [n, length, words]."""
        n = tokens.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(n)
        seen = self.words(tokens) + self.places(torch.arange(n))
        return self.out(self.layers(seen, mask=mask, is_causal=True))

    @torch.no_grad()
    def answers(self, topics: torch.Tensor) -> torch.Tensor:
        """Sampled answers to these topics, [n, LONGEST]; after the end comes only the end."""
        tokens = topics[:, None]
        over = torch.zeros(len(topics), dtype=torch.bool)
        for _ in range(LONGEST):
            word = torch.distributions.Categorical(logits=self(tokens)[:, -1]).sample()
            word = torch.where(over, torch.tensor(END), word)
            over |= word == END
            tokens = torch.cat([tokens, word[:, None]], dim=1)
        return tokens[:, 1:]

    def log_probability(self, topics: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """Of whole answers, up to and with their end, [n]."""
        before = torch.cat([topics[:, None], answers[:, :-1]], dim=1)
        each = torch.log_softmax(self(before), dim=-1).gather(2, answers[:, :, None])[:, :, 0]
        said = torch.cumsum((answers == END).long(), dim=1) <= 1
        return (each * said).sum(dim=1)


def features(answers: torch.Tensor) -> np.ndarray:
    """Kind words, unkind words, and the length of every answer, float64 [n, 3]."""
    words = answers.numpy()
    count = [np.isin(words, list(group)).sum(axis=1) for group in (KIND, UNKIND)]
    return np.stack([*count, (words != END).sum(axis=1)], axis=1).astype(np.float64)


#: What the two kinds of people want: kind words; short answers.
TRUTH = np.array([[1.0, -1.0, 0.0], [0.0, 0.0, -1.0]])


@dataclass(frozen=True)
class Outcome:
    """What came of it; rewards in standard deviations of the untrained policy's, above its mean.

    Args:
        kinds: the number of kinds of annotators that the mixture has.
        pooled: true reward of those who like kind words and of those who like short answers, trained on one reward.
        max_min: the same, trained by max-min on the mixture.
        agreement: share of annotators whom the mixture has put with their own kind.
    """

    kinds: int
    pooled: tuple[float, float]
    max_min: tuple[float, float]
    agreement: float


def compared(policy: Policy, rng: np.random.Generator) -> tuple[Profile, np.ndarray, np.ndarray]:
    """What annotators said of pairs of the policy's answers, the features of the answers, and everybody's kind."""
    kind = (np.arange(PEOPLE) >= (1.0 - SHORT) * PEOPLE).astype(np.int64)
    who = np.repeat(np.arange(PEOPLE), PAIRS)
    topics = torch.from_numpy(np.repeat(WORDS + rng.integers(0, TOPICS, len(who)), 2))
    phi = features(policy.answers(topics))
    first = 2 * np.arange(len(who))
    gain = ((phi[first] - phi[first + 1]) * TRUTH[kind[who]]).sum(axis=1)
    likes_first = rng.random(len(who)) < 1.0 / (1.0 + np.exp(-SURE * gain))
    names = tuple(f"answer {at}" for at in range(len(phi)))
    profile = Profile(
        Agents(tuple(f"annotator {at}" for at in range(PEOPLE))),
        Statements(names, names),
        Answers.of([], [], [], VOTE),
        comparisons=Comparisons.of(who, first + ~likes_first, first + likes_first),
    )
    return profile, phi, kind


def learned(profile: Profile, phi: np.ndarray, classes: int | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rewards of the kinds as weights of the features, [K, 3], and everybody's kind; one kind is the pooled reward."""
    model = fit(profile, np.random.default_rng(seed), classes=classes, features=phi)
    return model.mixture.theta[0], model.member.argmax(axis=1)


def trained(start: Policy, rewards: np.ndarray, steps: int, seed: int, size: int = 256) -> Policy:
    """The policy after training on the reward of the kind that is worst off at every step; one kind: on that reward.

    Kinds' rewards have no common scale: each is measured in standard deviations of the untrained policy's answers.
    """
    torch.manual_seed(seed)
    policy = Policy()
    policy.load_state_dict(start.state_dict())
    topics = WORDS + torch.arange(4 * size) % TOPICS
    first = features(start.answers(topics)) @ rewards.T
    mean, spread = first.mean(axis=0), first.std(axis=0)
    optimiser = torch.optim.Adam(policy.parameters(), lr=3e-3)
    for _ in range(steps):
        answers = policy.answers(topics[:size])
        each = (features(answers) @ rewards.T - mean) / spread
        reward = torch.from_numpy(each[:, each.mean(axis=0).argmin()]).float()
        chance = policy.log_probability(topics[:size], answers)
        with torch.no_grad():
            away = chance - start.log_probability(topics[:size], answers)
            worth = reward - NEAR * away
            advantage = worth - worth.mean()
        loss = -(advantage * chance).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return policy


def run(seed: int = 0, steps: int = 200) -> Outcome:
    """The whole experiment."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    start = Policy()
    profile, phi, kind = compared(start, np.random.default_rng(seed))
    pooled, _ = learned(profile, phi, 1, seed)
    mixture, member = learned(profile, phi, None, seed)
    topics = WORDS + torch.arange(4_000) % TOPICS
    before = features(start.answers(topics)) @ TRUTH.T

    def gained(rewards: np.ndarray) -> tuple[float, float]:
        policy = trained(start, rewards, steps, seed)
        after = features(policy.answers(topics)) @ TRUTH.T
        one, other = ((after.mean(axis=0) - before.mean(axis=0)) / before.std(axis=0)).tolist()
        return round(one, 3), round(other, 3)

    own = np.array([np.bincount(kind[member == k], minlength=2).argmax() for k in range(len(mixture))])
    right = float((own[member] == kind).mean())
    return Outcome(len(mixture), gained(pooled), gained(mixture), round(right, 3))


def main() -> None:
    """Prints what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = run(chosen.seed, chosen.steps)
    if chosen.json:
        print(json.dumps(asdict(found)))
        return
    print(f"{found.kinds} kinds of annotators found; {found.agreement:.0%} of the annotators are with their own kind")
    print(f"{'trained on':<24}{'like kind words':>17}{'like short answers':>20}{'worst off':>11}")
    for name, (one, other) in (("one pooled reward", found.pooled), ("max-min of the kinds", found.max_min)):
        print(f"{name:<24}{one:>+17.2f}{other:>+20.2f}{min(one, other):>+11.2f}")
    print("mean true reward, in standard deviations of the untrained policy's answers above their mean")


if __name__ == "__main__":
    main()
