"""Committee rules of the literature, one file each."""
