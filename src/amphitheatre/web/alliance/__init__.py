"""The institutions, their place in the alliance, and who belongs to them."""
