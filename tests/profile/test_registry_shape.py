"""The one shape of every registry: ids once, plugins loaded late, what breaks is named."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from folkmoot.profile import InputError, Registry, plugins
from folkmoot.profile.plugins import PluginWarning


@dataclass(frozen=True)
class Colour:
    id: str
    shade: Callable[[], str]


def dark() -> str:
    return "dark"


def light() -> str:
    return "light"


@pytest.fixture
def colours() -> Registry[Colour]:
    registry = Registry[Colour]("colour")
    registry.register(Colour("red", dark))
    return registry


def test_an_id_is_taken_once(colours: Registry[Colour]) -> None:
    with pytest.raises(InputError, match="there is a colour 'red' already"):
        colours.register(Colour("red", light))
    assert colours["red"].shade is dark


def test_a_module_that_is_loaded_anew_may_register_again(colours: Registry[Colour]) -> None:
    again = types.FunctionType(dark.__code__, globals(), "dark")
    again.__qualname__, again.__module__ = dark.__qualname__, dark.__module__
    colours.register(Colour("red", again))
    assert colours["red"].shade is again
    first, second = (Colour("grey", lambda: ""), Colour("grey", lambda: " "))
    colours.register(first)
    with pytest.raises(InputError, match="'grey' already"):  # two lambdas are not one function
        colours.register(second)


def test_what_is_not_there_is_named_with_what_there_is(colours: Registry[Colour]) -> None:
    colours.register(Colour("blue", light))
    with pytest.raises(InputError, match=r"unknown colour 'green'; choose one of auto, blue, red$"):
        colours.find("green", also=("auto",))
    assert (list(colours), len(colours), "red" in colours, colours.get("green")) == (["red", "blue"], 2, True, None)
    with pytest.raises(InputError, match="nothing is installed"):
        Registry[Colour]("colour").find("red")


def test_entries_can_have_an_order_of_their_own() -> None:
    colours = Registry[Colour]("colour", order=lambda colour: colour.shade())
    for id, shade in (("white", light), ("black", dark), ("brown", dark), ("pink", light)):
        colours.register(Colour(id, shade))
    assert list(colours) == ["black", "brown", "white", "pink"]


def test_what_is_registered_inside_is_forgotten(colours: Registry[Colour]) -> None:
    with colours.restored():
        colours.register(Colour("blue", light))
        colours.forget("red")
        assert list(colours) == ["blue"]
    assert list(colours) == ["red"]


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str, str], None]]:
    """Makes packages with an entry point, as an installer leaves them; what was loaded is forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    modules = set(sys.modules)

    def install(name: str, text: str, value: str) -> None:
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        info = tmp_path / f"{name}-2.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[folkmoot]\n{name} = {value}\n", encoding="utf-8")
        plugins.forget()

    yield install
    for name in set(sys.modules) - modules:
        if name.startswith("brought_"):
            del sys.modules[name]
    plugins.forget()


COLOURS = Registry[Colour]("colour")

REGISTERS = """
from {here} import COLOURS, Colour, light
{before}
{indent}COLOURS.register(Colour("{id}", light))
"""


@pytest.mark.parametrize("called", [False, True])
def test_an_entry_point_is_a_module_or_a_function(called: bool, brought: Callable[[str, str, str], None]) -> None:
    id, name = ("green", "brought_function") if called else ("teal", "brought_module")
    before, indent = ("def start():", "    ") if called else ("", "")
    with COLOURS.restored():
        text = REGISTERS.format(here=__name__, before=before, indent=indent, id=id)
        brought(name, text, f"{name}:start" if called else name)
        assert COLOURS.find(id).shade is light
        assert COLOURS.distribution(id) == name
        (plugin,) = [plugin for plugin in plugins.plugins() if plugin.distribution == name]
        assert (plugin.version, plugin.error) == ("2.0", "")


def test_a_plugin_that_breaks_is_named_once_and_the_others_work(brought: Callable[[str, str, str], None]) -> None:
    with COLOURS.restored():
        brought("brought_a", "1 / 0\n", "brought_a")
        brought("brought_b", REGISTERS.format(here=__name__, before="", indent="", id="olive"), "brought_b")
        with pytest.warns(PluginWarning, match=r"'brought_a' of brought_a .*ZeroDivisionError: division by zero"):
            assert "olive" in list(COLOURS)
        broken = {plugin.name: plugin.error for plugin in plugins.plugins() if plugin.error}
        assert broken == {"brought_a": "ZeroDivisionError: division by zero"}


def test_a_registration_and_a_lookup_of_what_is_there_load_nothing(brought: Callable[[str, str, str], None]) -> None:
    brought("brought_late", "raise RuntimeError('too early')\n", "brought_late")
    colours = Registry[Colour]("colour")
    colours.register(Colour("red", dark))
    assert colours["red"].shade is dark
    with pytest.warns(PluginWarning, match="too early"):
        assert list(colours) == ["red"]
