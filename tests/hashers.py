"""A hasher that tells how often it was asked."""

from threading import Lock

from django.contrib.auth.hashers import MD5PasswordHasher

LOCK = Lock()
ASKED: list[str] = []


class CountingHasher(MD5PasswordHasher):
    def encode(self, password: str, salt: str) -> str:
        with LOCK:
            ASKED.append(password)
        return super().encode(password, salt)
