"""``python -m folkmoot`` is the command ``folkmoot``."""

from .cli.main import main

main()
