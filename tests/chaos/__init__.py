"""Death at random points: worker, terminal, Valkey and PostgreSQL die while faces come and go. `make chaos`."""
