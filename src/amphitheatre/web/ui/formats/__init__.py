"""How days and times are written where a page leaves that to Django."""
