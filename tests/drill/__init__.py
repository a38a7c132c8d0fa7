"""The restore drill: people are erased, an older backup comes back, and none of them comes in: make restore-drill."""
