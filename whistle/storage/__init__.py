"""Where things are kept: the database's engine and tables, and files of public keys."""
