"""Writes portal/api/refusals.json."""

import os

import django

from tests.servers import placeholders


def main() -> None:
    os.environ.update(placeholders())
    django.setup()
    from portal.api.refusals import FILE
    from tests.portal.api.refusals.document import written

    FILE.write_text(written(), encoding="utf-8")
    print(f"Written: {FILE.name}")


if __name__ == "__main__":
    main()
