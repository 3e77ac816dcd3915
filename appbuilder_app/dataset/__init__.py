"""The engine: from a dataset's declaration come its walls, lock, history, screens, API and files."""
