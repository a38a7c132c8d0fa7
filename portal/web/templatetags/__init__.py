"""What templates of pages call."""
