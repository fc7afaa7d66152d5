"""Courses, their sessions, rooms and techniques, and who does what when."""
