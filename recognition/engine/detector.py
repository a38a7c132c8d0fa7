"""MTCNN as DeepFace builds it, made to find faces in bounded time and memory. Numbers: docs/models.md."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.engine.faces import Face

DETECTION_SIDE = 640  # the detector's time and memory grow with the pixels: 8.6 GB on a full photo

# What each of MTCNN's three networks takes: a photo of any size, then many small patches.
_STAGE_SHAPES = ((None, None, None, 3), (None, 24, 24, 3), (None, 48, 48, 3))
# Photos had 344 places at most, of one size, where the first network saw a face. MTCNN compares each with each, so
# a made picture full of faces took 4.7 GB.
MOST_PLACES = 600
PATCHES_AT_A_TIME = 128


class Detector:
    """Finds faces with DeepFace's MTCNN. DeepFace's own client is passed by, because it drops nose and mouth."""

    def __init__(self, mtcnn: Any) -> None:
        self._mtcnn = _compiled(mtcnn)

    def find(self, picture: NDArray[np.uint8]) -> list[Face]:
        """All faces of an RGB picture (height, width, 3), in its pixels."""
        import cv2

        height, width = picture.shape[:2]
        scale = min(1.0, DETECTION_SIDE / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = picture if scale == 1.0 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        faces = []
        for row in self._mtcnn.detect_faces(np.ascontiguousarray(small), output_type="numpy"):
            x, y, wide, high = (int(edge) for edge in row[1:5].round())
            points = tuple((float(px), float(py)) for px, py in zip(row[6:11], row[11:16], strict=True))
            faces.append(Face(x, y, x + wide, y + high, float(row[5]), points).scaled(1 / scale))
        return faces


def _compiled(mtcnn: Any) -> Any:
    """MTCNN with each network as one graph: the same numbers in less than half the time of layer by layer."""
    import tensorflow

    for at, (stage, shape) in enumerate(zip(mtcnn.stages, _STAGE_SHAPES, strict=True)):
        if isinstance(stage._model, tensorflow.keras.Model):  # DeepFace keeps one detector for all of a process
            network = stage._model if at else _of_the_most_certain(stage._model)
            signature = [tensorflow.TensorSpec(shape, tensorflow.float32)]
            graph = tensorflow.function(network, input_signature=signature, autograph=False)
            graph.get_concrete_function()  # drawn up now, not with the first person
            stage._model = _in_parts(graph) if at else graph
    return mtcnn


def _of_the_most_certain(network: Any) -> Any:
    """The first network with its scores (1, height, width, 2) at nought but for the MOST_PLACES likeliest faces."""
    import tensorflow

    def bounded(photo: Any) -> tuple[Any, Any]:
        boxes, scores = network(photo)
        faces = tensorflow.reshape(scores[..., 1], [-1])
        _scores, places = tensorflow.math.top_k(faces, tensorflow.minimum(MOST_PLACES, tensorflow.size(faces)))
        is_kept = tensorflow.scatter_nd(places[:, None], tensorflow.ones_like(places), tensorflow.shape(faces))
        is_kept = tensorflow.reshape(is_kept, tensorflow.shape(scores)[:-1])
        return boxes, scores * tensorflow.cast(is_kept, tensorflow.float32)[..., None]

    return bounded


def _in_parts(graph: Any) -> Any:
    """A network that is shown many patches at once, shown some at a time: memory does not grow with their number."""
    import tensorflow

    def bounded(patches: Any) -> Any:
        count = len(patches)
        if count <= PATCHES_AT_A_TIME:
            return graph(patches)
        starts = range(0, count, PATCHES_AT_A_TIME)
        parts = [graph(patches[start : start + PATCHES_AT_A_TIME]) for start in starts]
        return tuple(tensorflow.concat(answers, axis=0) for answers in zip(*parts, strict=True))

    return bounded
