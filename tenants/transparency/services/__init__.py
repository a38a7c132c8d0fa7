"""Functions that write, publish and sign."""
