"""What an operator may do: set up, try out, keep running."""
