"""What a reporter may do: file, come back, write again."""
