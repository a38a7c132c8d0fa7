"""An example of each request and answer in the OpenAPI document, in Chinese and English, made from its schema.

Nobody has to write one, and none can be out of date. Names, numbers and ids are nobody's.
"""

from typing import Any

from django.utils.translation import gettext, override

LANGUAGES = {"zh": "zh-hans", "en": "en"}
JSON = ("application/json", "application/problem+json", "multipart/form-data")
DEEPEST = 6

# What a text is, by the name of its field: in Chinese and in English. Codes are the same in both.
_TEXTS: dict[str, tuple[str, str]] = {
    "name": ("东门", "East gate"),
    "title": ("不能照此办理", "The request cannot be carried out as it is"),
    "detail": ("请选择门的验证方式。", "Choose the ways that open the door."),
    "message": ("请选择门的验证方式。", "Choose the ways that open the door."),
    "text": ("已当面核对。", "Checked in person."),
    "answer": ("您要的资料请在追踪页下载。", "What you asked for can be downloaded on the tracking page."),
    "reason": ("本人要求。", "The person asked."),
    "note": ("户口簿", "Household register"),
    "address": ("滨江路 1 号", "1 Riverside Road"),
    "contact_name": ("王经理", "Ms Wang"),
    "handler": ("杭州安居物业", "Anju Property Management"),
    "room": ("3-1202", "3-1202"),
    "phone": ("13800138000", "13800138000"),
    "contact": ("13800138000", "13800138000"),
    "contact_phone": ("0571-00000000", "0571-00000000"),
    "slug": ("palm-bay", "palm-bay"),
    "code": ("required", "required"),
    "type": ("urn:consentry:problem:required", "urn:consentry:problem:required"),
    "number": ("R-2601-001", "R-2601-001"),
    "tracking_code": ("7K2M-9QX4-4VTR-H2NB", "7K2M-9QX4-4VTR-H2NB"),
    "url": ("https://hook.example/consentry", "https://hook.example/consentry"),
    "secret": ("whsec_…", "whsec_…"),
    "pairing_code": ("cpc_…", "cpc_…"),
    "article": ("《人脸识别技术应用安全管理办法》第十条", "Measures Art 10"),
    "sentence": ("与本人一致。", "The face belongs to the person."),
    "language": ("zh-hans", "en"),
}
_FORMATS = {
    "uuid": "33333333-3333-4333-8333-333333333333",
    "date": "2026-01-05",
    "date-time": "2026-01-05T08:00:00+08:00",
    "time": "08:00:00",
    "email": "chen@example.com",
    "uri": "https://portal.example/",
    "decimal": "0.50",
}


def add_examples(result: dict[str, Any], **_about: Any) -> dict[str, Any]:
    """Complete the document: drf-spectacular's hook after it was made."""
    schemas = result["components"]["schemas"]
    for operations in result["paths"].values():
        for operation in operations.values():
            bodies = [(operation.get("requestBody", {}), True)]
            bodies += [(answer, False) for answer in operation["responses"].values()]
            for body, is_sent in bodies:
                for kind in JSON:
                    if kind in body.get("content", {}):
                        _complete(body["content"][kind], schemas, is_sent=is_sent)
    return result


def _complete(content: dict[str, Any], schemas: dict[str, Any], *, is_sent: bool) -> None:
    """Written examples are shown in both languages; where there is none, one is made."""
    written = [example["value"] for example in content.pop("examples", {}).values()]
    content["examples"] = {
        short: {"value": _in(language, written[0]) if written else Maker(schemas, short, is_sent).of(content["schema"])}
        for short, language in LANGUAGES.items()
    }


def _in(language: str, value: Any) -> Any:
    """A written example with its sentences in this language."""
    if isinstance(value, dict):
        return {key: _in(language, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_in(language, one) for one in value]
    if not isinstance(value, str) or " " not in value:
        return value
    with override(language):
        return gettext(value)


class Maker:
    """Makes a value that fits a schema. Of what is sent it shows what has to be there, of an answer everything."""

    def __init__(self, schemas: dict[str, Any], language: str, is_sent: bool) -> None:
        self._schemas, self._place, self._is_sent = schemas, list(LANGUAGES).index(language), is_sent

    def of(self, schema: dict[str, Any], name: str = "", depth: int = 0) -> Any:
        if "$ref" in schema:
            return self.of(self._schemas[schema["$ref"].rpartition("/")[2]], name, depth)
        for several in ("allOf", "oneOf", "anyOf"):
            if several in schema:
                return self.of(schema[several][0], name, depth)
        if "enum" in schema:
            return next((value for value in schema["enum"] if value), schema["enum"][0])
        kind = schema.get("type", "object")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return [] if depth > DEEPEST else [self.of(schema["items"], name, depth + 1)]
        if kind == "boolean":
            return True
        if kind in {"integer", "number"}:
            return max(schema.get("minimum", 1), min(1, schema.get("maximum", 1)))
        return self._text(schema, name)

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        known = schema.get("properties", {})
        wanted = [name for name in known if not self._is_sent or name in schema.get("required", known)]
        made = {name: self.of(known[name], name, depth + 1) for name in wanted if depth <= DEEPEST}
        more = schema.get("additionalProperties")
        return made | ({"methods": self.of(more, "message", depth + 1)} if isinstance(more, dict) and more else {})

    def _text(self, schema: dict[str, Any], name: str) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        plain, _underscore, ending = name.rpartition("_")
        if ending in LANGUAGES and plain:
            return ("示例文字。", "A sentence.")[list(LANGUAGES).index(ending)]
        return _TEXTS.get(name, ("示例", "example"))[self._place][: schema.get("maxLength")]
