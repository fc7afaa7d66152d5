"""A real S3 server on loopback that checks signatures, for tests. It can be stopped and started again."""

import json
import secrets
from collections.abc import Mapping
from typing import Self

from moto import settings
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

_ACCOUNT = "123456789012"
_EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}


class S3:
    """One bucket, and the credentials of a user who may do everything there."""

    def __init__(self) -> None:
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        self.bucket = f"recordings-{secrets.token_hex(4)}"
        self.url = f"s3://{self.bucket}/hospital"
        s3_backends[_ACCOUNT]["aws"].create_bucket(self.bucket, "us-east-1")
        iam, user = iam_backends[_ACCOUNT]["aws"], secrets.token_hex(4)
        iam.create_user("us-east-1", user)
        iam.put_user_policy(user, "all", json.dumps(_EVERYTHING))
        self.key = iam.create_access_key(user)
        self._server: ThreadedMotoServer | None = None
        self._port = 0

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": self.key.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.key.secret_access_key,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._port}",
            "AWS_ALLOW_HTTP": "true",
        }

    def start(self) -> None:
        self._server = ThreadedMotoServer("127.0.0.1", self._port, verbose=False)
        self._server.start()
        self._port = self._server.get_host_and_port()[1]

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
        self._server = None

    def objects(self) -> dict[str, bytes]:
        """What is in the bucket, by key below the store's address; read behind the server's back."""
        found = s3_backends[_ACCOUNT]["aws"].buckets[self.bucket].keys
        return {name.removeprefix("hospital/"): found[name].value for name in found}

    def replace(self, key: str, data: bytes) -> None:
        s3_backends[_ACCOUNT]["aws"].put_object(self.bucket, f"hospital/{key}", data)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
