"""Letting people in, and what belongs to them."""
