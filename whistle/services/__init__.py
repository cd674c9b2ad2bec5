"""What may be done, by who acts: load rows, ask the pure core what may happen, write rows."""
