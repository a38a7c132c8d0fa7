"""Two hundred residents read their pages while one address floods the portal: make load."""
