"""The demonstration: one handler with a compound and a hotel, made through the services alone."""
