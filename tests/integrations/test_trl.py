"""TRL's `GRPOTrainer` itself, with a tiny transformer of random weights on the processor: what the door hands it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.integrations.advantages import Aggregation
from folkmoot.integrations.trl import grpo_trainer
from folkmoot.profile import InputError

# TRL and what it stands on warn of their own deprecations
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("default")]

WORDS = ["yes", "no", "maybe", "often", "never", "well", "more", "less"]
RELIABLE, WEIGHTS = [1.0, 0.02], [1.0, 2.0]


def tokenizer() -> Any:
    """One token a word; no network, no file."""
    parts, fast = import_module("tokenizers"), import_module("transformers").PreTrainedTokenizerFast
    numbers = {word: at for at, word in enumerate(["<pad>", "<eos>", *WORDS])}
    made = parts.Tokenizer(parts.models.WordLevel(numbers, unk_token="<pad>"))
    made.pre_tokenizer = parts.pre_tokenizers.WhitespaceSplit()
    return fast(tokenizer_object=made, pad_token="<pad>", eos_token="<eos>")


def of(name: str) -> Any:
    return pytest.importorskip(name, reason=f"{name} is not installed; it comes with the extra trl")


def trainer(folder: Path, steps: int, **more: Any) -> Any:
    trl, transformers, datasets, torch = of("trl"), of("transformers"), of("datasets"), of("torch")
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    names = tokenizer()
    size = len(names)
    model = transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=size, n_positions=16, n_embd=32, n_layer=2, n_head=2, bos_token_id=1, eos_token_id=1,
            pad_token_id=0, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        )
    )  # fmt: skip

    def signal(completions: list[str], **_: Any) -> list[float]:
        return [float(text.split().count("yes")) for text in completions]

    def noise(completions: list[str], **_: Any) -> list[float]:
        return [10.0 * float(one) for one in rng.standard_normal(len(completions))]

    options = {
        "output_dir": str(folder), "per_device_train_batch_size": 32, "num_generations": 16, "max_steps": steps,
        "max_completion_length": 6, "learning_rate": 3e-3, "lr_scheduler_type": "constant", "report_to": [],
        "save_strategy": "no", "use_cpu": True, "bf16": False, "scale_rewards": "none", "beta": 0.0, "seed": 0,
        "reward_weights": WEIGHTS, "disable_tqdm": True, "logging_strategy": "no", **more,
    }  # fmt: skip
    prompts = datasets.Dataset.from_list([{"prompt": word} for word in WORDS] * 8)
    return grpo_trainer("reliability", reliability=RELIABLE)(
        model=model, reward_funcs=[signal, noise], args=trl.GRPOConfig(**options), train_dataset=prompts,
        processing_class=names,
    )  # fmt: skip


def test_trl_trains_on_the_advantages_of_the_rule_and_learns_the_signal(tmp_path: Path) -> None:
    made = trainer(tmp_path, 60)
    counts: list[float] = []
    seen: list[tuple[np.ndarray, np.ndarray]] = []
    generate = made._generate_and_score_completions

    def watched(inputs: Any) -> Any:
        found = generate(inputs)
        rewards = np.asarray(made.last_rewards.tolist())
        seen.append((rewards, np.asarray(found["advantages"].tolist())))
        counts.append(float(rewards[:, 0].mean()))
        return found

    made._generate_and_score_completions = watched
    made.train()
    assert len(seen) == 60
    for rewards, advantages in seen[:3]:
        groups = np.arange(len(rewards)) // 16
        wanted = Aggregation("reliability", WEIGHTS, RELIABLE).of(rewards, groups)
        assert advantages == pytest.approx(wanted, abs=1e-4)
    assert np.mean(counts[-10:]) > np.mean(counts[:10]) + 1.0


def test_trl_is_told_to_leave_the_scaling_to_the_rule(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="scale_rewards='none'"):
        trainer(tmp_path, 1, scale_rewards="group")
    with pytest.raises(InputError, match="sum_then_normalize"):
        trainer(tmp_path, 1, multi_objective_aggregation="normalize_then_sum")
