"""``python -m folkmoot`` is the command ``folkmoot``."""

from .cli import main

main()
