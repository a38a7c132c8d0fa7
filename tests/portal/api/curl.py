"""A stand-in for curl on a machine without it: the few options that docs/api.md uses, by httpx."""

import argparse
import sys

import httpx


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-S", action="store_true")
    parser.add_argument("--fail-with-body", action="store_true")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-X", dest="method")
    parser.add_argument("-d", dest="body")
    parser.add_argument("url")
    asked = parser.parse_args(arguments)
    headers = dict(line.split(": ", 1) for line in asked.headers)
    method = asked.method or ("GET" if asked.body is None else "POST")
    answer = httpx.request(method, asked.url, headers=headers, content=(asked.body or "").encode())
    sys.stdout.buffer.write(answer.content)
    return 22 if asked.fail_with_body and answer.is_error else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
