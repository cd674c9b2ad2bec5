"""What the officer does: people, keyrings, the log. Nothing here sees a case's content."""
