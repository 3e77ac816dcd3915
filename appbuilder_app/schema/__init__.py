"""The schema, a module a subject; ``models.py`` is its index, in the order of reading."""
