"""Photos of many people by the page: several files, a folder sent one by one, a zip."""

import io
import zipfile
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings

from portal.web import zips
from recognition.enrollment import batches, jobs
from recognition.enrollment.models import Capture, PhotoBatch, PhotoBatchRow
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.people.models import Person
from tests import factories
from tests.fakes import face_photo
from tests.roles import database_role

Address = Callable[..., str]


@pytest.fixture
def people(tenant: Property) -> list[Person]:
    return [factories.make_consented_person(tenant)[0] for _number in range(2)]


@pytest.fixture
def page(desk: Client, tenant: Property, address: Address, people: list[Person]) -> str:
    """The address of a batch that was just started."""
    answer = desk.post(address("batches"))
    assert answer.status_code == 302 and answer.url == address("batch", PhotoBatch.objects.get().pk)
    return answer.url


def file(name: str, content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, face_photo(name) if content is None else content, "image/jpeg")


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_several_photos_come_in_at_once_and_each_has_its_row(desk: Client, page: str, people: list[Person]) -> None:
    files = [file(people[0].code + ".jpg"), file("holiday.jpg")]
    answer = desk.post(page, {"files": files}, follow=True)
    shown = answer.content.decode()
    assert [row.refused for row in answer.context["object_list"]] == ["no_code", ""]
    assert "holiday.jpg" in shown and people[0].code in shown and 'hx-trigger="every 2s"' in shown
    assert Capture.objects.count() == 1


def test_the_progress_alone_is_answered_while_photos_wait_and_the_page_is_loaded_anew_at_the_end(
    desk: Client, page: str, tenant: Property, people: list[Person]
) -> None:
    desk.post(page, {"files": [file(people[0].code + ".jpg")]})
    headers = {"hx-request": "true", "hx-target": "progress"}
    part = desk.get(page, headers=headers)
    assert "<html" not in part.content.decode() and "HX-Refresh" not in part
    batch_id = PhotoBatch.objects.get().pk
    with database_role("recognition"):
        jobs.process_next(tenant_id=tenant.pk, batch_id=batch_id)
    assert desk.get(page, headers=headers)["HX-Refresh"] == "true"
    assert desk.get(page, {"state": "done"}).context["object_list"].count() == 1
    assert not desk.get(page, {"state": "refused"}).context["object_list"].exists()


def test_a_folder_is_sent_one_by_one_and_gets_no_page_back(desk: Client, page: str, people: list[Person]) -> None:
    for person in people:
        answer = desk.post(page, {"files": [file(person.code + ".jpg")]}, headers={"x-one-by-one": "yes"})
        assert answer.status_code == 204 and not answer.content
    assert desk.post(page, {}, headers={"x-one-by-one": "yes"}).status_code == 400
    assert PhotoBatchRow.objects.count() == 2


def test_a_zip_is_unpacked_and_what_computers_add_is_left_out(desk: Client, page: str, people: list[Person]) -> None:
    names = {f"photos/{person.code}.jpg": face_photo(person.code) for person in people}
    archive = zipped(**names, **{"__MACOSX/._x.jpg": b"x", "photos/.DS_Store": b"x", "photos/Thumbs.db": b"x"})
    desk.post(page, {"files": [file("photos.zip", archive)]})
    assert set(PhotoBatchRow.objects.values_list("person", flat=True)) == {person.pk for person in people}


def test_a_zip_larger_than_an_ordinary_upload_is_taken(desk: Client, page: str, people: list[Person]) -> None:
    archive = zipped(**{people[0].code + ".jpg": face_photo("li"), "filler.bin": bytes(3000)})
    with override_settings(MAX_UPLOAD_BYTES=2000):
        desk.post(page, {"files": [file("photos.zip", archive)]})
    assert PhotoBatchRow.objects.filter(person=people[0]).exists()
    assert PhotoBatchRow.objects.get(label="filler.bin").refused == "no_code"


