"""The clock: acknowledge, warn, escalate, tell, erase; each action exactly once."""
