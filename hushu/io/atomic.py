"""Writing so that a reader sees the whole or nothing.

A file or folder is built beside its place under a recognisable name (``.<name>.<random>.hushu-part``)
and renamed when it is complete. An error or Ctrl-C removes the part. What a ``kill -9`` leaves
behind is swept away by the next writer: folders in the same place at once, since a lock tells that
nobody works in them any more; files of the same name once they are an hour old.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from hushu.errors import OutputError

SUFFIX = ".hushu-part"
STALE_SECONDS = 3600.0


@contextmanager
def atomic_write(
    path: str | Path, mode: str = "wb", *, encoding: str | None = None, private: bool = False
) -> Iterator[IO[Any]]:
    """Open ``path`` for writing; it appears, whole and synced, only when the block ends well.

    Args:
        path: the file; an existing one is replaced at the end, in one step.
        mode: ``wb`` or ``w``.
        encoding: of text, UTF-8 unless told.
        private: nobody but the owner may read it, not even while it is written.

    Raises:
        OutputError: HS-E510 when the place cannot be written.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> with atomic_write(folder / "a.txt", "w") as f:
        ...     _ = f.write("whole")
        >>> (folder / "a.txt").read_text()
        'whole'
    """
    target = _real(path)
    if _is_device(target):
        with _device(target, mode, encoding) as stream:
            yield stream
        return
    part = _part(target)
    with _placed(part, target), _open(part, mode, encoding, private) as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a path to write a file at; it is renamed to ``path`` when the block ends well.

    For libraries that open the file themselves (SQLite).

    Raises:
        OutputError: HS-E510 when the place cannot be written.
    """
    target = _real(path)
    if _is_device(target):
        raise _unwritable(target, OSError(errno.EINVAL, "it is no regular file"))
    part = _part(target)
    with _placed(part, target):
        yield part
        _sync(part)


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """Build a folder beside ``path``; it appears under its name only when the block ends well.

    An empty folder at ``path`` is taken over; one that holds anything is refused.

    Yields:
        The folder to write into.

    Raises:
        OutputError: HS-E511 when ``path`` holds something already, HS-E510 when it cannot be written.
    """
    target = Path(path)
    check_free(target)
    part = _part(target)
    with _owned(part, target) as mode, _placed(part, target):
        yield part
        for file in part.rglob("*"):
            _sync(file)
        check_free(target)
        part.chmod(mode)


@contextmanager
def _placed(part: Path, target: Path) -> Iterator[None]:
    """Rename the part when the block ends well; remove it, and say why, when it does not."""
    try:
        yield
        part.replace(target)
    except BaseException as error:
        _remove(part)
        if isinstance(error, OSError):
            raise _unwritable(target, error) from error
        raise
    _sync_folder(target.parent)


@contextmanager
def _owned(part: Path, target: Path) -> Iterator[int]:
    """Make a folder that nobody else may read, locked while this process lives; yield its later mode."""
    # Under a name of its own until the lock is held: an unlocked part is one that nobody works in.
    fresh = part.with_name(f"{part.name}.new")
    lock = None
    try:
        fresh.mkdir()
        mode = stat.S_IMODE(fresh.stat().st_mode)
        fresh.chmod(0o700)
        lock = _lock(fresh)
        fresh.rename(part)
    except OSError as error:
        _remove(fresh)
        raise _unwritable(target, error) from error
    try:
        yield mode
    finally:
        if lock is not None:
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """Return a handle that locks a folder, or None where somebody else holds it or nothing can lock."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def check_free(path: str | Path) -> None:
    """Refuse an output folder that holds something already.

    Raises:
        OutputError: HS-E511.
    """
    target = Path(path)
    try:
        taken = target.exists() and (not target.is_dir() or any(target.iterdir()))
    except OSError as error:
        raise _unwritable(target, error) from error
    if taken:
        raise OutputError(
            "the output place is not empty",
            where=str(target),
            why="hushu never writes over an earlier result",
            fix="name a folder that does not exist yet, or empty this one",
            code="HS-E511",
        )


def _part(target: Path) -> Path:
    """Return the place to build ``target`` in, with old parts of the same target swept away."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    # A long name plus our marks may exceed the 255 bytes that file systems allow.
    stem = target.name if len(target.name.encode()) < 200 else secrets.token_hex(8)
    return target.with_name(f".{stem}.{secrets.token_hex(4)}{SUFFIX}")


def _sweep(target: Path) -> None:
    """Remove what killed writers left: folders nobody holds, and old files of this name."""
    for old in target.parent.glob(f".*{SUFFIX}"):
        if old.is_dir() and not old.is_symlink() and (lock := _lock(old)) is not None:
            _remove(old)
            os.close(lock)
    for old in target.parent.glob(f".{_glob_safe(target.name)}.*{SUFFIX}*"):
        with suppress(FileNotFoundError):  # another writer sweeps too
            if time.time() - old.lstat().st_mtime > STALE_SECONDS:
                _remove(old)


def _real(path: str | Path) -> Path:
    """Follow a link, which would otherwise be replaced by the file."""
    return Path(path).resolve() if Path(path).is_symlink() else Path(path)


def _is_device(target: Path) -> bool:
    """Renaming a file onto ``/dev/null`` or a pipe would destroy it."""
    try:
        mode = target.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


@contextmanager
def _device(target: Path, mode: str, encoding: str | None) -> Iterator[IO[Any]]:
    try:
        with target.open(mode, encoding=None if "b" in mode else encoding or "utf-8") as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritable(target, error) from error


def _open(part: Path, mode: str, encoding: str | None, private: bool) -> IO[Any]:
    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600 if private else 0o666)

    if "b" in mode:
        return open(part, "xb", opener=opener)
    return open(part, "x", encoding=encoding or "utf-8", newline="", opener=opener)


def _glob_safe(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _sync(file: Path) -> None:
    if file.is_file():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; there the rename alone has to do.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unwritable(target: Path, error: OSError) -> OutputError:
    return OutputError(
        "the output cannot be written",
        where=str(target),
        why=error.strerror or type(error).__name__,
        fix="choose a place you may write to, with room left on its disk",
        code="HS-E510",
    )
