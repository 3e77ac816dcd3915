"""The screens that no declaration can give, one module a subject; ``views.py`` says which exist."""
