"""Writes a language model of random weights as a GGUF file; runs in the inference server's environment.

    python tiny_model.py FILE

A llama of two layers whose vocabulary is bytes and characters, so that a prompt has about as many tokens as bytes, and
digits with something around them: many tokens are one label, and tens are none. All bytes above 127 are the same empty
text to the server, and of tokens with equal texts it gives one.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np

CONTEXT = 4096
WIDTH, HEADS, LAYERS, INNER = 64, 4, 2, 128
SPECIAL = ("<unk>", "<s>", "</s>")
BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
CHARACTERS = ("▁", *map(chr, range(33, 127)))
FORMS = ("▁{}", "({}", "[{}", '"{}', "'{}", "*{}", "{}.", "{},", "{}:", "{};", "{}!", "{})", "{}0")
LABELS = tuple(form.format(digit) for form in FORMS for digit in range(10))
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}[{{ message['role'] }}] {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}[assistant] {% endif %}"
)


def write(file: Path, seed: int = 0) -> None:
    """The same file for the same seed.

    Args:
        file: to write, about 0.6 MB.
        seed: of the weights.
    """
    gguf = importlib.import_module("gguf")  # in that environment only
    kind = gguf.TokenType
    tokens = (*SPECIAL, *BYTES, *CHARACTERS, *LABELS)
    kinds = [kind.UNKNOWN, kind.CONTROL, kind.CONTROL]
    kinds += [kind.BYTE] * len(BYTES) + [kind.NORMAL] * (len(CHARACTERS) + len(LABELS))
    writer = gguf.GGUFWriter(str(file), "llama")
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([token.encode() for token in tokens])
    writer.add_token_scores([0.0] * len(SPECIAL + BYTES) + [-1.0] * len(CHARACTERS + LABELS))
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)

    rng = np.random.default_rng(seed)

    def matrix(name: str, rows: int, columns: int, spread: float) -> None:
        writer.add_tensor(f"{name}.weight", rng.normal(0, spread, (rows, columns)).astype(np.float32))

    def norm(name: str) -> None:
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, dtype=np.float32))

    # Small embeddings and sharp attention: what comes next depends on all of the prompt, not on its last token.
    matrix("token_embd", len(tokens), WIDTH, 0.1)
    for layer in range(LAYERS):
        norm(f"blk.{layer}.attn_norm")
        for part, sharp in {"q": 3, "k": 3, "v": 1, "output": 1}.items():
            matrix(f"blk.{layer}.attn_{part}", WIDTH, WIDTH, sharp * WIDTH**-0.5)
        norm(f"blk.{layer}.ffn_norm")
        matrix(f"blk.{layer}.ffn_gate", INNER, WIDTH, WIDTH**-0.5)
        matrix(f"blk.{layer}.ffn_up", INNER, WIDTH, WIDTH**-0.5)
        matrix(f"blk.{layer}.ffn_down", WIDTH, INNER, INNER**-0.5)
    norm("output_norm")
    # Wider logits for labels and for the ends of a text: they come first more often.
    spread = np.full((len(tokens), 1), 2.0)
    spread[1:3] = spread[-len(LABELS) :] = 3.0
    output = rng.normal(size=(len(tokens), WIDTH)) * spread * WIDTH**-0.5
    writer.add_tensor("output.weight", output.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
