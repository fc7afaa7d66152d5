"""Reproducible measurements of Amphitheatre, with peers beside us. One measurement a file; `run.py` runs them all."""
