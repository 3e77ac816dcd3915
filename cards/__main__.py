"""``python -m cards`` is ``smartcard-agent``."""

import sys

from .cli import main

sys.exit(main())
