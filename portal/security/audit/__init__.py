"""The audit that nobody can rewrite unseen: access events, seals over all entries, and their verification."""
