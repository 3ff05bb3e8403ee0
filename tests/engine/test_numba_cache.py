"""Compiled rules: never stale, compiled once, at home in a read-only installation, and the same as plain Python.

Each test starts Python anew, as a user does. A tiny package takes a real `numba_cache.py` and two files of rules, one
of which calls the other: the case in which Numba's own cache would run stale code.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numba
import pytest

import lbpsim.engine.numba_cache
from lbpsim.engine import compiled_engine, numba_cache
from lbpsim.engine.numba_cache import cache_folder, source_hash
from lbpsim.engine.random_numbers import uniform

ASK = "from tiny.outer import twice; print(twice(), *[sum(twice.stats[i].values()) for i in (1, 2)], twice.stats[0])"
BITS = """
from lbpsim.engine.random_numbers import uniform, quantile
import numpy as np
for person in range(50):
    print(uniform(2**40 + 3, 1, person, 2, 5).hex(), uniform(7, 0, 1, person, person**2).hex())
print(float(quantile(np.array([0.1, 0.7, 3.3]), 0.3)).hex())
"""


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "LBPSIM_"))}


def _python(code: str, folder: Path, **environment: str) -> str:
    run = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=folder,
        env=_clean() | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder that holds the package `tiny`."""
    monkeypatch.setenv("LBPSIM_CACHE", str(tmp_path / "cache"))
    make_tiny(tmp_path)
    return tmp_path


def make_tiny(folder: Path) -> None:
    """Write the package `tiny` into a folder."""
    package = folder / "tiny"
    (package / "engine").mkdir(parents=True)
    for name in ("__init__.py", "engine/__init__.py"):
        (package / name).touch()
    shutil.copy(lbpsim.engine.numba_cache.__file__, package / "engine" / "numba_cache.py")
    head = "from tiny.engine.numba_cache import rule\n"
    (package / "inner.py").write_text(head + "@rule\ndef number():\n    return 21\n")
    outer = "from tiny.inner import number\n@rule\ndef twice():\n    return 2 * number()\n"
    (package / "outer.py").write_text(head + outer)


def _answer(folder: Path, **environment: str) -> tuple[int, int, int, str]:
    """What `twice()` gives, how often its code was found compiled, how often it was not, and where it is kept."""
    value, hits, misses, cache = _python(ASK, folder, **environment).split()
    return int(value), int(hits), int(misses), cache


@pytest.mark.gate
def test_an_edited_rule_never_runs_stale(tiny: Path) -> None:
    cache = str(tiny / "cache")
    assert _answer(tiny, LBPSIM_CACHE=cache)[:3] == (42, 0, 1)
    assert _answer(tiny, LBPSIM_CACHE=cache)[:3] == (42, 1, 0)  # the second start compiles nothing
    inner = tiny / "tiny" / "inner.py"
    inner.write_text(inner.read_text().replace("21", "50"))  # the called rule only; same length
    assert _answer(tiny, LBPSIM_CACHE=cache)[:3] == (100, 0, 1)


@pytest.mark.gate
def test_copies_of_the_package_share_what_is_compiled(tiny: Path) -> None:
    """A wheel finds what its checkout compiled; a copy with other rules does not."""
    cache = str(tiny / "cache")
    other = Path(shutil.copytree(tiny / "tiny", tiny / "elsewhere" / "tiny")).parent
    assert _answer(tiny, LBPSIM_CACHE=cache)[:3] == (42, 0, 1)
    assert _answer(other, LBPSIM_CACHE=cache)[:3] == (42, 1, 0)
    inner = other / "tiny" / "inner.py"
    inner.write_text(inner.read_text().replace("21", "50"))
    assert _answer(other, LBPSIM_CACHE=cache)[:3] == (100, 0, 1)
    assert _answer(tiny, LBPSIM_CACHE=cache)[:3] == (42, 1, 0)


WORD = "was damaged, or written by something else; it is made again."


