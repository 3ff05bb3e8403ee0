"""Compilation of the rules by Numba, with a cache that can never run a stale rule.

Numba keeps compiled code by the file of each function and does not notice when a function *called* from another file
has changed. The cache folder is therefore named after a hash of every source file that holds a rule or is imported,
directly or not, by one that does: edit any of them, and everything is compiled anew. A package that cannot be written
to (a read-only installation) makes no difference, because the folder lies with the user's caches.

Numba trusts what it finds there, and damaged machine code can end Python itself. So every file ends with a checksum of
the rest, looked at before it is loaded; a file that is cut, empty or somebody else's is made again.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import io
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numba
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    IndexDataCacheFile,
    UserProvidedCacheLocator,
)
from numba.core.dispatcher import Dispatcher

from lbpsim.engine.linked_rules import KeptForLinking, LinkedCompiler

RULES = re.compile(r"numba_cache import (\(|.*\b(array_|inlined_)?rule\b)")
STATES = "states"  # what rules depend on, by the state of all sources
HASH = re.compile("[0-9a-f]{16}")
Rule = TypeVar("Rule", bound=Callable[..., object])


def source_hash(package: Path) -> str:
    """Hash of every Python source file of `package`, in hexadecimal."""
    return hash_of(sorted(package.rglob("*.py")), package)


def hash_of(files: Iterable[Path], package: Path) -> str:
    """Hash of the names and contents of source files of `package`, in hexadecimal."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in files:
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def rule_files(package: Path) -> list[Path]:
    """Source files of `package` on which compiled code can depend: those with rules, and all that these import."""
    found: set[Path] = set()
    ahead = [path for path in package.rglob("*.py") if RULES.search(path.read_text(encoding="utf-8"))]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            ahead += _imported(path, package)
    return sorted(found)


def _run_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: a rule has no other names than those that are bound then."""
    for node in ast.iter_child_nodes(tree):
        for_types = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        if not for_types and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _run_at_import(node)


def _imported(path: Path, package: Path) -> Iterator[Path]:
    for node in _run_at_import(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        places = [package.parent.joinpath(*name.split(".")) for name in names]
        yield from (
            file for place in places for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists()
        )


def rules_hash(package: Path) -> str:
    """Hash of the sources on which compiled code can depend, in hexadecimal.

    Finding these means parsing all that rules import, half a second. So it is noted for each state of all sources.
    """
    notes = [root / STATES / source_hash(package) for root in _places()]
    for note in notes:
        with suppress(OSError, UnicodeDecodeError):
            if HASH.fullmatch(known := note.read_text(encoding="ascii")):
                return known
    found = hash_of(rule_files(package), package)
    for note in notes:
        with suppress(OSError):
            note.parent.mkdir(parents=True, exist_ok=True)
            part = note.with_suffix(f".{os.getpid()}")
            part.write_text(found, encoding="ascii")
            part.replace(note)
            break
    return found


def cache_folder(package: Path) -> Path:
    """A folder for compiled code that belongs to exactly this state of the rules, made if absent."""
    name = rules_hash(package)
    for root in _places():
        folder = root / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="lbpsim-"))  # private, and compiled anew each time


def _places() -> Iterator[Path]:
    if chosen := os.environ.get("LBPSIM_CACHE"):
        yield Path(chosen)
    try:
        yield Path.home() / ".cache" / "lbpsim"
    except RuntimeError:  # a user without a home
        return


PACKAGE = Path(__file__).parents[1]
FOLDER = cache_folder(PACKAGE)
numba.config.CACHE_DIR = str(FOLDER)  # type: ignore[attr-defined]


def is_shared() -> bool:
    """Whether other processes find what this one compiles: its folder is not a private one."""
    return FOLDER.parent in set(_places())


# All are told of every rule: what is not, Numba takes over from whichever rule called it first.
SETTINGS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "forceinline": False, "_nrt": True}
NO_ARRAYS: dict[str, Any] = {"_nrt": False}  # nobody counts who holds an array: a tenth of the time saved
LINKED: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "pipeline_class": LinkedCompiler}
SEAL = hashlib.sha256().digest_size


@cache
def tell(message: str) -> None:
    """Say something about compiled code, once, on the standard error unless logs go elsewhere."""
    logging.getLogger("lbpsim").warning(message)


def sealed(content: bytes) -> bytes:
    """The content of a file with its checksum at the end."""
    return content + hashlib.sha256(content).digest()


def intact(path: Path) -> bool:
    """Whether a file is as `sealed` made it; told where it is not."""
    content = path.read_bytes()
    if sealed(content[:-SEAL]) == content:
        return True
    tell(f"Compiled code in {FOLDER} was damaged, or written by something else; it is made again.")
    return False


class SealedFiles(IndexDataCacheFile):
    """The files of one rule's compiled code: an index, and the code for each signature."""

    @contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[io.BytesIO]:
        content = io.BytesIO()
        yield content
        with super()._open_for_write(filepath) as file:
            file.write(sealed(content.getvalue()))

    def _load_index(self) -> dict[Any, str]:
        path = Path(self._index_path)
        return super()._load_index() if path.exists() and intact(path) else {}

    def _load_data(self, name: str) -> Any:
        if not intact(Path(self._data_path(name))):
            raise FileNotFoundError(name)  # to Numba it is as if there were none
        return super()._load_data(name)


