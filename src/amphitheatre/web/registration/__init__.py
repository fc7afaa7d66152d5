"""Who takes part in a course, and how they came to."""
