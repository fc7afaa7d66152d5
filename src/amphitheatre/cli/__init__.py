"""Amphitheatre: a teaching hospital operates in front of the world."""
