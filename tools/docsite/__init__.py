"""Makes the documentation site's pages out of ``docs/``, the package's docstrings, its commands and the tutorials."""
