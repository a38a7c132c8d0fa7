"""Every trigger that ends a face, pulled at a running portal through its real door, up to the signed certificate."""
