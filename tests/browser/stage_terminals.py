"""The pages of the second property, which keeps faces on its terminals."""

from tests.browser import on_terminals
from tests.browser.places import Stage
from tests.rehearsal.play import Play


def set_up(stage: Stage, cast: Play) -> None:
    """Pages that show something else where faces stay on the terminals."""
    there = on_terminals.open_property(cast)
    people = {name: person for name, (person, _me) in there["people"].items()}
    lost = on_terminals.lose(there["play"], there["copied"])
    pages = {
        "terminals_today": "",
        "terminals_readiness": "readiness/",
        "terminals_devices": "devices/",
        "terminals_device": f"devices/{there['on']}/",
        "terminals_device_off": f"devices/{there['off']}/",
        "terminals_device_copied": f"devices/{there['copied']}/",
        "device_pairing": f"devices/{there['on']}/pairing/",
        "device_lost": f"devices/{there['on']}/lost/",
        "device_lost_declared": f"devices/{lost}/",
        "device_lost_confirm": f"devices/{lost}/lost/confirm/",
        "device_lost_found": f"devices/{lost}/lost/found/",
        "terminals_person": f"people/{people['kept']}/",
        "terminals_person_leaving": f"people/{people['leaver']}/",
        "terminals_person_sent_back": f"people/{people['sent_back']}/",
        "terminals_photo": f"people/{people['fresh']}/photo/",
        "terminals_erasures": "erasures/",
        "terminals_erasure": f"erasures/{there['play'].site('GET', 'erasures/')['results'][0]['id']}/",
    }
    stage.staff |= {name: f"/t/{there['slug']}/{path}" for name, path in pages.items()}
    stage.public |= {f"terminals_me_{name}": me for name, (_person, me) in there["people"].items()}
