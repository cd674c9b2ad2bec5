"""Lists and tables that ship with Whistle; README.md names each one's source and licence."""
