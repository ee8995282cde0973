/*
 * Words that stand behind a complete operand in other languages but not in
 * Spark SQL, with what to write instead. Letter case does not matter.
 *
 * SLIP(word, code, message, fix)
 */
#ifndef SLIP
#error "define SLIP before including expr/hint_slip.h"
#endif

SLIP("mod", E_SYNTAX, "MOD is not an operator of Spark SQL.",
    "Write a % b or mod(a, b).")
SLIP("xor", E_SYNTAX, "XOR is not an operator of Spark SQL.",
    "Write a <> b for conditions, a ^ b for whole numbers.")
SLIP("isnull", E_SYNTAX, "ISNULL is not an operator of Spark SQL.",
    "Write x IS NULL.")
SLIP("notnull", E_SYNTAX, "NOTNULL is not an operator of Spark SQL.",
    "Write x IS NOT NULL.")
SLIP("eq", E_SYNTAX, "EQ is not an operator of Spark SQL.", "Write =.")
SLIP("ne", E_SYNTAX, "NE is not an operator of Spark SQL.", "Write <>.")
SLIP("gt", E_SYNTAX, "GT is not an operator of Spark SQL.", "Write >.")
SLIP("lt", E_SYNTAX, "LT is not an operator of Spark SQL.", "Write <.")
SLIP("ge", E_SYNTAX, "GE is not an operator of Spark SQL.", "Write >=.")
SLIP("le", E_SYNTAX, "LE is not an operator of Spark SQL.", "Write <=.")
SLIP("equals", E_SYNTAX, "EQUALS is not an operator of Spark SQL.", "Write =.")
SLIP("equal", E_SYNTAX, "EQUAL is not an operator of Spark SQL.", "Write =.")
SLIP("contains", E_SYNTAX, "CONTAINS is a function, not an operator.",
    "Write contains(x, 'text') or x LIKE '%text%'.")
SLIP("startswith", E_SYNTAX, "STARTSWITH is a function, not an operator.",
    "Write startswith(x, 'text') or x LIKE 'text%'.")
SLIP("endswith", E_SYNTAX, "ENDSWITH is a function, not an operator.",
    "Write endswith(x, 'text') or x LIKE '%text'.")
SLIP("similar", E_SYNTAX, "SIMILAR TO is not an operator of Spark SQL.",
    "Write x RLIKE 'pattern' with a regular expression.")
SLIP("matches", E_SYNTAX, "MATCHES is not an operator of Spark SQL.",
    "Write x RLIKE 'pattern' with a regular expression.")
SLIP("glob", E_SYNTAX, "GLOB is not an operator of Spark SQL.",
    "Write x LIKE 'text%' or x RLIKE 'pattern'.")
SLIP("at", E_SYNTAX, "AT TIME ZONE is not known to Spark SQL.",
    "Write from_utc_timestamp(x, 'Europe/Berlin') or "
    "to_utc_timestamp(x, 'Europe/Berlin').")
SLIP("if", E_SYNTAX, "IF cannot follow a value.",
    "Write CASE WHEN condition THEN a ELSE b END.")
SLIP("when", E_SYNTAX, "WHEN stands only within CASE … END.",
    "Write CASE WHEN condition THEN a ELSE b END.")
SLIP("then", E_SYNTAX, "THEN stands only within CASE … END.",
    "Write CASE WHEN condition THEN a ELSE b END.")
SLIP("else", E_SYNTAX, "ELSE stands only within CASE … END.",
    "Write CASE WHEN condition THEN a ELSE b END.")
SLIP("end", E_SYNTAX, "There is no CASE for this END.",
    "Remove END, or write CASE WHEN condition THEN a ELSE b END.")
SLIP("over", E_SYNTAX, "OVER follows only aggregate and ranking functions.",
    "Write, for example, sum(x) OVER (PARTITION BY y).")
SLIP("between", E_SYNTAX, "BETWEEN cannot stand here.",
    "Put the part before it into parentheses.")
SLIP("from", E_STATEMENT, "FROM belongs to a query, not to an expression.",
    "Write only the expression; the source table has its own column.")
SLIP("where", E_STATEMENT, "WHERE belongs to a query, not to an expression.",
    "Write only the expression; conditions go into the filter column.")
SLIP("group", E_STATEMENT, "GROUP BY belongs to a query.",
    "Write only the expression for this one column.")
SLIP("order", E_STATEMENT, "ORDER BY belongs to a query.",
    "Write only the expression for this one column.")
SLIP("having", E_STATEMENT, "HAVING belongs to a query.",
    "Write only the expression for this one column.")
SLIP("limit", E_STATEMENT, "LIMIT belongs to a query.",
    "Write only the expression for this one column.")
SLIP("join", E_STATEMENT, "JOIN belongs to a query, not to an expression.",
    "Write the join into the join column of the source's row.")
SLIP("left", E_STATEMENT, "LEFT JOIN belongs to a query.",
    "Write the join into the join column of the source's row.")
SLIP("inner", E_STATEMENT, "INNER JOIN belongs to a query.",
    "Write the join into the join column of the source's row.")
SLIP("union", E_STATEMENT, "UNION belongs to a query.",
    "Write only the expression for this one column.")
SLIP("asc", E_SYNTAX, "ASC belongs to ORDER BY.", "Remove it.")
SLIP("desc", E_SYNTAX, "DESC belongs to ORDER BY.", "Remove it.")
