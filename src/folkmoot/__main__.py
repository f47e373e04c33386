"""``python -m folkmoot`` is the command ``folkmoot``."""

from .cli.memory import look_less


def main() -> None:
    """The entry point of the command."""
    look_less()  # loading the command makes a hundred thousand objects, and hardly any that nobody needs
    from .cli.main import main as command

    command()


if __name__ == "__main__":
    main()
