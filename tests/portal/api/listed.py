"""Watches every refusal of a test: the OpenAPI document has to list its code for that operation."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from drf_spectacular.generators import SchemaGenerator

_PART = re.compile(r"<[^>]*>|\{[^}]*\}")
PROBLEM = "application/problem+json"

unlisted: list[str] = []


class Listed:
    """A middleware outside of all others, so that it hears those who refuse before a view is asked, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if response.get("Content-Type") == PROBLEM:
            unlisted.extend(wrong_in(request, response))
        return response


def wrong_in(request: HttpRequest, response: HttpResponse) -> list[str]:
    """Return what the document does not list; nothing of an address or a method that there is not."""
    try:
        address = bones("/" + resolve(request.path_info).route)
    except Resolver404:
        return []
    operation = operations().get((address, str(request.method).lower()))
    if operation is None:
        return []
    said = json.loads(response.content)
    codes = {said["code"], *(one["code"] for entries in said.get("errors", {}).values() for one in entries)}
    status = str(response.status_code)
    listed = operation["responses"].get(status, {}).get("x-codes", [])
    return [f"{request.method} {address}: {status} {code}" for code in sorted(codes.difference(listed))]


def bones(path: str) -> str:
    """An address without the names of its parts: Django and the document call them otherwise."""
    return _PART.sub("{}", path)


@cache
def operations() -> dict[tuple[str, str], dict[str, Any]]:
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    return {
        (bones(path), method): operation
        for path, found in paths.items()
        for method, operation in found.items()
        if method != "parameters"
    }
