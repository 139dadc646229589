"""The command `makegood`, as `python -m makegood`."""

import sys

from .cli import main

sys.exit(main())
