"""Reads of the pages that are longer than a filter. Nothing here changes anything."""
