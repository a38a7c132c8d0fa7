"""The one-machine stack: embedded PostgreSQL and Valkey, first-run set-up, process supervision.

Nothing here imports Django. What Django has to do (migrations, seed) runs as `manage.py` in a
process of its own, with the environment of the role that may do it.
"""
