"""Whistle: an organisation's internal reporting channel, sealed, unnamed, answered."""
