"""Telling people of the organisation: mails and calendars without content. Knows no tables."""
