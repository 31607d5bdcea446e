"""`python -m amplify_vep` is `amplify-vep`."""

import sys

from amplify_vep.cli import main

sys.exit(main())
