"""Eight runs side by side as one number of compiled code: `a * b + c` works on all of them at once.

LLVM lays plain loops on the processor's wide registers only where it can tell that their arrays do not overlap, which
it cannot here. So a number of the kernel is such a register itself. What happens in one lane never depends on the
others: a run has the same results, to the last bit, whatever runs beside it.

The rest of this module tells numba of the new kind of number: its layout, its arithmetic, and arrays of it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending, njit, types
from numba.core import cgutils
from numba.core.typeconv.castgraph import Conversion
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, lower_cast, models, register_model
from numba.np.arrayobj import make_array, populate_array

from model.rates import LANES

VECTOR = ir.VectorType(ir.DoubleType(), LANES)
INDEX, FLAGS = ir.IntType(32), ir.IntType(LANES)

intrinsic: Any = extending.intrinsic
"""Makes an instruction of a function that returns its signature and what emits it; callers leave out its context."""


class Eight(types.Type):
    """The type of eight floats side by side."""

    def can_convert_from(self, _typing: Any, other: Any) -> Conversion | None:
        """Say that a plain number becomes eight equal ones."""
        return Conversion.safe if isinstance(other, types.Float | types.Integer) else None


EIGHT = Eight("eight")


@register_model(Eight)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, VECTOR)


@lower_cast(types.Float, EIGHT)
@lower_cast(types.Integer, EIGHT)
def _repeat(context: Any, builder: Any, kind: Any, _eight: Any, value: Any) -> Any:
    value = context.cast(builder, value, kind, types.float64)
    first = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), value, INDEX(0))
    return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(INDEX, LANES), [0] * LANES))


def _define(function: Callable[..., Any], emit: Callable[..., Any]) -> None:
    """Let a function of two numbers work on eights, plain numbers among them."""

    @infer_global(function)
    class _Typed(AbstractTemplate):
        def generic(self, args: Any, _kws: Any) -> Any:
            if len(args) == 2 and EIGHT in args and all(self.context.can_convert(kind, EIGHT) for kind in args):
                return signature(EIGHT, EIGHT, EIGHT)
            return None

    lower_builtin(function, EIGHT, EIGHT)(lambda _context, builder, _signature, values: emit(builder, *values))


def _least(builder: Any, one: Any, other: Any) -> Any:
    return builder.select(builder.fcmp_ordered("<", other, one), other, one)


_define(operator.add, ir.IRBuilder.fadd)
_define(operator.iadd, ir.IRBuilder.fadd)
_define(operator.sub, ir.IRBuilder.fsub)
_define(operator.mul, ir.IRBuilder.fmul)
_define(operator.imul, ir.IRBuilder.fmul)
_define(operator.truediv, ir.IRBuilder.fdiv)
_define(min, _least)


@intrinsic
def differ(_typing: Any, _one: Any, _other: Any) -> Any:
    """Say whether two eights differ in any lane."""

    def emit(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        flags = builder.bitcast(builder.fcmp_unordered("!=", *values), FLAGS)
        return builder.icmp_unsigned("!=", flags, FLAGS(0))

    return types.boolean(EIGHT, EIGHT), emit


def _of_llvm(name: str) -> Callable[..., Any]:
    def emit(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        kind = ir.FunctionType(VECTOR, [VECTOR] * len(values))
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f64"), values)

    return emit


@intrinsic
def exp(_typing: Any, _exponent: Any) -> Any:
    """Return e to the power of an eight."""
    return EIGHT(EIGHT), _of_llvm("exp")


@intrinsic
def power(_typing: Any, _base: Any, _exponent: Any) -> Any:
    """Return an eight to the power of another."""
    return EIGHT(EIGHT, EIGHT), _of_llvm("pow")


@intrinsic
def alike(_typing: Any, _value: Any) -> Any:
    """Return eight equal floats."""
    return EIGHT(EIGHT), lambda _context, _builder, _signature, values: values[0]


@intrinsic
def with_lane(_typing: Any, _eight: Any, _lane: Any, _value: Any) -> Any:
    """Return an eight with another float in one lane."""

    def emit(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        eight, lane, value = values
        return builder.insert_element(eight, value, lane)

    return EIGHT(EIGHT, types.intp, types.float64), emit


@njit(forceinline=True)
def room(shape: Any) -> Any:
    """Return an array of floats, (*shape, 8), whose eights each lie in one line of the processor's cache."""
    count = LANES
    for length in shape:
        count *= length
    floats = np.empty(count + LANES)
    start = -(floats.ctypes.data // 8) % LANES
    return floats[start : start + count].reshape((*shape, LANES))


@intrinsic
def eights(_typing: Any, floats: Any) -> Any:
    """Return an array of floats, (..., 8), as the array of eights that lies in the same memory.

    It is borrowed: the memory must belong to a caller, and no references to it are counted, as that would cost more
    than the arithmetic.
    """
    kind = types.Array(EIGHT, floats.ndim - 1, "C", aligned=False)

    def emit(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        given, found = make_array(floats)(context, builder, values[0]), make_array(kind)(context, builder)
        populate_array(
            found,
            data=builder.bitcast(given.data, found.data.type),
            shape=cgutils.unpack_tuple(builder, given.shape)[:-1],
            strides=cgutils.unpack_tuple(builder, given.strides)[:-1],
            itemsize=context.get_constant(types.intp, 8 * LANES),
            meminfo=None,
        )
        return found._getvalue()

    return kind(floats), emit


@intrinsic
def borrowed(_typing: Any, arrays: Any) -> Any:
    """Return a named tuple of arrays that belong to a caller, whose references are not counted either."""

    def emit(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        found = []
        for value in cgutils.unpack_tuple(builder, values[0]):
            array = make_array(arrays.dtype)(context, builder, value)
            array.meminfo = cgutils.get_null_value(array.meminfo.type)
            found.append(array._getvalue())
        return cgutils.pack_array(builder, found)

    return arrays(arrays), emit
