"""What a person sees of their passes, and that no package opens a door."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import override

from portal.web.reads.packages import sections
from recognition.matching.passing import try_pass
from tenants.organizations.models import Property
from tenants.people.services import passes
from tenants.premises.kinds import MethodKind
from tenants.rights.kinds import RequestKind
from tenants.rights.services import packages, requests
from tests import factories


def test_a_package_shows_passes_in_words_and_none_of_their_secrets(tenant: Property) -> None:
    person = factories.make_person(tenant)
    door = factories.make_door(tenant, methods=(MethodKind.FACE, MethodKind.CARD))
    card = passes.issue_card(tenant=tenant, person=person, number="0004567890AB", doors=[door])
    pin_pass, pin = passes.issue_pin(tenant=tenant, person=person)
    try_pass(device=factories.make_device(tenant, door)[0], kind="card", card="0004567890AB")
    request, _code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="1")
    requests.confirm(tenant=tenant, request=request, person=person)
    contents = packages.download(request=requests.answer(tenant=tenant, request=request, text="请下载"))
    text = json.dumps(contents, cls=DjangoJSONEncoder, ensure_ascii=False)
    assert not any(secret in text for secret in ("0004567890AB", card.card_hash, pin, pin_pass.pin_hash))
    assert contents["stores"]["events"][0]["method"] == "card"
    with override("en"):
        shown = {part["title"]: [dict(row) for row in part["rows"]] for part in sections(contents)}
    rows = {row["Kind"]: row for row in shown["Cards, PINs and QR passes"]}
    assert (rows["Card"]["Last four"], rows["Card"]["Doors"], rows["Card"]["State"]) == ("90AB", door.name, "Active")
    assert rows["PIN"]["Personal number"] == pin_pass.pass_number
    assert shown["Door events"][0]["Why"] == "The pass is valid at this door."
