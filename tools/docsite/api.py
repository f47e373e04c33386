"""The reference of the package's public names, from signatures and docstrings."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import folkmoot as fm
from folkmoot import asking, formats, processes, testing
from folkmoot.audits.audit import Audit

SECTIONS = ("Args", "Returns", "Raises", "Attributes", "Yields")
# What can be imported from where, a page each, and what a reader finds there.
MODULES: dict[str, tuple[str, ModuleType, tuple[str, ...]]] = {
    "folkmoot": ("The main job: `import folkmoot as fm`.", fm, ()),
    "folkmoot.formats": ("Reading and writing, and how a format is added.", formats, ()),
    "folkmoot.asking": ("What to ask whom next.", asking, ()),
    "folkmoot.processes": ("Processes and what one is made from.", processes, ()),
    "folkmoot.testing": ("Conformance suites for whoever adds something.", testing, ()),
}
# Types that are returned and not imported by name, with the page on which they stand.
RETURNED: dict[str, tuple[type, ...]] = {"folkmoot": (Audit,)}
SKIPPED = frozenset(["__version__"])


def pages() -> dict[str, str]:
    """The pages by their place in the site."""
    made = {f"reference/api/{name}.md": page(name) for name in MODULES}
    rows = [f"| [`{name}`]({name}.md) | {about} |" for name, (about, _, _) in MODULES.items()]
    index = ["# Python", "", "| module | what is in it |", "|---|---|", *rows, ""]
    return {"reference/api/README.md": "\n".join(index), **made}


def page(name: str) -> str:
    """The page of one module."""
    about, module, _ = MODULES[name]
    lines = [f"# {name}", "", about, ""]
    for each in public(module):
        thing = getattr(module, each)
        if not (inspect.ismodule(thing) or each in SKIPPED):
            lines += entry(each, thing, 2)
    for kind in RETURNED.get(name, ()):
        lines += entry(kind.__name__, kind, 2)
    return "\n".join(lines).rstrip() + "\n"


def public(module: ModuleType) -> list[str]:
    """The names a module offers, in alphabetical order."""
    return sorted(getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")]))


def entry(name: str, thing: Any, level: int) -> list[str]:
    """One name with its signature, its docstring and, of a class, its public methods."""
    head = "#" * level
    lines = [f"{head} {name}", ""]
    if inspect.isclass(thing) or callable(thing):
        lines += ["```python", signature(name, thing), "```", ""]
    lines += documented(inspect.getdoc(thing) if _has_own(thing) else None)
    if inspect.isclass(thing) and level < 3:
        for member, method in vars(thing).items():
            function = method.__func__ if isinstance(method, classmethod | staticmethod) else method
            if member.startswith("_"):
                continue
            if isinstance(method, property):
                lines += [f"{head}# {name}.{member}", "", *documented(inspect.getdoc(method))]
            elif inspect.isfunction(function):
                lines += entry(f"{name}.{member}", function, level + 1)
    return lines


def _has_own(thing: Any) -> bool:
    return inspect.isclass(thing) or inspect.isroutine(thing) or inspect.isfunction(thing)


def signature(name: str, thing: Callable[..., Any]) -> str:
    """How something is called: on one line if it fits, else a line for each parameter."""
    if inspect.isclass(thing) and not dataclasses.is_dataclass(thing):
        return f"class {name}"
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return name
    words: list[str] = []
    star = False
    for parameter in found.parameters.values():
        if parameter.name in ("self", "cls"):
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            words.append("*")
        star = star or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        words.append(_parameter(parameter))
    returned = "" if inspect.isclass(thing) else f" -> {_kind(found.return_annotation)}"
    line = f"{name}({', '.join(words)}){returned}"
    return line if len(line) <= 100 else "\n".join([f"{name}(", *(f"    {word}," for word in words), f"){returned}"])


def _parameter(parameter: inspect.Parameter) -> str:
    """One parameter as it is written."""
    several = {parameter.VAR_POSITIONAL.name: "*", parameter.VAR_KEYWORD.name: "**"}
    stars = several.get(parameter.kind.name, "")
    typed = f"{stars}{parameter.name}"
    known = parameter.annotation is not inspect.Parameter.empty
    if known:
        typed += f": {_kind(parameter.annotation)}"
    if parameter.default is inspect.Parameter.empty:
        return typed
    default = repr(parameter.default)
    return f"{typed}{' = ' if known else '='}{default if len(default) <= 40 and '<' not in default else '...'}"


def _kind(annotation: Any) -> str:
    """A type as it is written, without what is only there for the command line."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return text
    if isinstance(tree, ast.Subscript) and ast.unparse(tree.value) == "Annotated" and isinstance(tree.slice, ast.Tuple):
        tree = tree.slice.elts[0]
    return re.sub(r"\b(?:folkmoot\.[\w.]+\.|typing\.|collections\.abc\.)", "", ast.unparse(tree))


def documented(doc: str | None) -> list[str]:
    """A docstring as Markdown: its text, then its sections as lists."""
    if not doc:
        return []
    lines: list[str] = []
    section = ""
    for raw in doc.splitlines():
        heading = raw.strip().removesuffix(":")
        if raw.endswith(":") and not raw.startswith(" ") and heading in SECTIONS:
            section = heading
            lines += ["", f"**{ {'Args': 'Parameters', 'Attributes': 'Attributes'}.get(heading, heading) }**", ""]
        elif section and raw.startswith("    ") and not raw.startswith("        "):
            name, colon, rest = raw.strip().partition(": ")
            code = colon and re.fullmatch(r"[\w*., ]+", name)
            lines.append(f"* `{name}`: {rest}" if code else f"* {raw.strip()}")
        elif section and raw.startswith("        "):
            lines.append(f"  {raw.strip()}")
        else:
            section = section if not raw.strip() else ""
            lines.append(raw)
    text = "\n".join(lines)
    # Examples keep their form, and names between two or one backticks become code.
    text = re.sub(r"((?:^>>> .*\n?(?:^(?!>>>)\S.*\n?)*)+)", r"```python\n\1\n```\n", text, flags=re.MULTILINE)
    text = re.sub(r"(?<!`)``([^`\s,][^`\n]*)``(?!`)", r"`\1`", text)
    return [*re.sub(r"\n{3,}", "\n\n", text).strip().splitlines(), ""]
