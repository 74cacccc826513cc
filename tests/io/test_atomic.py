from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hushu.errors import OutputError
from hushu.io.atomic import STALE_SECONDS, SUFFIX, atomic_folder, atomic_path, atomic_write, check_free


def left(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_nothing_shows_before_the_end_and_the_whole_after(tmp_path):
    target = tmp_path / "deep" / "a.txt"
    with atomic_write(target, "w") as stream:
        stream.write("护数")
        assert not target.exists()
    assert target.read_text("utf-8") == "护数"
    assert left(target.parent) == ["a.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_interruption_leaves_the_old_file_and_no_part(tmp_path, error):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def interrupted(opened):
        with opened as half:
            (half if hasattr(half, "write") else (half / "x" if half.is_dir() else half).open("w")).write(
                "half"
            )
            raise error

    with pytest.raises(error):
        interrupted(atomic_write(target, "w"))
    assert target.read_text() == "old"
    assert left(tmp_path) == ["a.txt"]
    with pytest.raises(error):
        interrupted(atomic_path(tmp_path / "b"))
    with pytest.raises(error):
        interrupted(atomic_folder(tmp_path / "c"))
    assert left(tmp_path) == ["a.txt"]


def test_a_folder_appears_whole_and_only_where_nothing_is(tmp_path):
    target = tmp_path / "release"
    target.mkdir()
    with atomic_folder(target) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "data.csv").write_text("a")
        assert not any(target.iterdir())
    assert (target / "sub" / "data.csv").read_text() == "a"
    for taken in (target, target / "sub" / "data.csv"):
        with pytest.raises(OutputError) as caught, atomic_folder(taken):
            pytest.fail("the block must not run")
        assert caught.value.code == "HS-E511"
        assert caught.value.exit_status == 2
    check_free(tmp_path / "new")


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path):
    (tmp_path / "file").write_text("x")
    for write in (atomic_write, atomic_folder, atomic_path):
        with pytest.raises(OutputError) as caught, write(tmp_path / "file" / "below"):
            pytest.fail("the block must not run")
        assert caught.value.code == "HS-E510"
    with pytest.raises(OutputError) as caught, atomic_write(tmp_path / "full"):
        raise OSError(28, "No space left on device")
    assert "No space left" in str(caught.value)
    assert left(tmp_path) == ["file"]


def test_stale_parts_of_the_same_target_are_swept(tmp_path):
    old, young, other = (tmp_path / f"{name}{SUFFIX}" for name in (".a.1", ".a.2", ".b.1"))
    for part in (old, young, other):
        part.write_text("x")
    for part in (old, other):
        os.utime(part, (time.time() - STALE_SECONDS - 9,) * 2)
    with atomic_write(tmp_path / "a", "w") as stream:
        stream.write("1")
    assert left(tmp_path) == sorted([young.name, other.name, "a"])


def test_folders_that_nobody_works_in_are_swept_at_once(tmp_path):
    (tmp_path / f".dead.1{SUFFIX}").mkdir()
    (tmp_path / f".dead.1{SUFFIX}" / "rows").write_text("x")
    with atomic_folder(tmp_path / "slow") as slow:
        (slow / "rows").write_text("x")
        assert slow.stat().st_mode & 0o077 == 0
        with atomic_folder(tmp_path / "fast") as fast:
            (fast / "rows").write_text("x")
    assert left(tmp_path) == ["fast", "slow"]
    assert (tmp_path / "slow").stat().st_mode & 0o700 == 0o700


def test_a_very_long_name_can_be_written(tmp_path):
    target = tmp_path / ("名" * 80)
    with atomic_write(target, "w") as stream:
        stream.write("1")
    assert left(tmp_path) == [target.name]


def test_kill_leaves_nothing_under_the_name(tmp_path):
    code = (
        "import sys, time; from hushu.io.atomic import atomic_folder\n"
        "with atomic_folder(sys.argv[1]) as f:\n"
        "    (f / 'data').write_text('half'); print('ready', flush=True); time.sleep(60)\n"
    )
    target = tmp_path / "release"
    root = Path(__file__).parents[2]
    child = subprocess.Popen([sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE, cwd=root)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert not target.exists()
    assert [name.endswith(SUFFIX) for name in left(tmp_path)] == [True]
    with atomic_write(tmp_path / "next", "w") as stream:
        stream.write("1")
    assert left(tmp_path) == ["next"]


def test_a_pipe_is_written_to_and_a_link_followed(tmp_path):
    pipe, target, link = tmp_path / "pipe", tmp_path / "target", tmp_path / "link"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    with atomic_write(pipe) as stream:
        stream.write(b"through")
    assert reader.communicate()[0] == b"through"
    assert pipe.is_fifo()
    with pytest.raises(OutputError), atomic_path(pipe):
        pytest.fail("the block must not run")
    link.symlink_to(target)
    with atomic_write(link, "w") as stream:
        stream.write("1")
    assert link.is_symlink()
    assert target.read_text() == "1"
    assert Path(os.devnull).is_char_device()
    with atomic_write(os.devnull, "w") as stream:
        stream.write("1")
    assert Path(os.devnull).is_char_device()
