"""`python -m tests.shelves`: make what every scratch stack copies, static files and empty tables, before they start.

The first of them would make it while the others wait.
"""

from portal.stack.run import Stack

if __name__ == "__main__":
    with Stack(processes=(), seed=False):
        pass
