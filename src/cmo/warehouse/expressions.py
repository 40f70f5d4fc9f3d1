"""SQL expressions that cmo.yaml may hold: arithmetic, comparisons, CASE and a few functions of one row.

An expression is parsed, every node of it is held against a list of what is allowed, and it is written anew
from the tree. Nothing that reads a file, a setting, another table or another row can be said in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from cmo.measures import Problem

MAX_LENGTH = 1000
MAX_NODES = 300
MAX_NESTING = 40

_FUNCTIONS: Mapping[type[exp.Expr], str] = MappingProxyType(
    {
        exp.Abs: "abs",
        exp.Ceil: "ceil",
        exp.Coalesce: "coalesce",
        exp.Concat: "concat",
        exp.Day: "day",
        exp.Exp: "exp",
        exp.Floor: "floor",
        exp.Greatest: "greatest",
        exp.If: "if",
        exp.Least: "least",
        exp.Left: "left",
        exp.Length: "length",
        exp.Ln: "ln",
        exp.Lower: "lower",
        exp.Month: "month",
        exp.Nullif: "nullif",
        exp.Pow: "pow",
        exp.Replace: "replace",
        exp.Right: "right",
        exp.Round: "round",
        exp.Sign: "sign",
        exp.SplitPart: "split_part",
        exp.Sqrt: "sqrt",
        exp.StartsWith: "starts_with",
        exp.StrPosition: "strpos",
        exp.Substring: "substring",
        exp.Trim: "trim",
        exp.Upper: "upper",
        exp.Year: "year",
    }
)
_SYNTAX: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.IntDiv, exp.Paren, exp.DPipe,
        exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In,
        exp.Between, exp.Like, exp.ILike, exp.Case, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam,
        exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null,
    }
)  # fmt: skip
_TYPES = frozenset(
    {
        exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT, exp.DataType.Type.INT, exp.DataType.Type.BIGINT,
        exp.DataType.Type.DECIMAL, exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT, exp.DataType.Type.DATE,
        exp.DataType.Type.TIMESTAMP, exp.DataType.Type.BOOLEAN,
    }
)  # fmt: skip
_OF_TEXT = (
    exp.DPipe, exp.Concat, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Replace,
    exp.SplitPart, exp.StartsWith, exp.StrPosition, exp.Like, exp.ILike, exp.Length, exp.Cast, exp.TryCast,
)  # fmt: skip
_COMPARES = (exp.EQ, exp.NEQ, exp.In, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.Coalesce, exp.Nullif)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A column named in an expression.

    Attributes:
        name: As it was written.
        as_text: Whether its text is meant, rather than the number or date it writes.
    """

    name: str
    as_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowExpression:
    """An expression over the columns of one row, known to be harmless.

    Attributes:
        written: As it was written.
        tree: Its parsed form.
        references: The columns it names, each once per way of reading.
    """

    written: str
    tree: exp.Expr
    references: tuple[Reference, ...]

    @classmethod
    def parse(cls, written: str, *, where: str) -> "RowExpression":
        """Reads an expression.

        Raises:
            Problem: It is not one expression, or says what is not allowed.
        """
        refused = (
            f"{where}: {written[:80]!r} is neither a column of the source nor an expression over its columns"
        )
        if len(written) > MAX_LENGTH or _nesting(written) > MAX_NESTING:
            raise Problem(
                f"{refused}; it is longer than {MAX_LENGTH} characters or nests too deep; shorten it"
            )
        try:
            trees = sqlglot.parse(written, read="duckdb")
        except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError) as error:
            raise Problem(f"{refused}; correct the name, or write SQL such as quantity * price") from error
        tree = trees[0] if len(trees) == 1 else None
        if tree is None:
            raise Problem(f"{refused}; one expression without a semicolon was expected")
        nodes = list(tree.walk())
        if len(nodes) > MAX_NODES:
            raise Problem(f"{refused}; it has more than {MAX_NODES} parts; shorten it")
        for node in nodes:
            reason = _refusal(node)
            if reason:
                raise Problem(f"{refused}; {reason}")
        references = dict.fromkeys(
            Reference(name=node.name, as_text=_as_text(node))
            for node in nodes
            if isinstance(node, exp.Column)
        )
        return cls(written=written, tree=tree, references=tuple(references))

    def sql(self, cell_of: Callable[[Reference], str]) -> str:
        """The expression in DuckDB's SQL, NULL where it cannot be computed.

        Args:
            cell_of: Name of the SQL column that holds a column it names.
        """
        root = exp.Paren(this=self.tree.copy())
        for column in list(root.find_all(exp.Column)):
            name = cell_of(Reference(name=column.name, as_text=_as_text(column)))
            column.replace(exp.column(exp.to_identifier(name, quoted=True)))
        for cast in list(root.find_all(exp.Cast)):
            if not isinstance(cast, exp.TryCast):
                cast.replace(exp.TryCast(this=cast.this, to=cast.to))
        return f"TRY({root.sql(dialect='duckdb')})"


def _nesting(written: str) -> int:
    depth = deepest = 0
    for character in written:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _refusal(node: exp.Expr) -> str | None:
    """Why a node is not allowed, or None."""
    kind, shown = type(node), node.sql("duckdb")[:40]
    if kind is exp.DataType and (node.this not in _TYPES or node.args.get("nested")):
        return f"the type {shown} is not allowed"
    if kind is exp.Column and node.args.get("table"):
        return f"{shown} names another table; name the column alone"
    reason = None
    if isinstance(node, exp.Query | exp.Subquery | exp.Command | exp.DDL | exp.DML):
        reason = "only columns of the row may be used, no query and no command"
    elif kind not in _SYNTAX and kind not in _FUNCTIONS:
        if isinstance(node, exp.Func):
            name = node.name if isinstance(node, exp.Anonymous) else node.sql_name().lower()
            allowed = ", ".join(sorted(_FUNCTIONS.values()))
            reason = f"the function {name[:40]} is not allowed; allowed are {allowed}"
        else:
            reason = f"{shown!r} is not allowed in it"
    elif node.comments:
        reason = "a comment is not allowed in it"
    return reason


def _as_text(column: exp.Expr) -> bool:
    """Whether a column is used as the text it is."""
    parent = column.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    if isinstance(parent, _OF_TEXT):
        return True
    if isinstance(parent, exp.Case) and column is parent.this:
        return any(
            isinstance(branch.this, exp.Literal) and branch.this.is_string for branch in parent.args["ifs"]
        )
    if isinstance(parent, _COMPARES):
        return any(isinstance(node, exp.Literal) and node.is_string for node in parent.iter_expressions())
    return False
