"""What a case handler may do: sign in, see, open, answer."""
