"""Views: resolve, check the shape, call one service, answer."""
