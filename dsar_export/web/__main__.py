"""`python -m dsar_export.web`: the process that answers."""

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path

from dsar_export.errors import DsarExportError
from dsar_export.settings import read_settings
from dsar_export.web.app import build_app
from dsar_export.web.place import Place
from dsar_export.web.serving import server_of
from dsar_export.wiring import build_opener
from dsar_export.wiring.beside import starter
from dsar_export.wiring.logs import set_up_logs


def main(arguments: list[str]) -> int:
    """Serves until it is asked to end."""
    parser = argparse.ArgumentParser(prog="dsar-export serve")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--demo", type=Path)
    parsed = parser.parse_args(arguments)
    chosen = {"web_host": parsed.host, "web_port": parsed.port}
    os.umask(0o077)
    try:
        settings = read_settings()
        settings = settings.model_copy(update={n: value for n, value in chosen.items() if value is not None})
        set_up_logs(settings.log_format)
        place = Place(settings, opener=build_opener().page)
        server = server_of(build_app(place, parsed.demo), settings)
    except DsarExportError as error:
        sys.stderr.write(f"dsar-export: {error}\n")
        return 2
    if (beside := starter()) is not None:
        threading.Thread(target=_end_with, args=(beside,), name="beside", daemon=True).start()
    try:
        server.run()
    except SystemExit:  # the log has the reason, such as a port that another process has
        return 2
    finally:
        place.close()
    return 0


def _end_with(beside: int) -> None:
    """Ends as if asked to, when the process that started this one beside workers is gone."""
    while os.getppid() == beside:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
