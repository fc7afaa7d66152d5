"""Texts in three languages: which one is shown, and whether a translation is missing or older than its original."""
