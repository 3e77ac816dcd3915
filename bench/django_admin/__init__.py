"""Django's admin over the application's tables, to compare with; the application itself never imports it."""
