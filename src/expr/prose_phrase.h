/*
 * Forms of sentences with the expression that is probably meant. The first
 * that fits the whole text counts.
 *
 * In the form, a|b is one of these words, a word with ? may be absent, …
 * stands for up to four words, #1 for a name of one to four words, $1 for a
 * number or name, &1 for a value that is text if in doubt, %1 for a condition,
 * ~1 for a word that names a separator. In the answer they stand for what they
 * caught. An answer that starts with ! is advice, not an expression.
 *
 * PHRASE(form, answer)
 */
#ifndef PHRASE
#error "define PHRASE before including expr/prose_phrase.h"
#endif

/* Now */
PHRASE("… current|system|today|todays|today's|load|run|etl|job|batch|insert "
       "date and|& time …",
    "current_timestamp()")
PHRASE("… current|system|load|run|etl|job|batch|insert|update|creation "
       "timestamp|datetime|time|date-time …",
    "current_timestamp()")
PHRASE("… aktueller|aktuelle|aktuellen|aktuelles|jetzige "
       "zeitstempel|zeit|uhrzeit|timestamp …",
    "current_timestamp()")
PHRASE("… current|system|today's|todays|load|run|etl|job|batch|processing|"
       "execution date …",
    "current_date()")
PHRASE("… aktuelles|heutiges|aktuellem|heutigem|aktuelle datum|tagesdatum …",
    "current_date()")
PHRASE("… fecha actual …", "current_date()")
PHRASE("… date du jour …", "current_date()")

/* Conditions */
PHRASE("if|when|wenn|falls|si #1 is|ist|=|est? "
       "null|blank|empty|missing|leer|nulo|vide then|dann|alors|entonces|set? "
       "&2 "
       "else|otherwise|sonst|sinon &3",
    "CASE WHEN #1 IS NULL THEN &2 ELSE &3 END")
PHRASE("if|when|wenn|falls|si #1 is|ist|=|est? "
       "null|blank|empty|missing|leer|nulo|vide "
       "then|dann|alors|entonces|use|set|take? to? &2",
    "coalesce(#1, &2)")
PHRASE("if|when|wenn|falls|si #1 is|ist not|nicht "
       "null|blank|empty|missing|leer then|dann? &2 else|otherwise|sonst &3",
    "CASE WHEN #1 IS NOT NULL THEN &2 ELSE &3 END")
PHRASE("if|when|wenn|falls|si %1 then|dann|alors|entonces|set &2 "
       "else|otherwise|sonst|sinon &3",
    "CASE WHEN %1 THEN &2 ELSE &3 END")
PHRASE("if|when|wenn|falls|si %1 then|dann|alors|entonces|set &2",
    "CASE WHEN %1 THEN &2 END")
PHRASE("&1 if|when|wenn|falls #2 is|ist? null|blank|empty|missing|leer",
    "coalesce(#2, &1)")
PHRASE("&1 if|when|wenn|falls %2 else|otherwise|sonst &3",
    "CASE WHEN %2 THEN &1 ELSE &3 END")
PHRASE("replace|default|set null|nulls|blank|blanks in|of #2 with|to|by|as &1",
    "coalesce(#2, &1)")
PHRASE("replace|default|set null|nulls|blank|blanks with|to|by|as &1",
    "coalesce(x, &1)")

/* Text */
PHRASE("take|use|get|concat|concatenate|combine|join|merge|append|verkette? "
       "the? #1 and|&|with|plus|und|, the? #2 "
       "joined|separated|delimited|concatenated|verbunden|getrennt|combined? "
       "by|with|using|mit|durch a|an|one|einem? ~3 …",
    "concat_ws(~3, #1, #2)")
PHRASE("concat|concatenate|combine|join|verkette|verbinde the? #1 "
       "and|&|with|und|, the? #2",
    "concat(#1, #2)")
PHRASE("concatenation|combination|verkettung of|von the? #1 and|&|und #2",
    "concat(#1, #2)")
PHRASE("#1 concatenated|combined|verbunden with|and|mit #2", "concat(#1, #2)")
PHRASE("convert|change|make|put|transform? the? #1 to|in|into "
       "upper|uppercase|upper-case|capital|capitals case|letters?",
    "upper(#1)")
PHRASE("upper|uppercase|upper-case case? of|from? the? #1", "upper(#1)")
PHRASE("#1 in gro\xc3\x9f"
       "buchstaben",
    "upper(#1)")
PHRASE("convert|change|make|put|transform? the? #1 to|in|into "
       "lower|lowercase|lower-case case|letters?",
    "lower(#1)")