class PlaceInPackage(UserProvidedCacheLocator):
    """A rule of the package lies by its place in it, so that every copy with the same sources finds it compiled."""

    def __init__(self, function: Callable[..., object], file: str) -> None:
        super().__init__(function, file)
        if Path(file).is_relative_to(PACKAGE):
            self._cache_path = str(FOLDER / Path(file).relative_to(PACKAGE).parent)


class OurPlace(CompileResultCacheImpl):
    """Compiled code lies in our folder, and never beside the sources, where it would run stale."""

    _locator_classes: list[type[object]] = [PlaceInPackage]  # noqa: RUF012 - as Numba declares it


class OurPlaceForLinking(KeptForLinking, OurPlace):
    """What rules call lies there too, under other names."""

    @property
    def filename_base(self) -> str:
        """Of the files of a rule."""
        return f"{super().filename_base}-linked"


class SealedCache(FunctionCache):
    """Where the compiled code of one rule is kept; what cannot be read is made again, what cannot be kept is used."""

    _impl_class = OurPlace

    def __init__(self, function: Callable[..., object]) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = SealedFiles(self._cache_path, self._impl.filename_base, stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled code for a signature; None where there is none that can be used.

        Two processes that keep code for two signatures of a rule at once may give both files one name.
        """
        try:
            found = super().load_overload(sig, target_context)
        except Exception as problem:  # whatever unpickling and linking raise
            tell(f"Compiled code in {FOLDER} cannot be read ({problem}); it is made again.")
            return None
        asked = tuple(getattr(sig, "args", sig))
        return found if found is None or tuple(found.signature.args) == asked else None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the compiled code for a signature, for the next time."""
        try:
            super().save_overload(sig, data)
        except OSError as problem:
            why = problem.strerror or problem
            tell(f"Compiled code cannot be kept in {FOLDER} ({why}); the next run compiles again.")


class LinkedCache(SealedCache):
    """Where the code of a rule that others call is kept."""

    _impl_class = OurPlaceForLinking


class CalledByRules:
    """A rule as others call it: compiled when one does, to be linked into that; and once for all whole numbers, where
    Numba would compile it anew for every constant.
    """

    def __init__(self, function: Callable[..., object], **settings: Any) -> None:
        self._compiled = cache(partial(_kept, function, LinkedCache, **LINKED, **settings))

    def get_call_template(self, args: Iterable[Any], kws: dict[str, Any]) -> Any:
        """How Numba learns the types of a call."""
        any_number = {name: numba.types.unliteral(kws[name]) for name in kws}
        return self._compiled().get_call_template(tuple(map(numba.types.unliteral, args)), any_number)

    def get_overload(self, types: tuple[Any, ...]) -> Any:
        """What Numba calls."""
        return self._compiled().get_overload(types)


def _compiled(function: Rule, **settings: Any) -> Rule:
    """The function compiled and kept, from where it is called; as it is with NUMBA_DISABLE_JIT=1."""
    made: Any = _kept(function, SealedCache, **settings)
    if made is not function:
        by_rules = CalledByRules(function, **settings)
        made.get_call_template, made.get_overload = by_rules.get_call_template, by_rules.get_overload
    return made


def _kept(function: Callable[..., object], place: type[SealedCache], **settings: Any) -> Any:
    made: Any = numba.njit(**(SETTINGS | settings))(function)
    if made is not function:
        try:
            made._cache = place(function)
        except RuntimeError:  # the folder takes no file
            tell(f"Compiled code cannot be kept in {FOLDER}; every run compiles again.")
    return made


def rule(function: Rule) -> Rule:
    """Compile `function`, which makes no arrays; the same text stays callable as plain Python with NUMBA_DISABLE_JIT=1.

    Numba refuses one that makes arrays with "NRT required but not enabled": use `array_rule`.
    """
    return _compiled(function, **NO_ARRAYS)


def inlined_rule(function: Rule) -> Rule:
    """As `rule`, and laid into the code of its callers: for small functions that are called at every event."""
    return _compiled(function, **NO_ARRAYS, forceinline=True)


def array_rule(function: Rule) -> Rule:
    """As `rule`, for a function that makes arrays."""
    return _compiled(function)


def compile_rules(module: ModuleType, given: Mapping[str, object]) -> None:
    """Compile the rules of a module for others to call, the last first: those that take nothing but what is `given`,
    by name, a value of the kind.
    """
    for made in reversed(list(vars(module).values())):
        if isinstance(made, Dispatcher) and made.py_func.__module__ == module.__name__:
            names = inspect.signature(made.py_func).parameters
            if given.keys() >= names.keys():
                made.get_call_template([numba.typeof(given[name]) for name in names], {})
