"""What could stand in the place of one line or one expression, so that it says something else.

It decides what is worth a try, and must not know where in a file it stands.
"""

import ast
import copy
from collections.abc import Iterator
from typing import Any, Final

COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
RECKONED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
}
SIGNS: Final[dict[type[ast.AST], str]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}
NAMES: Final = {"any": "all", "all": "any", "min": "max", "max": "min"}
NOT_CALLED: Final = frozenset({"NewType", "TypeVar", "assert_never", "cast", "get_args", "super"})
"""What only types need, or what has nothing to leave out."""


def leaves_out(line: ast.stmt) -> bool:
    match line:
        case ast.Expr(value=ast.Call() as call):
            return name_of(call.func) not in NOT_CALLED
        case ast.Expr(value=ast.Await()) | ast.Raise() | ast.AugAssign() | ast.Delete():
            return True
        case ast.Return(value=None):
            return True
        case ast.Assign(targets=targets):
            return any(isinstance(one, ast.Attribute | ast.Subscript) for one in targets)
    return False


def others(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What could stand in the place of that expression, each with a name."""
    match node:
        case ast.Compare():
            yield from _other_comparisons(node)
        case ast.BoolOp() | ast.UnaryOp() | ast.BinOp():
            yield from _other_sums(node)
        case ast.Constant():
            yield from _other_constants(node.value)
        case ast.Call():
            yield from _other_calls(node)
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            if len(node.elts) > 1:
                yield from _without_each(node, "elts")
        case ast.Dict():
            for at, key in enumerate(node.keys):
                less = ast.Dict(_without(node.keys, at), _without(node.values, at))
                said = ast.unparse(key) if key is not None else f"**{ast.unparse(node.values[at])}"
                yield f"{_short(said)} left out", less
        case ast.comprehension() if node.ifs:
            yield from _without_each(node, "ifs")
        case ast.IfExp():
            yield "the other branch", ast.IfExp(node.test, node.orelse, node.body)


def _other_comparisons(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for at, sign in enumerate(node.ops):
        for other in COMPARED[type(sign)]:
            ops = [*node.ops[:at], other(), *node.ops[at + 1 :]]
            what = f"{SIGNS[type(sign)]} -> {SIGNS[other]}"
            yield what, ast.Compare(node.left, ops, node.comparators)


def _other_sums(node: ast.BoolOp | ast.UnaryOp | ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.BoolOp(op=ast.And()):
            yield "and -> or", ast.BoolOp(ast.Or(), node.values)
            yield from _without_each(node, "values")
        case ast.BoolOp():
            yield "or -> and", ast.BoolOp(ast.And(), node.values)
            yield from _without_each(node, "values")
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not left out", operand
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield "- left out", operand
        case ast.BinOp(op=ast.BitOr()):
            yield f"| {_short(ast.unparse(node.right))} left out", node.left
            yield f"{_short(ast.unparse(node.left))} | left out", node.right
        case ast.BinOp() if type(node.op) in RECKONED:
            other = RECKONED[type(node.op)]
            what = f"{SIGNS[type(node.op)]} -> {SIGNS[other]}"
            yield what, ast.BinOp(node.left, other(), node.right)


def _other_constants(value: object) -> Iterator[tuple[str, ast.AST]]:
    match value:
        case bool():
            yield f"{value} -> {not value}", ast.Constant(not value)
        case int() | float():
            yield f"{value} -> {value + 1}", ast.Constant(value + 1)
            if value:
                yield f"{value} -> {value - 1}", ast.Constant(value - 1)
        case str() if " " not in value:
            yield f"{_short(repr(value))} -> another", ast.Constant(value + "Z")
        case bytes() if b" " not in value:
            yield f"{_short(repr(value))} -> another", ast.Constant(value + b"Z")


def _other_calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.func, ast.Name) and node.func.id in NAMES:
        other = NAMES[node.func.id]
        named = ast.Name(other, ast.Load())
        yield f"{node.func.id} -> {other}", ast.Call(named, node.args, node.keywords)
    for at, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            less = ast.Call(node.func, node.args, _without(node.keywords, at))
            yield f"{keyword.arg}= left out", less
    for at in range(len(node.args) - 1):
        one, two = node.args[at : at + 2]
        if not isinstance(one, ast.Starred) and not isinstance(two, ast.Starred):
            swapped = [*node.args[:at], two, one, *node.args[at + 2 :]]
            yield (
                f"arguments {at + 1} and {at + 2} swapped",
                ast.Call(node.func, swapped, node.keywords),
            )


def _without_each(node: Any, name: str) -> Iterator[tuple[str, ast.AST]]:
    parts = getattr(node, name)
    for at, one in enumerate(parts):
        less = copy.copy(node)
        setattr(less, name, _without(parts, at))
        if name == "values" and len(parts) == 2:
            less = parts[1 - at]
        yield f"{_short(ast.unparse(one))} left out", less


def _without(parts: list[Any], at: int) -> list[Any]:
    return [*parts[:at], *parts[at + 1 :]]


def name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def is_nothing(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value in {None, True, False})


def _short(said: str) -> str:
    return said if len(said) <= 40 else f"{said[:37]}..."
