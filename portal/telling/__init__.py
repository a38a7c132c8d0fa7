"""What passes by itself and members are told of, and the letters about everything they are told."""
