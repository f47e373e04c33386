"""The democratic processes of the papers (P1 to P4) with their completion."""
