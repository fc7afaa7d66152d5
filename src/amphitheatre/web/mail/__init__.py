"""Letters to people: written with what they tell of, queued, sent once."""