def _asked(folder: Path) -> tuple[str, str]:
    """What `twice()` gives, in a process that must not end otherwise, and what was complained of."""
    run = subprocess.run(
        [sys.executable, "-B", "-c", ASK], cwd=folder, env=_clean() | {"LBPSIM_CACHE": str(folder / "cache")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, (run.returncode, run.stderr)
    return run.stdout.split()[0], run.stderr


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the package `tiny`, compiled; not to be changed."""
    folder = tmp_path_factory.mktemp("compiled")
    make_tiny(folder)
    assert _asked(folder) == ("42", "")
    return folder


@pytest.mark.gate
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", ["empty", "cut", "foreign", "flipped"])
def test_damaged_files_of_compiled_code_are_made_again(compiled_once: Path, kind: str, damage: str) -> None:
    """Nothing else than 42 is ever given, and the process never ends in the middle."""
    files = sorted((compiled_once / "cache").rglob(f"*.{kind}"))
    assert files
    for path in files:
        content = path.read_bytes()
        middle = len(content) // 2
        spoilt = {
            "empty": b"", "cut": content[:middle], "foreign": b"somebody else's notes",
            "flipped": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        }  # fmt: skip
        path.write_bytes(spoilt[damage])
    value, complained = _asked(compiled_once)
    assert value == "42"
    assert (complained.count(WORD), len(complained.splitlines())) == (1, 1), complained
    assert _asked(compiled_once) == ("42", ""), "and the next start finds it whole"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_takes_no_file_is_done_without(compiled_once: Path) -> None:
    folders = [path for path in (compiled_once / "cache").rglob("*") if path.is_dir()]
    for path in folders:
        path.chmod(0o555)
    try:
        assert _asked(compiled_once)[0] == "42"
    finally:
        for path in folders:
            path.chmod(0o755)


def _never_compiled(folder: Path, name: str, body: str) -> Callable[[int], int]:
    """A function in a file of its own, of which no compiled code is kept from an earlier time."""
    file = folder / f"{name}.py"
    file.write_text(f"def {name}(number):\n    {body}\n", encoding="utf-8")
    found: dict[str, Callable[[int], int]] = {}
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), found)
    return found[name]


@pytest.mark.parametrize("failing", ["_save_index", "_save_data"])
def test_a_full_disk_keeps_no_compiled_code_but_runs_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path, failing: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(numba_cache.SealedFiles, failing, full)
    numba_cache.tell.cache_clear()
    assert numba_cache.rule(_never_compiled(tmp_path, "thrice", "return 3 * number"))(14) == 42
    assert "cannot be kept" in caplog.text and "No space left on device" in caplog.text


def test_what_cannot_be_unpickled_is_made_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whole, but of another version of a library, say."""

    def unreadable(*_: object) -> None:
        raise pickle.UnpicklingError("invalid load key")

    def half(number: int) -> int:
        return number // 2

    monkeypatch.setattr(numba_cache.SealedFiles, "_load_index", unreadable)
    monkeypatch.setattr(numba_cache.SealedFiles, "_save_index", lambda *_: None)
    monkeypatch.setattr(numba_cache.SealedCache, "save_overload", lambda *_: None)
    numba_cache.tell.cache_clear()
    assert numba_cache.rule(half)(84) == 42
    assert "invalid load key" in caplog.text


def test_the_text_of_a_driver_is_whole_whatever_was_there(tmp_path: Path) -> None:
    path = tmp_path / "driver.py"
    for before in ("", "def", "other = 1"):
        path.write_text(before, encoding="utf-8")
        compiled_engine._write(path, "one = 1\n")
        assert path.read_text(encoding="utf-8") == "one = 1\n"
    assert [file.name for file in tmp_path.iterdir()] == ["driver.py"]


def test_compiled_rules_of_the_package_are_kept() -> None:
    uniform(1, 0, 1, 1, 1)
    kept = Path(uniform.stats.cache_path)  # type: ignore[attr-defined]
    assert kept.is_relative_to(str(numba.config.CACHE_DIR))  # type: ignore[attr-defined]
    assert list(kept.glob("random_numbers.uniform*.nbc"))


def test_a_read_only_installation_works(tiny: Path) -> None:
    home, temp = tiny / "home", tiny / "temp"
    home.write_text("a file: nothing can be made below it, whoever asks")
    temp.mkdir()
    files = sorted(tiny.glob("tiny/**/*"))
    for path in files:
        path.chmod(0o555 if path.is_dir() else 0o444)
    value, _, misses, cache = _answer(tiny, HOME=str(home), TMPDIR=str(temp))
    assert (value, misses) == (42, 1)
    assert Path(cache).is_relative_to(temp)
    assert sorted(tiny.glob("tiny/**/*")) == files


def test_a_private_folder_is_the_last_resort(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("home", "lbpsim"):
        (tiny / name).write_text("a file: nothing can be made below it, whoever asks")
    monkeypatch.setenv("HOME", str(tiny / "home"))
    monkeypatch.delenv("LBPSIM_CACHE", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tiny))
    folder = cache_folder(tiny / "tiny")
    assert folder.parent == tiny
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.gate
def test_plain_python_gives_the_same_bits(tmp_path: Path) -> None:
    plain = _python(BITS, tmp_path, NUMBA_DISABLE_JIT="1")
    assert len(set(plain.split())) == 101
    compiled = io.StringIO()
    with contextlib.redirect_stdout(compiled):
        exec(BITS, {})
    assert plain == compiled.getvalue()


def test_source_hash_sees_every_file(tiny: Path) -> None:
    package = tiny / "tiny"
    before = source_hash(package)
    assert source_hash(package) == before
    hashes = {before}
    (package / "inner.py").rename(package / "renamed.py")
    hashes.add(source_hash(package))
    (package / "empty.py").touch()
    hashes.add(source_hash(package))
    (package / "engine" / "deep.py").write_text("x = 1")
    hashes.add(source_hash(package))
    assert len(hashes) == 4
    (package / "notes.txt").write_text("not code")
    assert source_hash(package) in hashes


@pytest.mark.parametrize(
    "way",
    ["from tiny.inner import number", "from tiny import inner", "import tiny.inner", "from tiny.through import number"],
)
def test_the_folder_changes_with_whatever_a_rule_can_reach(tiny: Path, way: str) -> None:
    package = tiny / "tiny"
    (package / "through.py").write_text("from tiny.inner import number\n")
    (package / "inner.py").write_text("number = 21\n")  # a constant: no rule of its own
    (package / "outer.py").write_text(f"from tiny.engine.numba_cache import rule\n{way}\n")
    before = cache_folder(package)
    assert cache_folder(package) == before
    (package / "inner.py").write_text("number = 50\n")
    assert cache_folder(package) != before


def test_the_folder_stays_when_other_code_changes(tiny: Path) -> None:
    before = cache_folder(tiny / "tiny")
    (tiny / "tiny" / "report.py").write_text("from tiny.outer import twice\nprint(twice())\n")
    assert cache_folder(tiny / "tiny") == before


@pytest.mark.parametrize(
    "way",
    [
        "def late():\n    from tiny import report",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from tiny import report",
    ],
)
def test_what_is_not_imported_with_a_rule_is_none_of_its_sources(tiny: Path, way: str) -> None:
    package = tiny / "tiny"
    (package / "report.py").write_text("number = 21\n")
    (package / "outer.py").write_text(f"from tiny.engine.numba_cache import rule\n{way}\n")
    before = cache_folder(package)
    (package / "report.py").write_text("number = 50\n")
    assert cache_folder(package) == before


@pytest.mark.parametrize("names", ["array_rule, rule", "(\n    rule,\n)"])
def test_a_file_with_rules_is_found_however_it_imports_them(tiny: Path, names: str) -> None:
    (tiny / "tiny" / "outer.py").write_text("x = 1\n")
    before = cache_folder(tiny / "tiny")
    (tiny / "tiny" / "outer.py").write_text(f"from tiny.engine.numba_cache import {names}\n")
    assert cache_folder(tiny / "tiny") != before


def test_a_chart_is_no_source_of_the_rules() -> None:
    found = {path.relative_to(numba_cache.PACKAGE).parts[0] for path in numba_cache.rule_files(numba_cache.PACKAGE)}
    assert {"engine", "pathways"} <= found
    assert not found & {"report", "commands", "cli"}


def test_what_rules_depend_on_is_worked_out_once_for_a_state_of_the_sources(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    whole = numba_cache.rule_files
    monkeypatch.setattr(numba_cache, "rule_files", lambda package: asked.append(package) or whole(package))
    before = cache_folder(tiny / "tiny")
    assert cache_folder(tiny / "tiny") == before
    assert len(asked) == 1
    (tiny / "tiny" / "inner.py").write_text("number = 50\n")
    assert cache_folder(tiny / "tiny") != before
    assert len(asked) == 2


@pytest.mark.parametrize("content", [b"", b"0123", b"../../elsewhere.", b"\xff" * 16])
def test_a_damaged_note_of_what_rules_depend_on_is_worked_out_again(tiny: Path, content: bytes) -> None:
    before = cache_folder(tiny / "tiny")
    (note,) = (tiny / "cache" / numba_cache.STATES).iterdir()
    whole = note.read_bytes()
    note.write_bytes(content)
    assert cache_folder(tiny / "tiny") == before
    assert note.read_bytes() == whole


def test_another_numba_has_another_folder(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_hash(tiny / "tiny")
    monkeypatch.setattr("numba.__version__", "0.0.0")
    assert source_hash(tiny / "tiny") != before


def test_the_cache_can_be_placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LBPSIM_CACHE", str(tmp_path / "mine"))
    folder = cache_folder(Path(lbpsim.engine.numba_cache.__file__).parents[1])
    assert folder.parent == tmp_path / "mine"
    assert folder.is_dir()


@pytest.mark.gate
def test_threads_may_ask_for_a_model_at_once() -> None:
    """In a process of its own, so that nothing is bound yet; many threads, for a race is a matter of luck."""
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from lbpsim.engine import compiled_engine\n"
        "with ThreadPoolExecutor(16) as pool:\n"
        "    found = set(pool.map(compiled_engine.bind, ['lbpsim.pathways.life'] * 64))\n"
        "print(len(found))\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False)
    assert (said.returncode, said.stdout) == (0, "1\n"), said.stderr


# --- what happens seldom, in this process -----------------------------------------------------------------------------


def test_without_a_home_the_cache_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv("LBPSIM_CACHE", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    folder = cache_folder(numba_cache.PACKAGE)
    assert folder.is_dir() and folder.name.startswith("lbpsim-")


def test_where_no_file_can_be_kept_a_rule_is_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    def refused(_: object) -> None:
        raise RuntimeError("cannot cache function: no locator available")

    numba_cache.tell.cache_clear()
    monkeypatch.setattr(numba_cache, "SealedCache", refused)
    assert numba_cache.rule(_never_compiled(tmp_path, "doubled", "return 2 * number"))(4) == 8
    assert "every run compiles again" in caplog.text


def test_damage_is_told_once(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    numba_cache.tell.cache_clear()
    path = tmp_path / "rule.nbc"
    path.write_bytes(numba_cache.sealed(b"code"))
    assert numba_cache.intact(path)
    path.write_bytes(b"something else")
    assert not numba_cache.intact(path) and not numba_cache.intact(path)
    assert caplog.text.count("was damaged") == 1


def test_damaged_code_is_as_if_there_were_none(tmp_path: Path) -> None:
    files = object.__new__(numba_cache.SealedFiles)
    files._cache_path, files._index_name = str(tmp_path), "rule.nbi"
    (tmp_path / "rule.1.nbc").write_bytes(b"something else")
    with pytest.raises(FileNotFoundError):
        files._load_data("rule.1.nbc")


def test_an_engine_that_cannot_be_kept_is_made_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    numba_cache.tell.cache_clear()
    path = tmp_path / "engine.py"
    compiled_engine._write(path, "x = 1\n")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        compiled_engine._write(path, "x = 2\n")
    assert path.read_text(encoding="utf-8") == "x = 1\n" and list(tmp_path.iterdir()) == [path]
    assert "No space left on device" in caplog.text


def test_code_for_another_signature_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes may have kept code under one name: what is found there is not run with what it was not made for."""
    uniform(1, 0, 2, 3, 4)
    signature = uniform.signatures[0]
    cache, context = uniform._cache, uniform.targetctx
    assert cache.load_overload(signature, context) is not None
    others = (*signature[1:], numba.float32)
    known = cache._cache_file._load_index()[cache._index_key(signature, context.codegen())]
    mistaken = {cache._index_key(others, context.codegen()): known}
    monkeypatch.setattr(cache._cache_file, "_load_index", lambda: mistaken)
    assert cache.load_overload(others, context) is None
