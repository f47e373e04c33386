"""Progress on stderr: one line that changes on a terminal; in a log a line for every stage and every half minute."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

import typer
from rich.console import Console

from ..profile.sentences import noted

# Seconds between two lines of the same stage if stderr is not a terminal.
EVERY = 30.0
# A share below this says too little about how long the rest takes.
ENOUGH = 0.02


class Progress:
    """A line of progress on stderr; silent if the output is for machines.

    Args:
        quiet: whether nothing is printed.
        every: seconds between two lines of the same stage if stderr is not a terminal.
        clock: the function that tells the seconds.
        lang: the language that lines are in; it may change once the source is read.

    Raises:
        InputError: if there is no catalogue for the language.
    """

    def __init__(
        self, quiet: bool, every: float = EVERY, clock: Callable[[], float] = time.monotonic, lang: str = ""
    ) -> None:
        self._console = Console(stderr=True)
        self.lang = lang or "en"
        self._status = None if quiet else self._console.status(self._said(noted("starting")))
        self._plain = not quiet and not self._console.is_terminal
        self._every, self._clock = every, clock
        self._stage, self._detail, self._share = "", "", 0.0
        self._began = self._last = clock()
        self._ended = threading.Event()
        self._watch: threading.Thread | None = None
        self.expected = 0  # calls of the run, by its estimate
        self.kept = noted("nothing was written")  # what an interruption leaves behind

    def __enter__(self) -> Self:
        if self._plain:
            # Work that reports nothing for a long time still has to be seen to go on.
            self._watch = threading.Thread(target=self._keep_saying, daemon=True)
            self._watch.start()
        elif self._status is not None:
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._ended.set()
        if self._watch is not None:
            self._watch.join()
        if self._status is not None:
            self._status.stop()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            typer.echo(f"folkmoot: {self._said(noted('stopped'))}; {self._said(self.kept)}", err=True)
            raise typer.Exit(130)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """A context without the line of progress, for a question to the user."""
        running = None if self._plain else self._status
        if running is not None:
            running.stop()
        yield
        if running is not None:
            running.start()

    def say(self, what: object) -> None:
        """Prints lines that stay on the terminal."""
        if self._status is not None and str(what):
            self._console.print(str(what), highlight=False, markup=False, soft_wrap=True)

    def tell(self, sentence: str) -> None:
        """Prints a sentence of the library, in the language of these lines."""
        if self._status is not None:
            self.say(self._said(sentence))

    def detail(self, *parts: str) -> None:
        """Reports details of the current stage: on a terminal at once, elsewhere a line every half minute."""
        if self._status is None:
            return
        self._detail = ", ".join(map(self._said, parts))
        if self._plain:
            self.remind()
        else:
            self._status.update(f"{self._said(self._stage)}: {self._detail}")

    def __call__(self, stage: str, share: float) -> None:
        """Reports a stage, and the share of it that is done, 0 to 1."""
        if self._status is None:
            return
        if stage != self._stage:
            self._stage, self._detail = stage, ""
            self._began = self._last = self._clock()
            if self._plain:
                self._print(f"{self._said(stage)} …")
        self._share = share
        if self._plain:
            self.remind()
        else:
            self._status.update(f"{self._said(stage)} {share:.0%}" if share else self._said(stage))

    def remind(self) -> None:
        """Prints how far the current stage is if half a minute has passed since the last line."""
        now = self._clock()
        if not self._stage or now - self._last < self._every:
            return
        self._last = now
        detail = self._detail or self._said(progress_words(self._share, now - self._began))
        self._print(f"{self._said(self._stage)}: {detail} …")

    def _keep_saying(self) -> None:
        while not self._ended.wait(max(0.01, self._every - (self._clock() - self._last))):
            self.remind()

    def _said(self, sentence: str) -> str:
        """The sentence in the language of these lines; English needs no catalogue to be read."""
        if self.lang == "en":
            return sentence
        from ..report.translations import words

        return words(self.lang).recorded(sentence)

    def _print(self, line: str) -> None:
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)


def progress_words(share: float, seconds: float) -> str:
    """How much is done and how long the rest takes if it goes on like this; without a share, how long it has taken.

    >>> progress_words(0.25, 30.0), progress_words(0.0, 95.0)
    ('25% done, about 2 minutes left', '2 minutes so far')

    Args:
        share: the share that is done, 0 to 1.
        seconds: the seconds that it took.
    """
    if share < ENOUGH or share >= 1:
        return noted(f"{duration(seconds)} so far")
    return noted(f"{share:.0%} done, about {duration(seconds * (1 - share) / share)} left")


def duration(seconds: float) -> str:
    """A time as people say it, to the minute above a minute and a half.

    >>> duration(1), duration(44.6), duration(100), duration(7300)
    ('1 second', '45 seconds', '2 minutes', '2 hours, 2 min')
    """
    if seconds < 90:
        whole = max(1, round(seconds))
        return noted("1 second") if whole == 1 else noted(f"{whole} seconds")
    minutes = round(seconds / 60)
    if minutes < 90:
        return noted(f"{minutes} minutes")
    hours, rest = divmod(minutes, 60)
    whole_hours = noted("1 hour") if hours == 1 else noted(f"{hours} hours")
    return noted(f"{whole_hours}, {rest} min") if rest else whole_hours
