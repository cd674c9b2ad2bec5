"""What comes in: bodies that are read in memory, whatever they are."""
