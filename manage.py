#!/usr/bin/env python
"""The portal's command line."""

import os
import sys

from django.core.management import execute_from_command_line

from coverage_portal.embedded.server import EmbeddedServerError
from coverage_portal.env import WrongSetting


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coverage_portal.settings")
    try:
        execute_from_command_line(sys.argv)
    except (WrongSetting, EmbeddedServerError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
