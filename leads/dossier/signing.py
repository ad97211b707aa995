"""Signatures with Ed25519, and the keys for them as PEM. Pure.

A key's id is the SHA-256 of its public half in DER: `openssl pkey -pubin -outform DER | sha256sum`.
"""

import re
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

PUBLIC_BLOCK = re.compile(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----\s*", re.DOTALL)


class KeyFormatError(Exception):
    """The message says what is wrong with the key."""


def key_id(key: Ed25519PublicKey) -> str:
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_private_key(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFormatError("it holds no private key in PEM without a password.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFormatError("its key is not an Ed25519 one: openssl genpkey -algorithm ed25519 makes those.")
    return key


def read_public_keys(pem: bytes) -> list[Ed25519PublicKey]:
    """All that stand in the text, in their order."""
    try:
        keys = [load_pem_public_key(block) for block in PUBLIC_BLOCK.findall(pem)]
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFormatError("it holds a public key that cannot be read.") from error
    found = [key for key in keys if isinstance(key, Ed25519PublicKey)]
    if not found:
        raise KeyFormatError("it holds no public Ed25519 key in PEM.")
    return found


def is_signed(content: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
