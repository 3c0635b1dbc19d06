"""`python -m model` is the same as `revlens`."""

import sys

from model.command_line import main

sys.exit(main())
