"""`python -m bench.fill COUNT DIMENSION`: enrol so many people in one new property and print its id."""

import sys


def main() -> None:
    import django

    django.setup()
    from django.db import transaction

    from tests import factories
    from tests.recognition.many import make_many_faces, make_rows

    count, dimension = int(sys.argv[1]), int(sys.argv[2])
    with transaction.atomic():
        # Each run of this module numbers its rows from one; several fill the same database.
        handler = factories.make_handler(name=f"示例物业 {count}", credit_code=f"91330100MB{count:08d}")
        tenant = factories.make_property(handler=handler, slug=f"house-of-{count}", name=f"{count}", name_en=f"{count}")
        make_many_faces(tenant, make_rows(count, dimension=dimension), model_version="bench")
    print(tenant.pk)


if __name__ == "__main__":
    main()
