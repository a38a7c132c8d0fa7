"""Death at random points: workers, clock, terminal, Valkey and PostgreSQL die while faces come and go. `make chaos`."""
