"""Everything an operator can set, and nothing else."""