@pytest.mark.parametrize(
    ("archive", "code"),
    [
        (zips.START + b"no more", "damaged"),
        (zipped(**{"a.jpg": b"x"})[:-30], "damaged"),
        (zipped(**{f"{n}.jpg": b"" for n in range(zips.MAX_FILES + 1)}), "too_many_files"),
    ],
    ids=["its beginning alone", "its end is missing", "too many files"],  # its bytes tell the time
)
def test_a_zip_that_cannot_be_read_is_refused_whole(archive: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        list(zips.photos(archive))
    assert refused.value.code == code


def test_a_zip_that_swells_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MAX_UNPACKED", 100)
    with pytest.raises(ValidationError) as refused:
        list(zips.photos(zipped(**{"a.jpg": bytes(101)})))
    assert refused.value.code == "too_large"


def test_a_damaged_zip_says_so_and_leaves_what_came_before_it(desk: Client, page: str, people: list[Person]) -> None:
    def damaged() -> SimpleUploadedFile:
        return file("photos.zip", zips.START + b"no more")

    answer = desk.post(page, {"files": [file(people[0].code + ".jpg"), damaged()]}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error", "success"]
    assert PhotoBatchRow.objects.get().person == people[0]
    assert desk.post(page, {"files": [damaged()]}, headers={"x-one-by-one": "yes"}).status_code == 400


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_whose_content_is_damaged_is_refused_in_words(method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.jpg", bytes(range(256)) * 20)
    damaged = bytearray(buffer.getvalue())
    damaged[45:75] = b"\xff" * 30
    with pytest.raises(ValidationError) as refused:
        list(zips.photos(bytes(damaged)))
    assert refused.value.code == "damaged"


def test_a_zip_that_lists_too_much_is_refused_before_its_list_is_read() -> None:
    with patch.object(zipfile, "ZipFile") as opened, pytest.raises(ValidationError) as refused:
        list(zips.photos(zips.START + b"PK\x01\x02" * (zips.MAX_LISTED + 1)))
    assert refused.value.code == "too_many_files" and not opened.called


def test_folders_parted_by_a_backslash_are_folders() -> None:
    assert [name for name, _content in zips.photos(zipped(**{"photos\\3f2a9c01.jpg": b"x"}))] == ["photos/3f2a9c01.jpg"]


def test_while_a_zip_comes_in_nothing_of_it_is_locked_any_more(
    desk: Client, page: str, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The face worker would wait for such a lock, and every door for the worker."""
    depths: list[int] = []

    def then_look(*, label: str, **rest: object) -> None:
        depths.append(len(connection.savepoint_ids))

    monkeypatch.setattr(batches, "add", then_look)
    desk.post(page, {"files": [file(person.code + ".jpg") for person in people]})
    assert depths == [1, 1]  # within the transaction of this test: one for each file, and none around them


def test_stopping_asks_first_and_then_deletes_what_waits(
    desk: Client, page: str, address: Address, people: list[Person]
) -> None:
    desk.post(page, {"files": [file(people[0].code + ".jpg")]})
    stop = address("batch_stop", PhotoBatch.objects.get().pk)
    assert Capture.objects.count() == 1 and desk.get(stop).status_code == 200
    assert Capture.objects.count() == 1
    assert desk.post(stop).url == page
    assert not Capture.objects.exists()


def test_a_batch_and_its_files_are_read_with_as_many_queries_whatever_their_number(
    desk: Client, page: str, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    def fill(number: int) -> tuple[int, int]:
        for _each in range(number):
            person = factories.make_consented_person(tenant)[0]
            desk.post(page, {"files": [file(person.code + ".jpg")]})
        return count_queries(desk, page), count_queries(desk, address("batches"))

    assert fill(1) == fill(6)


def test_where_faces_stay_on_the_terminals_no_batch_is_started(
    desk: Client, tenant: Property, address: Address
) -> None:
    tenant.storage_mode = StorageMode.ON_DEVICE
    tenant.save()
    assert desk.get(address("batches")).context["is_on_device"]
    desk.post(address("batches"))
    assert not PhotoBatch.objects.exists()
