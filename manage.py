#!/usr/bin/env python
"""Django's command line for Consentry."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
    from django.core.management import execute_from_command_line

    from portal.redaction import guard_uncaught

    guard_uncaught()
    execute_from_command_line(sys.argv)
