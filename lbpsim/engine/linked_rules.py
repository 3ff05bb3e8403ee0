"""Rules that other rules call: kept as LLVM's code, and made machine code of only within what calls them.

Numba makes every function ready to be called from Python, optimises it and makes machine code of it; and does all this
again for each function that it is laid into. Of a rule that is called by rules alone nobody needs that: the whole is
optimised once, where it is called from Python. So rules compile in half the time.
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding
from numba.core.caching import CompileResultCacheImpl
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, compile_result
from numba.core.compiler_machinery import LoweringPass, register_pass
from numba.core.typed_passes import NativeLowering


class NoEnvironment:
    """In place of what makes code, for a library whose code stands nowhere yet: there is no place to note in it where
    Python's objects are, which rules do without.
    """

    def set_env(self, name: str, environment: Any) -> None:
        """Note nothing."""


class LinkedLibrary(JITCodeLibrary):
    """A rule's code as LLVM has it before it is optimised: to be linked into that of others, not to be run."""

    @property
    def codegen(self) -> NoEnvironment:
        """What Numba asks to note where Python's objects are."""
        return NoEnvironment()

    def get_pointer_to_function(self, name: str) -> int:
        """0, as Numba says it where there is no machine code."""
        self._ensure_finalized()
        return 0

    def _optimize_final_module(self) -> None:
        """Left out: the code is optimised in what it is linked into."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class IntoLinkedLibrary(LoweringPass):
    """Lets the code that is made next be a `LinkedLibrary`."""

    _name = "into_linked_library"

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Give the rule that is compiled its library."""
        state.library = LinkedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return True


class LinkedCompiler(Compiler):
    """Numba's compiler, into a `LinkedLibrary`."""

    def define_pipelines(self) -> list[Any]:
        """What is done to a rule, step by step."""
        pipelines: list[Any] = super().define_pipelines()
        for each in pipelines:
            place = next(n for n, (step, _) in enumerate(each.passes) if step is NativeLowering)
            each.passes.insert(place, (IntoLinkedLibrary, "a library to be linked"))
        return pipelines


class KeptForLinking(CompileResultCacheImpl):
    """How such code is kept on disk: as LLVM's, so that another process can link it."""

    def reduce(self, compiled: Any) -> tuple[Any, ...]:
        """What is kept of a rule."""
        compiled.fndesc.typemap = compiled.fndesc.calltypes = None  # as Numba does: not needed, and may not be kept
        name, _, code = compiled.library.serialize_using_bitcode()
        return name, code, compiled.fndesc, compiled.environment, compiled.signature

    def rebuild(self, target: Any, kept: tuple[Any, ...]) -> Any:
        """A rule from what was kept."""
        name, code, description, environment, signature = kept
        library = LinkedLibrary(target.codegen(), name)
        library._final_module = binding.parse_bitcode(code)
        library._finalize_final_module()
        return compile_result(
            target_context=target,
            typing_context=target.typing_context,
            library=library,
            environment=environment,
            entry_point=target.get_executable(library, description, environment),
            fndesc=description,
            signature=signature,
            objectmode=False,
            lifted=(),
            reload_init=(),
        )
