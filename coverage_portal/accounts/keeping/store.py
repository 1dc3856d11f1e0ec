"""Where kept pages are: in this process, compressed, and no more of them than fit."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from functools import lru_cache
from threading import Lock

import brotli

BYTES_AT_MOST = 16 * 1024 * 1024
PAGES_AT_MOST = 2000
OVERHEAD_BYTES = 600
"""What a kept page takes beside its bytes: key, objects, place in the dictionary."""

# A page is compressed while its first reader waits: 3 takes a fourth of the time of 5, for an eighth more.
# A window as wide as the largest page, 128 KB, is cleared in less time than brotli's usual one of 4 MB.
BROTLI_QUALITY, BROTLI_WINDOW, GZIP_LEVEL = 3, 17, 4


class Page:
    """One rendered page, compressed once for each encoding that is asked for.

    Compressing over TLS gives a secret away (BREACH) where it stands beside text that an attacker chooses. A
    kept page holds none, neither a CSRF token nor a session key: `pages` keeps nothing that has asked for
    a token or sets a cookie. Nor does it hold text of the request but the understood part of its address.
    """

    __slots__ = ("_brotli", "_gzip", "content_type")

    def __init__(self, content: bytes, content_type: str, *, quality: int = BROTLI_QUALITY) -> None:
        self.content_type = content_type
        self._brotli: bytes = brotli.compress(
            content, mode=brotli.MODE_TEXT, quality=quality, lgwin=BROTLI_WINDOW
        )
        self._gzip: bytes | None = None

    @property
    def size(self) -> int:
        return OVERHEAD_BYTES + len(self._brotli) + len(self._gzip or b"")

    def encoded(self, encoding: str) -> bytes:
        """The page in one of the encodings that `preferred` names."""
        if encoding == "br":
            return self._brotli
        if encoding == "gzip":
            if self._gzip is None:
                self._gzip = gzip.compress(self.plain, GZIP_LEVEL, mtime=0)
            return self._gzip
        return self.plain

    @property
    def plain(self) -> bytes:
        content: bytes = brotli.decompress(self._brotli)
        return content


@lru_cache(maxsize=64)
def preferred(accepted: str) -> str:
    """`br`, `gzip` or, empty, neither: the best that an Accept-Encoding header takes."""
    taken = set()
    for part in accepted.lower().split(","):
        encoding, _, weight = part.partition(";")
        if weight.replace(" ", "").rstrip("0.") != "q=":
            taken.add(encoding.strip())
    return next((encoding for encoding in ("br", "gzip") if encoding in taken), "")


class Store:
    """Pages by key, bounded in number and in bytes; the one not asked for the longest goes first."""

    def __init__(self, bytes_at_most: int = BYTES_AT_MOST, pages_at_most: int = PAGES_AT_MOST) -> None:
        self.bytes_at_most, self.pages_at_most = bytes_at_most, pages_at_most
        self._pages: OrderedDict[str, tuple[Page, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def size(self) -> int:
        """Bytes that the kept pages take."""
        return self._bytes

    def get(self, key: str) -> Page | None:
        with self._lock:
            found = self._pages.get(key)
            if found is None:
                return None
            self._pages.move_to_end(key)
            return found[0]

    def put(self, key: str, page: Page) -> None:
        """Keep a page; the one of that key before it goes, and one larger than everything is not kept."""
        with self._lock:
            self._put(key, page)

    def weigh(self, key: str, page: Page) -> None:
        """Count the bytes of a page that has grown by an encoding, if it is one that is kept."""
        with self._lock:
            if self._pages.get(key, (None, 0))[0] is page:
                self._put(key, page)

    def _put(self, key: str, page: Page) -> None:
        self._bytes -= self._pages.pop(key, (page, 0))[1]
        size = page.size
        if size > self.bytes_at_most:
            return
        self._pages[key] = (page, size)
        self._bytes += size
        while self._bytes > self.bytes_at_most or len(self._pages) > self.pages_at_most:
            _key, (_page, freed) = self._pages.popitem(last=False)
            self._bytes -= freed

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0


kept = Store()
"""The pages of this process."""
