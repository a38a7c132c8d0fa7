"""`python -m bench`: run every benchmark, or those named: `python -m bench gallery represent`."""

import importlib
import os
import sys

NAMES = ("gallery", "represent")


def main() -> None:
    import django

    from portal.stack.run import Stack

    with Stack(processes=(), seed=False, prepare=False) as stack:
        os.environ.update(stack.env("recognition"))
        django.setup()
        for name in sys.argv[1:] or NAMES:
            print(importlib.import_module(f"bench.{name}").run(), flush=True)


if __name__ == "__main__":
    main()
