"""Lower bounds and instances that show what no process can do."""
