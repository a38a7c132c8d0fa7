"""The steps of somebody who asks what is held, and of a stay that ends."""

import io
import time
import zipfile
from datetime import date, timedelta

from tests.photos import photo
from tests.rehearsal.play import PATIENCE, SLUG, Play, agree, enroll_by_page, expect, wait_for_face


def request_access(play: Play) -> None:
    """the resident asks what is held, without an account, and gets a tracking code"""
    page = play.resident.page(f"/p/{SLUG}/request/")
    fields = {"kind": "access", "name": "巴先生", "contact": "13900000000", "room": "7-0101", "message": ""}
    sent = expect(play.resident.submit(page, action='name="contact"', asked_by="self", **fields), 200)
    assert "R-" in sent.text, "the page shows no number"
    received = play.staff.api("POST", f"public/{SLUG}/requests/", 201, **fields)
    play.things["code"], play.things["number"] = received["tracking_code"], received["number"]


def answer_request(play: Play) -> None:
    """the desk confirms who asks and answers"""
    row = next(r for r in play.site("GET", "requests/")["results"] if r["number"] == play.things["number"])
    play.site("POST", f"requests/{row['id']}/confirm/", person=play.things["person"])
    play.site("POST", f"requests/{row['id']}/answer/", text="您的信息已备好，请下载。")


def download_package(play: Play) -> None:
    """the resident downloads the package that a worker built; it names the consents and holds no face"""
    code, until = play.things["code"], time.monotonic() + PATIENCE
    while not play.staff.api("GET", f"public/{SLUG}/requests/{code}/")["package_until"]:
        assert time.monotonic() < until, f"no package after {PATIENCE:.0f} s"
        time.sleep(2)  # it answers a stranger thirty times a minute
    answer = play.resident.submit(play.resident.page(f"/p/{SLUG}/requests/{code}/package/"), action="Download")
    with zipfile.ZipFile(io.BytesIO(expect(answer, 200).content)) as package:
        assert {"package.html", "package.pdf", "package.json"} <= set(package.namelist()), package.namelist()
        text = package.read("package.json").decode() + package.read("package.html").decode()
    assert "recognition" in text and "巴先生" in text, text
    assert "sealed" not in text and "embedding" not in text, "the package must hold no template"


def retention(play: Play) -> None:
    """the retention sweep erases a person whose stay has ended"""
    person, me = play.person("阿姆斯特朗")
    agree(play, me)
    enroll_by_page(play, me, photo("astronaut.png"))
    wait_for_face(play, person, "enrolled")
    ended = (date.today() - timedelta(days=2)).isoformat()  # noqa: DTZ011 - two days ago everywhere
    fields = {"name": "阿姆斯特朗", "kind": "owner", "age_band": "adult", "stay_ends_on": ended}
    play.site("PUT", f"people/{person}/", **fields)
    wait_for_face(play, person, "erased")
