"""`python -m tests.chaos.delivering POINT WHEN NUMBER STEP ARGUMENT`: hands out or takes back, and is killed there.

A process of its own, as the library of S3 does not survive a fork.
"""

import sys
from dataclasses import replace

from dsar_export.model.people import Person
from dsar_export.settings import read_settings
from dsar_export.use_cases.downloads import start_download
from dsar_export.use_cases.reissue import reissue
from dsar_export.wiring.desk import open_web_desk
from tests.use_cases.killing import arm


def main(point: str, when: str, number: str, step: str, argument: str) -> None:
    """Does the step by the settings in the environment: `reissue REFERENCE` or `start TOKEN`."""
    desk = open_web_desk(read_settings())
    arm(point, when, int(number))
    if step == "reissue":
        reissue(replace(desk, person=Person("ada", None)), argument)
    else:
        start_download(desk, argument)


if __name__ == "__main__":
    main(*sys.argv[1:])
