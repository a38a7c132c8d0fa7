"""A web process never loads a face library: it would cost half a gigabyte, and it has no face to look at."""

import os
import subprocess
import sys

import pytest

FORBIDDEN = ("tensorflow", "keras", "tf_keras", "deepface", "mtcnn", "cv2", "dlib", "face_recognition_models")

PORTAL = """
import portal.wsgi, portal.celery
from django.urls import get_resolver
def walk(resolver):
    for entry in resolver.url_patterns:
        walk(entry) if hasattr(entry, "url_patterns") else entry.callback
walk(get_resolver())
"""
REPORT = """
import sys
print(",".join(sorted({name.split(".")[0] for name in sys.modules})))
"""


def modules_after(program: str) -> set[str]:
    """Every top-level module that a fresh web process holds after these lines."""
    env = os.environ | {"CONSENTRY_ROLE": "web", "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    result = subprocess.run(
        [sys.executable, "-c", program + REPORT], env=env, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return set(result.stdout.strip().split(","))


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    return modules_after(PORTAL)


def test_a_web_process_loads_no_face_library(loaded: set[str]) -> None:
    assert "rest_framework" in loaded
    assert loaded.isdisjoint(FORBIDDEN)


def test_a_web_process_does_not_even_load_numpy(loaded: set[str]) -> None:
    assert "numpy" not in loaded


def test_the_sweep_can_fail() -> None:
    assert "cv2" in modules_after("import sys; sys.modules['cv2.dnn'] = sys")
