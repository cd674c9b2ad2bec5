"""Who comes in: signing in, sessions, and the roles that the doors ask for. For desk and office."""
