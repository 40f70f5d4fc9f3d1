"""The worker's process: `python -m cmo.web.jobs FOLDER`."""

import sys
from pathlib import Path

from cmo.web.orphan import leave_with_parent
from cmo.web.start import configure, opened

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    leave_with_parent()
    opened(configure(folder))
    from cmo.web.jobs.worker import work

    work(folder)
