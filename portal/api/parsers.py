"""Bounded reading of what a caller sends."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from portal.api.problems import TooLarge

MAX_JSON_BYTES = 512 * 1024


class BoundedJSONParser(JSONParser):
    """DRF's parser reads to the end whatever its length; this one stops. Photos never travel in JSON."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        content = stream.read(MAX_JSON_BYTES + 1)
        if len(content) > MAX_JSON_BYTES:
            raise TooLarge
        try:
            return super().parse(BytesIO(content), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(str(json.JSONDecodeError("Nested too deeply", "", 0))) from error
