"""From a profile to a slate, its record, its audit and its proof."""
