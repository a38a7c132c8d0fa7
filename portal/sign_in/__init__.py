"""What holds of everybody who signs in, whichever door they come to: pages, API or platform admin."""
