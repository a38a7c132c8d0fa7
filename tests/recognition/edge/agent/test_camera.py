"""Pictures are held where they can be overwritten, and the engine reads them there."""

import uuid
from pathlib import Path

import pytest

from recognition.edge.agent.camera import Folder, read_photo
from recognition.engine import photos
from recognition.engine.camera import Camera, NoCamera
from recognition.engine.codes import FaceRejected
from tests.photos import animated_gif, encoded
from tests.recognition.edge.agent.faces import photo_of


def test_a_photo_in_memory_that_can_be_overwritten_is_read_like_any_other() -> None:
    from PIL import Image

    picture = Image.new("RGB", (32, 24), "red")
    for kind in ("JPEG", "PNG", "WEBP"):
        assert photos.decode(bytearray(encoded(picture, kind))).shape == (24, 32, 3)
    for bad, code in ((animated_gif(), "animated"), (b"%PDF-1.7 and so on", "not_a_photo")):
        with pytest.raises(FaceRejected, match=code):
            photos.sniff(bytearray(bad))


def test_each_picture_of_a_folder_is_seen_once_and_its_name_may_say_who(tmp_path: Path) -> None:
    person = uuid.uuid4()
    (tmp_path / f"{person}-1.jpg").write_bytes(photo_of("li"))
    (tmp_path / "z.PNG").write_bytes(b"z")
    (tmp_path / "notes.txt").write_bytes(b"no picture")
    eyes = Folder(tmp_path)
    seen = [eyes.look(), eyes.look()]
    assert sorted((sight.name, sight.person) for sight in seen if sight) == sorted(
        [(f"{person}-1.jpg", person), ("z.PNG", None)]
    )
    assert eyes.look() is None
    (tmp_path / "new.jpg").write_bytes(b"later")
    sight = eyes.look()
    assert sight and sight.photo == b"later"


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    place = tmp_path / "a.jpg"
    place.write_bytes(b"0123456789")
    assert read_photo(place) == b"0123456789"


@pytest.mark.model
def test_a_camera_that_is_not_there_says_so() -> None:
    with pytest.raises(NoCamera, match="gives no picture"):
        Camera(97).take()