PHRASE("lower|lowercase|lower-case case? of|from? the? #1", "lower(#1)")
PHRASE("#1 in kleinbuchstaben", "lower(#1)")
PHRASE("remove|trim|strip leading|trailing|all|extra? and? trailing? "
       "spaces|blanks|space|whitespace|leerzeichen from|of|in|aus? the? #1",
    "trim(#1)")
PHRASE("trim|trimmed the? #1", "trim(#1)")
PHRASE("take|use|get? the|die? first|erste|ersten $1 "
       "characters|chars|digits|letters|positions|zeichen|stellen "
       "of|from|in|von|aus the? #2",
    "left(#2, $1)")
PHRASE("take|use|get? the|die? last|letzte|letzten $1 "
       "characters|chars|digits|letters|positions|zeichen|stellen "
       "of|from|in|von|aus the? #2",
    "right(#2, $1)")
PHRASE("left|rightmost $1 characters|chars|digits of #2", "left(#2, $1)")

PHRASE("remove|strip|trim leading zeros|zeroes from|of|in? the? #1",
    "trim(LEADING '0' FROM #1)")
PHRASE("remove|strip|trim leading zeros|zeroes", "trim(LEADING '0' FROM x)")
PHRASE("length|len|l\xc3\xa4nge of|von the? #1", "length(#1)")

/* Types */
PHRASE("year|jahr part? of|from|von|aus the? #1", "year(#1)")
PHRASE("month|monat part? of|from|von|aus the? #1", "month(#1)")
PHRASE("day|tag part? of|from|von|aus the? #1", "day(#1)")
PHRASE("quarter|quartal of|from|von|aus the? #1", "quarter(#1)")
PHRASE("convert|cast|change|format|parse the? #1 to|into|as|in a? "
       "date|datum …",
    "to_date(#1, 'yyyy-MM-dd')")
PHRASE("convert|cast|change|format|parse the? #1 to|into|as|in a? "
       "timestamp|datetime …",
    "to_timestamp(#1, 'yyyy-MM-dd HH:mm:ss')")
PHRASE("convert|cast|change the? #1 to|into|as|in a|an? "
       "number|numeric|decimal|zahl …",
    "CAST(#1 AS DECIMAL(12,2))")
PHRASE("convert|cast|change the? #1 to|into|as|in a|an? int|integer …",
    "CAST(#1 AS INT)")
PHRASE("convert|cast|change the? #1 to|into|as|in a? string|text|varchar …",
    "CAST(#1 AS STRING)")

/* Arithmetic */
PHRASE("#1 times|multiplied|mal|fois|por|x by|mit? $2", "#1 * $2")
PHRASE("multiply|multipliziere the? #1 by|with|mit|times $2", "#1 * $2")
PHRASE("sum|total of #1 and|plus #2", "#1 + #2")
PHRASE("add $1 to #2", "#2 + $1")
PHRASE("#1 plus $2", "#1 + $2")
PHRASE("subtract $1 from #2", "#2 - $1")
PHRASE("difference between|of #1 and #2", "#1 - #2")
PHRASE("#1 minus $2", "#1 - $2")
PHRASE("divide the? #1 by $2", "#1 / $2")
PHRASE("#1 divided|geteilt|divided by|durch $2", "#1 / $2")
PHRASE("round|runde the? #1 to|auf $2 "
       "decimals|digits|places|decimal|stellen|nachkommastellen places?",
    "round(#1, $2)")
PHRASE("#1 rounded|gerundet to|auf $2 "
       "decimals|digits|places|decimal|stellen|nachkommastellen places?",
    "round(#1, $2)")

/* Advice */
PHRASE("hardcode|hardcoded|hard-coded|hard-code|constant|fixed|static|always|"
       "default|fix|fest|fester|immer|konstant|konstante|defaulted "
       "value|wert|code? to|as|of|with|=|:|auf? &1",
    "&1")
PHRASE("set|populate|fill|defaults|insert value? to|as|with|= &1", "&1")
PHRASE("… surrogate|sequence|sequential key|number|id …",
    "!Write "
    "md5(concat_ws('|', key1, key2)), or let the table generate the number.")
PHRASE("lookup|look|match|join|nachschlagen|fetch …? … … …",
    "!Add the other "
    "table as a source with a join, then write its column here.")
PHRASE("sum|total|count|number|max|maximum|min|minimum|average|avg|summe|"
       "anzahl|durchschnitt of|von|der … …",
    "!Aggregate in a view and map the "
    "view, or use a window: sum(amount) OVER (PARTITION BY customer_id).")
PHRASE("same|copy|copied|take|taken|move|moved|map|mapped|load|populate|use|"
       "get|direct|directly|straight|as|value|wie|aus|von|fill|unchanged … "
       "source|src|quelle|origin|quellfeld|fuente …",
    "!" COPY)
