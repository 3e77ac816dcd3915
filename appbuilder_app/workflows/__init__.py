"""What people do, one module a verb-family, without Flask. Verbs flush; their callers commit or roll back."""
