"""Run the embedded engine and stop it when its parent is gone.

Started by `infra.local.engine` with a pipe as standard input: when the parent ends, however it ends, the
pipe closes and the engine stops as if asked to, saving its state. So no engine is ever left behind.
Having saved, it leaves a mark: the next run must know which state it begins with.
"""

import os
import signal
import stat
import sys
import threading
from pathlib import Path

from ministack.app import main

from infra.local.files import SAVED_MARK


def run() -> None:
    """Serve until asked to stop, save the state and mark it as saved."""
    sys.executable = str(_bare_interpreter())
    threading.Thread(target=_stop_when_parent_ends, daemon=True).start()
    main()
    (Path(os.environ["STATE_DIR"]) / SAVED_MARK).touch()


def _bare_interpreter() -> Path:
    """Write an interpreter that sees no installed packages, as a function in AWS does.

    The engine starts functions with `sys.executable`; with ours, a module that is missing in the
    package fails here too.
    """
    script = Path(os.environ["TMPDIR"]) / "python"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script


def _stop_when_parent_ends() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    run()
