"""The main job, played from outside: a scratch stack, HTTP only, real faces. `make rehearsal`."""
