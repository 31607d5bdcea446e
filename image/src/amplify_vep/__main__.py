"""`python -m amplify_vep` runs the command line `amplify-vep`."""

import sys

from amplify_vep.cli import main

sys.exit(main())
