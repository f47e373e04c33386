"""The command line: parse, call, print. `folkmoot.cli.main` holds the entry point."""
