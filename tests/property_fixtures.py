"""How property tests run: without a time limit an example, which a busy machine would break by itself."""

from hypothesis import settings

settings.register_profile("thabian", deadline=None)
settings.load_profile("thabian")
