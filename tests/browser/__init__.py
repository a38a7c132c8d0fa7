"""Every page in a real browser: both languages, phone and desktop, checked by axe-core."""
