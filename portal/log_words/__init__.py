"""The logs in words, for pages, files and the platform admin. The logs themselves keep codes and ids."""
