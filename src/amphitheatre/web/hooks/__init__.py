"""Webhooks: other programs are told what has happened here."""
