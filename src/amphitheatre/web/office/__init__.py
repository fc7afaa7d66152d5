"""The back office: every record of the house in lists and forms, for those whose role it is."""
