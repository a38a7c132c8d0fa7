"""The rights pages of the stage: requests and complaints in each state, holds, evidence, move-outs."""

import re
import time
from datetime import date, timedelta
from typing import Any

from tests.browser.places import Press, Stage
from tests.rehearsal import play, rights
from tests.rehearsal.play import SLUG, Play
from tests.rehearsal.visitors import Browser, expect

PAPER = ("授权书.txt", "本人委托李先生代为查询。".encode())


def colleague(cast: Play) -> Browser:
    """The second member of a play's property, its manager, in another browser. The caller closes it."""
    browser = Browser(cast.url)
    browser.sign_in(play.COLLEAGUE, cast.password)
    return browser


def set_up(stage: Stage, cast: Play, other: Browser) -> None:
    """`other` is a second member. The access request of the play is answered here, with its package."""
    _answered(stage, cast)
    _talk(stage, cast)
    _ended(stage, cast)
    _twice(stage, cast)
    _deletions(stage, cast, other)
    _complaints(stage, cast)
    _holds(stage, cast, other)
    _lists(stage, cast)


def _staff(stage: Stage, **pages: str) -> None:
    stage.staff |= {name: f"/t/{SLUG}/{path}" for name, path in pages.items()}


def _public(stage: Stage, **pages: str) -> None:
    stage.public |= {name: f"/p/{SLUG}/{path}" for name, path in pages.items()}


def _row(cast: Play, path: str, number: str) -> Any:
    return next(row for row in cast.site("GET", f"{path}/")["results"] if row["number"] == number)


def _ask(cast: Play, kind: str, name: str, *, person: str = "", **more: str) -> tuple[str, str]:
    """Enter a request at the desk, proved by `person` if given; return its path and its tracking code."""
    about = {"kind": kind, "name": name, "contact": "13900000001", "room": "3-1202", "channel": "paper", **more}
    made = cast.site("POST", "requests/", 201, **about)
    path = f"requests/{_row(cast, 'requests', made['number'])['id']}/"
    if person:
        cast.site("POST", f"{path}confirm/", person=person)
    return path, made["tracking_code"]


def _answered(stage: Stage, cast: Play) -> None:
    row = _row(cast, "requests", cast.things["number"])
    rights.answer_request(cast)
    until = time.monotonic() + play.PATIENCE
    while not _row(cast, "requests", cast.things["number"])["package_until"]:
        assert time.monotonic() < until, "no package"
        time.sleep(0.2)
    steps = {"answered": "", "code": "code/", "package_again": "package/"}
    _staff(stage, **{f"request_{name}": f"requests/{row['id']}/{step}" for name, step in steps.items()})
    code = cast.things["code"]
    _public(stage, request_track_answered=f"requests/{code}/", request_package=f"requests/{code}/package/")


def _talk(stage: Stage, cast: Play) -> None:
    """A request with a message each way, a paper and a note; the code to prove it is asked for."""
    path, code = _ask(cast, "correct", "郑女士", message="房号写错了。")
    note = "前台说她上周来过，房号写错了。"
    cast.site("POST", f"{path}messages/", 201, kind="note", text=note)
    cast.site("POST", f"{path}messages/", 201, kind="to_person", text="请告诉我们哪一项不对，应该怎么写。")
    page = cast.resident.page(f"/p/{SLUG}/requests/{code}/")
    said = {"text": "房号应为 3-1203。\n电话没有变。"}
    expect(cast.resident.submit(page, action="multipart", files={"papers": PAPER}, **said), 200)
    prove = cast.resident.page(f"/p/{SLUG}/requests/{code}/prove/")
    expect(cast.resident.submit(prove, action='name="send"', send="on"), 200)
    steps = {"": "", "_assign": "assign/", "_note": "note/", "_ask_proof": "proof/", "_confirm": "confirm/"}
    steps |= {"_refuse": "refuse/", "_write": "write/", "_write_ready": "write/?ready=prove"}
    _staff(stage, **{f"request{name}": f"{path}{step}" for name, step in steps.items()})
    pages = {"track": "", "prove": "prove/", "sent": "sent/", "take_back": "take-back/", "no_package": "package/"}
    _public(stage, **{f"request_{name}": f"requests/{code}/{step}" for name, step in pages.items()})


def _ended(stage: Stage, cast: Play) -> None:
    """One that was refused, and one that the person took back."""
    refused, code = _ask(cast, "copy", "孙先生")
    reason = {"code": "not_held", "article": "PIPL 45", "text": "这里没有您的人脸，也没有您的其他信息。"}
    cast.site("POST", f"{refused}refuse/", **reason)
    _staff(stage, request_refused=refused, request_refuse_closed=f"{refused}refuse/")
    _public(stage, request_track_refused=f"requests/{code}/")
    _path, back = _ask(cast, "explain", "周先生", message="周日晚上门没有开。")
    page = cast.resident.page(f"/p/{SLUG}/requests/{back}/take-back/")
    expect(cast.resident.submit(page, action="btn-primary"), 200)
    _public(stage, request_track_taken_back=f"requests/{back}/")


def _twice(stage: Stage, cast: Play) -> None:
    """The same asked three times: one is merged, one could be."""
    person = cast.things["person"]
    (first, goes_on), (second, merged), (third, _code) = (
        _ask(cast, "transfer", "巴先生", person=person) for _time in range(3)
    )
    cast.site("POST", f"{second}merge/", into=first.split("/")[1])
    cast.site("POST", f"{first}extend/", reason="要向门禁厂商核对记录。")
    _staff(stage, request_same=third, request_extend=f"{third}extend/", request_merged=second)
    _staff(stage, request_extended=first, request_answer_package=f"{first}answer/")
    _public(stage, request_track_merged=f"requests/{merged}/", request_track_extended=f"requests/{goes_on}/")


