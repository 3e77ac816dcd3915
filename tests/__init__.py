"""The tests. Fixtures live in files named *_fixtures.py and are loaded by conftest.py."""
