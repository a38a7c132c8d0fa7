"""What people come for, from their first screen to their last: one file for each journey, in both languages."""