def _deletions(stage: Stage, cast: Play, other: Browser) -> None:
    """One to look at before it is done, with a hold on its papers; one that is done."""
    person, me = cast.person("林先生")
    play.agree(cast, me)
    cast.site("POST", f"people/{person}/passes/", 201, kind="pin")
    hold(cast.staff, kind="evidence", person=person, reason="仲裁委要求保留其书面材料。", approved_by=other)
    waiting, _code = _ask(cast, "delete", "林先生", person=person)
    _staff(stage, request_answer_deletion=f"{waiting}answer/")
    gone, _me = cast.person("何先生")
    done, code = _ask(cast, "delete", "何先生", contact="13900000002", person=gone)
    cast.site("POST", f"{done}answer/", text="您的人脸和资料已全部删除。")
    order = next(row for row in cast.site("GET", "erasures/")["results"] if row["person"] == gone)
    _staff(stage, request_deleted=done, erasure_person=f"erasures/{order['id']}/", evidence_bundle=f"evidence/{gone}/")
    _public(stage, request_track_deleted=f"requests/{code}/")


def _complaints(stage: Stage, cast: Play) -> None:
    made = [
        cast.staff.api("POST", f"public/{SLUG}/complaints/", 201, text=text, name=name, contact="")
        for text, name in (("7 号楼的镜头对着我家门口。\n请调整方向。", ""), ("门口的告示被海报挡住了。", "赵女士"))
    ]
    first, second = (f"complaints/{_row(cast, 'complaints', row['number'])['id']}/" for row in made)
    cast.site("POST", f"{second}answer/", text="海报当天已经移走，告示重新可见。谢谢您。")
    steps = {"": "", "_answer": "answer/", "_assign": "assign/", "_person": "person/?q=巴"}
    _staff(stage, complaints="complaints/", complaints_closed="complaints/?tab=closed", complaint_answered=second)
    _staff(stage, **{f"complaint{name}": f"{first}{step}" for name, step in steps.items()})
    open_code, answered = (row["tracking_code"] for row in made)
    _public(
        stage, complaint_form="complaint/", complaint_find="complaints/", complaint_sent=f"complaints/{open_code}/sent/"
    )
    _public(stage, complaint_track=f"complaints/{open_code}/", complaint_track_answered=f"complaints/{answered}/")


def hold(by: Browser, *, kind: str, reason: str, person: str = "", approved_by: Browser | None = None) -> str:
    """Ask for a legal hold; return the path of its pages."""
    path = f"/t/{SLUG}/retention/holds/"
    known = set(_hold_paths(by.page(path).text))
    ends_on = (date.today() + timedelta(days=90)).isoformat()  # noqa: DTZ011 - some day ahead
    about = {"kind": kind, "person": person, "reason": reason, "article": "PIPL 47", "ends_on": ends_on}
    listed = expect(by.submit(by.page(f"{path}add/"), action="ends_on", **about), 200).text
    (made,) = set(_hold_paths(listed)) - known
    if approved_by is not None:
        expect(approved_by.submit(approved_by.page(f"{made}approve/"), action="btn-primary"), 200)
    return made


def _hold_paths(listed: str) -> list[str]:
    return re.findall(rf"(/t/{SLUG}/retention/holds/[0-9a-f-]{{36}}/)lift/", listed)


def _holds(stage: Stage, cast: Play, other: Browser) -> None:
    """One that the second member asked for, which the first may approve; another one is in force already."""
    waiting = hold(other, kind="events", reason="东门丢了一辆车，派出所要看当天的通行记录。")
    stage.staff |= {"hold_approve": f"{waiting}approve/", "hold_lift": f"{waiting}lift/"}
    _staff(stage, holds="retention/holds/", hold_add="retention/holds/add/")


def _lists(stage: Stage, cast: Play) -> None:
    pages = {
        "requests": "requests/",
        "requests_closed": "requests/?tab=closed",
        "requests_empty": "requests/?q=nothing-of-that-name",
        "request_enter": "requests/enter/",
        "request_enter_found": "requests/enter/?q=巴",
        "move_outs": "requests/move-outs/",
        "move_outs_found": "requests/move-outs/?q=先生",
        "evidence": "evidence/",
        "erasures": "erasures/",
        "retention": "retention/",
        "retention_calendar": "retention/calendar/",
        "retention_week": "retention/calendar/?week=1",
    }
    _staff(stage, **pages)
    _public(stage, request_form="request/", request_find="requests/", certificate_check="certificate/")
    me = cast.things["me"]
    stage.public |= {"me_ask": f"{me}ask/", "child_ask": f"{cast.things['mother']}children/{cast.things['child']}/ask/"}
    _pressed(stage)


def _pressed(stage: Stage) -> None:
    """Pages that only a form leads to. None of these changes anything but the first, which adds a request."""
    entered = {"kind": "access", "name": "马女士", "contact": "13900000003"}
    moving = {"listed": "吴新\n郑半\n9-9999"}
    stage.pressed = {
        "request_slip": Press("staff", f"/t/{SLUG}/requests/enter/", entered),
        "move_outs_preview": Press("staff", f"/t/{SLUG}/requests/move-outs/", moving),
        "move_outs_mistakes": Press("staff", f"/t/{SLUG}/requests/move-outs/", {}),
        "request_form_mistakes": Press("public", f"/p/{SLUG}/request/", {}),
        "complaint_form_mistakes": Press("public", f"/p/{SLUG}/complaint/", {}),
        "certificate_check_foreign": Press("public", f"/p/{SLUG}/certificate/", {"text": '{"v": 1}'}),
    }
