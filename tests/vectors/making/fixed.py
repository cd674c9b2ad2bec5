"""Fixed randomness for vectors, down to the encapsulation: a second, slow, readable ML-KEM-768.

The library draws the encapsulation's randomness itself, so vectors that are to come out the same
each time need their own. It follows FIPS 203 (algorithms 6 to 17), X-Wing's combiner and RFC 9180,
in the order of their steps; what it makes is opened with the library. Never for real messages.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from whistle.crypto.age import PublicKey, hybrid

Q = 3329
N = 256
K = 3
Poly = list[int]


class Fixed:
    """A stream of bytes that looks random and is the same for the same label."""

    def __init__(self, label: str) -> None:
        self._label = label.encode()
        self._count = 0

    def __call__(self, size: int) -> bytes:
        """Return the next *size* bytes."""
        self._count += 1
        seed = self._label + b"\0" + self._count.to_bytes(4, "big")
        return hashlib.shake_256(seed).digest(size)


@contextmanager
def fixed_encapsulation(label: str) -> Iterator[None]:
    """Let every encapsulation within draw from *label*'s fixed stream."""
    random = Fixed(f"encapsulation {label}")
    real = hybrid.encapsulate

    def fixed(public_key: PublicKey, file_key: bytes) -> bytes:
        return encapsulate(public_key, file_key, random(64))

    hybrid.encapsulate = fixed
    try:
        yield
    finally:
        hybrid.encapsulate = real


def encapsulate(key: PublicKey, file_key: bytes, random: bytes) -> bytes:
    """Return HPKE's share and sealed file key from 64 given bytes (32 for each half)."""
    mlkem_public, x_public = key.raw[:1184], key.raw[1184:]
    mlkem_secret, mlkem_share = mlkem_encapsulate(mlkem_public, random[:32])
    private = X25519PrivateKey.from_private_bytes(random[32:])
    x_share = private.public_key().public_bytes_raw()
    x_secret = private.exchange(X25519PublicKey.from_public_bytes(x_public))
    secret = hashlib.sha3_256(mlkem_secret + x_secret + x_share + x_public + rb"\.//^" + b"\\")
    return mlkem_share + x_share + _hpke_seal(secret.digest(), file_key)


def mlkem_encapsulate(public: bytes, message: bytes) -> tuple[bytes, bytes]:
    """Return shared secret and ciphertext (FIPS 203, algorithm 17)."""
    seed = hashlib.sha3_512(message + hashlib.sha3_256(public).digest()).digest()
    return seed[:32], _encrypt(public, message, seed[32:])


def _encrypt(public: bytes, message: bytes, random: bytes) -> bytes:
    """K-PKE.Encrypt (algorithm 14)."""
    rho = public[384 * K :]
    t_hat = [_bits_to_ints(public[384 * i : 384 * (i + 1)], 12) for i in range(K)]
    noise = [_noise(random, i) for i in range(2 * K + 1)]
    y_hat = [_ntt(poly) for poly in noise[:K]]
    u = [
        _add(_inverse(_dot([_sample(rho + bytes([i, j])) for j in range(K)], y_hat)), noise[K + i])
        for i in range(K)
    ]
    mu = [bit * ((Q + 1) // 2) for bit in _bits_to_ints(message, 1)]
    v = _add(_add(_inverse(_dot(t_hat, y_hat)), noise[2 * K]), mu)
    return b"".join(_ints_to_bits(_compress(poly, 10), 10) for poly in u) + _ints_to_bits(
        _compress(v, 4), 4
    )


def _bits_to_ints(data: bytes, width: int) -> Poly:
    """ByteDecode (algorithm 6)."""
    number = int.from_bytes(data, "little")
    return [number >> width * i & ((1 << width) - 1) for i in range(8 * len(data) // width)]


def _ints_to_bits(values: Poly, width: int) -> bytes:
    """ByteEncode (algorithm 5)."""
    number = sum(value << width * i for i, value in enumerate(values))
    return number.to_bytes(len(values) * width // 8, "little")


def _compress(poly: Poly, width: int) -> Poly:
    """Compress (equation 4.7)."""
    return [((value << width) + Q // 2) // Q % (1 << width) for value in poly]


def _sample(seed: bytes) -> Poly:
    """SampleNTT (algorithm 7). The seed holds the indices as A's transpose wants them."""
    data = hashlib.shake_128(seed).digest(3 * 512)
    values = (
        value
        for i in range(0, len(data), 3)
        for value in (
            data[i] + 256 * (data[i + 1] % 16),
            data[i + 1] // 16 + 16 * data[i + 2],
        )
    )
    return [value for value in values if value < Q][:N]


def _noise(seed: bytes, index: int) -> Poly:
    """SamplePolyCBD with eta 2 (algorithm 8)."""
    bits = _bits_to_ints(hashlib.shake_256(seed + bytes([index])).digest(128), 1)
    return [
        (bits[4 * i] + bits[4 * i + 1] - bits[4 * i + 2] - bits[4 * i + 3]) % Q for i in range(N)
    ]


def _reversed_bits(number: int) -> int:
    return int(f"{number:07b}"[::-1], 2)


_ZETAS = [pow(17, _reversed_bits(i), Q) for i in range(128)]
_GAMMAS = [pow(17, 2 * _reversed_bits(i) + 1, Q) for i in range(128)]


def _ntt(poly: Poly) -> Poly:
    """NTT (algorithm 9)."""
    f, i, length = list(poly), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = _ZETAS[i] * f[j + length] % Q
                f[j + length], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
            i += 1
        length //= 2
    return f


def _inverse(poly: Poly) -> Poly:
    """Inverse NTT (algorithm 10)."""
    f, i, length = list(poly), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = f[j]
                f[j] = (t + f[j + length]) % Q
                f[j + length] = _ZETAS[i] * (f[j + length] - t) % Q
            i -= 1
        length *= 2
    return [value * 3303 % Q for value in f]


def _dot(left: Sequence[Poly], right: Sequence[Poly]) -> Poly:
    """Return the sum of products in the NTT domain (algorithms 11 and 12)."""
    total = [0] * N
    for f, g in zip(left, right, strict=True):
        for i, gamma in enumerate(_GAMMAS):
            a, b, c, d = f[2 * i], f[2 * i + 1], g[2 * i], g[2 * i + 1]
            total[2 * i] = (total[2 * i] + a * c + b * d * gamma) % Q
            total[2 * i + 1] = (total[2 * i + 1] + a * d + b * c) % Q
    return total


def _add(one: Poly, two: Poly) -> Poly:
    return [(a + b) % Q for a, b in zip(one, two, strict=True)]


def _hpke_seal(shared: bytes, plaintext: bytes) -> bytes:
    """Return the sealed plaintext of HPKE's base mode (RFC 9180, sections 5.1 and 5.2)."""
    suite = b"HPKE" + bytes.fromhex("647a00010003")

    def extract(salt: bytes, label: bytes, data: bytes) -> bytes:
        return hmac.digest(salt, b"HPKE-v1" + suite + label + data, "sha256")

    def expand(key: bytes, label: bytes, info: bytes, size: int) -> bytes:
        full = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info + b"\x01"
        return hmac.digest(key, full, "sha256")[:size]

    context = (
        b"\0"
        + extract(b"", b"psk_id_hash", b"")
        + extract(b"", b"info_hash", b"age-encryption.org/mlkem768x25519")
    )
    secret = extract(shared, b"secret", b"")
    nonce = expand(secret, b"base_nonce", context, 12)
    return ChaCha20Poly1305(expand(secret, b"key", context, 32)).encrypt(nonce, plaintext, None)
