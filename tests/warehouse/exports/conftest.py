"""Exports made by code stand beside the tests, for the fuzzing benchmark as well."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
