"""What can go wrong with a synthetic camera.

CameraError
├── CacheError        a loop could not be drawn or read
├── SpeechError       the speech synthesiser is missing or failed
└── PublishError      the origin is not there, refused us, or went away
    └── RefusedError  the origin answered and said no (wrong key, view already live)
"""


class CameraError(Exception):
    """Root of this layer's errors."""


class CacheError(CameraError):
    pass


class SpeechError(CameraError):
    pass


class PublishError(CameraError):
    pass


class RefusedError(PublishError):
    pass
