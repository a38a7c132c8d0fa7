"""The terminal with the real model, as its own process: it knows who came back, on another photo."""

import shutil
import uuid

import pytest

from tests import photos
from tests.agents import Agent, short_home
from tests.recognition.edge.agent.double import Double
from tests.recognition.edge.agent.loopback import listening


@pytest.mark.model
@pytest.mark.stack
def test_a_face_taken_here_opens_on_another_photo_and_a_strangers_does_not() -> None:
    person, folder, home = uuid.uuid4(), photos.fetch(), short_home()
    portal = Double(storage_mode="on_device", allowed={str(person)})
    order = portal.order("enrol", person, until=None)
    try:
        with listening(portal) as url, Agent(url, home, options=(), environment={}) as agent:
            agent.start(pairing=portal.code)
            assert agent.sync() == ""
            assert agent.enrol(str(person), folder / "coffee.png")["error"] == "no_face"
            assert agent.enrol(str(person), folder / "obama.jpg")["enrolled"], agent.told()
            assert agent.sync() == ""
            assert agent.show(folder / "obama2.jpg")["allowed"]
            assert agent.show(folder / "biden.jpg")["rule"] == "no_match"
            assert agent.show(folder / "coffee.png")["rule"] == "no_face"
            assert agent.stop() == 0
    finally:
        shutil.rmtree(home)
        home.with_name(home.name + ".log").unlink(missing_ok=True)
    receipt = portal.outcome(order)
    assert receipt["outcome"] == "done"
    assert receipt["model"].startswith("dlib-resnet")
    assert portal.reports[0]["algorithm"] == "dlib-resnet"
