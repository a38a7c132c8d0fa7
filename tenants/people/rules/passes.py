"""Pure rules of passes. A pass never depends on a consent."""
