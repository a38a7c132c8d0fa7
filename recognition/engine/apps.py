from django.apps import AppConfig


class EngineConfig(AppConfig):
    """The face library behind one small protocol; it has no models and loads none at start-up."""

    name = "recognition.engine"
    label = "engine"

    def ready(self) -> None:
        from recognition.engine import checks  # noqa: F401 - registers the system checks
