"""Long work of members: exports, imports, changes to many rows. It goes on when the page is closed."""
