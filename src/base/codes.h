/*
 * The catalogue of everything that can go wrong, one row a code. The table is
 * the single source of docs/errors.md, of the help page, of the HTTP status,
 * of the exit status of the command line, and of the log level.
 *
 * A code never changes its meaning. A retired code stays, marked as such.
 * Letters: M mapping sheet, E expression, P pattern and plan, A account and
 * session, W request, R other servers, G code of a model, S system.
 *
 * CODE(symbol, id, severity, http, exit, title, cause, fix)
 */
#ifndef CODE
#error "define CODE before including base/codes.h"
#endif

/* Mapping sheet: reading the file */
CODE(M_EMPTY, "M101", ERROR, 422, 3, "The sheet is empty",
    "The file or the pasted text holds no rows.",
    "Upload a sheet with a header row and at least one mapping row.")
CODE(M_TOO_LARGE, "M102", ERROR, 413, 3, "The sheet is too large",
    "A mapping sheet may have 10 MB.",
    "Split the sheet by target table and upload the parts.")
CODE(M_TOO_MANY_ROWS, "M103", ERROR, 422, 3, "Too many rows",
    "A sheet may have 20,000 mapping rows.",
    "Split the sheet by target table and upload the parts.")
CODE(M_TOO_MANY_COLUMNS, "M104", ERROR, 422, 3, "Too many target columns",
    "A target may have 2,000 columns.",
    "Split the target, or remove rows that are not needed.")
CODE(M_CELL_TOO_LONG, "M105", ERROR, 422, 3, "The cell is too long",
    "A cell may have 32 kB of text.",
    "Move the logic into a view or shorten the text.")
CODE(M_ENCODING, "M106", ERROR, 422, 3, "The encoding is not recognised",
    "The file is neither UTF-8, UTF-16 with a byte order mark, nor a "
    "single-byte Western encoding.",
    "Save the sheet as CSV UTF-8 and upload it again.")
CODE(M_OPEN_QUOTE, "M107", ERROR, 422, 3, "A quote is never closed",
    "A cell starts with a double quote that has no partner, so the rest of "
    "the file would become one cell.",
    "Close the quote, or double it (\"\") if it belongs to the text.")
CODE(M_TEXT_AFTER_QUOTE, "M108", ERROR, 422, 3, "Text after a closing quote",
    "A quoted cell must be followed by a separator or the end of the line.",
    "Double the quotes (\"\") that belong to the text.")
CODE(M_NOT_TEXT, "M109", ERROR, 422, 3, "The file is not a text sheet",
    "The file is a workbook, archive, picture or other binary file; this "
    "version reads CSV.",
    "Save the sheet as CSV UTF-8 and upload that file.")
CODE(M_EXTRA_CELLS, "M110", ERROR, 422, 3, "More cells than headers",
    "The row has more cells than the header row, usually because a comma "
    "inside an expression is not quoted.",
    "Put double quotes around the cell that contains the separator.")
CODE(M_CELL_TORN, "M111", ERROR, 422, 3, "A comma tears the cell apart",
    "The cell is not quoted, so a comma within its parentheses starts the next "
    "cell and moves everything after it.",
    "Put double quotes around the whole cell.")
CODE(M_TOO_MANY_HEADERS, "M112", ERROR, 422, 3, "Too many columns",
    "A sheet may have 200 columns.",
    "Remove the columns that are not part of the mapping.")
CODE(M_INVISIBLE, "M113", ERROR, 422, 3, "An invisible character",
    "The cell holds a control character, a mark that reverses the direction of "
    "the text, or a space that only looks like one.",
    "Delete the character, or type the cell again.")

/* Mapping sheet: headers */
CODE(M_HEADER_UNKNOWN, "M201", ERROR, 422, 3, "Unknown header",
    "The header is none of the known column names or their aliases.",
    "Rename the header, or remove the column.")
CODE(M_HEADER_MISSING, "M202", ERROR, 422, 3, "A required column is missing",
    "The sheet needs the columns source_table, source_column, target_table, "
    "target_column and transformation; source_column and transformation may "
    "be absent if the other is there.",
    "Add the column to the header row.")
CODE(M_HEADER_TWICE, "M203", ERROR, 422, 3, "Two headers mean the same",
    "Two columns of the sheet are read as the same mapping column.",
    "Remove or rename one of the two columns.")
CODE(M_HEADER_EMPTY, "M204", ERROR, 422, 3, "A header is empty",
    "The column has cells but no name in the header row.",
    "Name the column, or remove it.")
CODE(M_HEADER_LATE, "M205", ERROR, 422, 3, "Text above the header row",
    "The first row that is not empty must be the header row.",
    "Remove the rows above it.")

/* Mapping sheet: rows */
CODE(M_SOURCE_MISSING, "M301", ERROR, 422, 3, "The source table is missing",
    "The row says no source table.",
    "Write the table or path that the row reads from.")
CODE(M_TARGET_MISSING, "M302", ERROR, 422, 3, "The target table is missing",
    "The row says no target table.",
    "Write the table or path that the row writes to.")
CODE(M_TARGET_COLUMN_MISSING, "M303", ERROR, 422, 3,
    "The target column is missing",
    "The row says no target column, so its value has no place to go.",
    "Write the name of the target column.")
CODE(M_NOTHING_MAPPED, "M304", ERROR, 422, 3,
    "Neither source column nor transformation",
    "The row says neither which column to copy nor how to derive the value.",
    "Fill the source column, or write a transformation.")
CODE(M_TARGET_COLUMN_TWICE, "M305", ERROR, 422, 3,
    "The target column is mapped twice",
    "Two rows write the same column of the same target. Names are compared "
    "without regard to case, as Spark does.",
    "Remove one of the rows, or rename its target column.")
CODE(M_TABLE_NAME, "M306", ERROR, 422, 3, "Not a table name or path",
    "A table is written as table, schema.table or catalog.schema.table, with "
    "backticks around odd parts, and optionally an alias after a blank; a "
    "path starts with / or a scheme such as abfss:// or s3://.",
    "Correct the name.")
CODE(M_COLUMN_NAME, "M307", ERROR, 422, 3, "Not a column name",
    "The cell is not usable as a column name: Delta refuses the characters "
    "blank , ; { } ( ) newline tab and = in column names of plain tables.",
    "Rename the column.")
CODE(M_DATA_TYPE, "M308", ERROR, 422, 3, "Unknown data type",
    "The cell is not a Spark SQL data type.",
    "Write a type such as STRING, BIGINT, DECIMAL(12,2), DATE or TIMESTAMP.")
CODE(M_ROLE, "M309", ERROR, 422, 3, "Unknown role",
    "The cell is none of the known roles.",
    "Write key, watermark, sequence, tracked or untracked, or leave the cell "
    "empty.")
CODE(M_JOIN_MISSING, "M310", ERROR, 422, 3, "A join is missing",
    "Several sources feed one target, but no row says how this source joins "
    "the others.",
    "Write the join condition into the Join column of a row of this source.")
CODE(M_JOIN_CONFLICT, "M311", ERROR, 422, 3, "Two different joins",
    "Two rows state different joins for the same source of the same target.",
    "State the join once.")
CODE(M_JOIN_DRIVING, "M312", ERROR, 422, 3, "The first source has a join",
    "The first source of a target drives the pipeline and cannot join "
    "anything before it.",
    "Move the join to the row of the other source.")
CODE(M_ALIAS_TWICE, "M313", ERROR, 422, 3, "Two sources share one alias",
    "Two different sources of one target answer to the same alias.",
    "Give one of them another alias after its table name.")
CODE(M_COLUMN_UNKNOWN_ALIAS, "M314", ERROR, 422, 3,
    "The expression names an unknown source",
    "A qualified column refers to a source that this target does not read.",
    "Use the alias or the table name of one of the target's sources.")
CODE(M_DEFAULT_NOT_LITERAL, "M315", ERROR, 422, 3,
    "The default is not a literal",
    "A default is one literal, such as 'none', 0, true or DATE'2020-01-01'.",
    "Put text into single quotes; put logic into the transformation.")
CODE(M_TARGET_CYCLE, "M316", ERROR, 422, 3, "Targets depend on each other",
    "Each of these targets reads what another of them writes.",
    "Split the sheet, or read from a table outside it.")
CODE(M_NO_ROWS, "M317", ERROR, 422, 3, "No mapping rows",
    "The sheet has a header row but nothing below it.",
    "Add at least one mapping row.")
CODE(M_TARGET_IS_SOURCE, "M318", ERROR, 422, 3,
    "The target is one of its own sources",
    "A pipeline that overwrites what it reads cannot be run twice.",
    "Write to another table.")
CODE(M_HEADER_AS_DATA, "M319", ERROR, 422, 3, "The header row is repeated",
    "The row repeats the header, as happens when sheets are put together.",
    "Remove the row.")
CODE(M_ROLE_CONFLICT, "M320", ERROR, 422, 3, "Role and key column disagree",
    "The role cell and the key cell of the row say different things.",
    "Keep one of the two.")
CODE(M_SOURCE_AMBIGUOUS, "M321", ERROR, 422, 3, "Not exactly one source column",
    "The cell names several columns, holds an expression, or holds a sign for "
    "nothing.",
    "Write one column name, in backticks if it is an odd one; put logic into "
    "the transformation.")
CODE(M_SAME_NAME_CASE, "M322", WARNING, 422, 3, "One table, two spellings",
    "Two rows name the same table with different upper and lower case; they "
    "are treated as one.",
    "Spell the name the same way everywhere.")
CODE(M_ALIAS, "M323", ERROR, 422, 3, "The alias is not clear",
    "An alias is a plain name of letters, digits and underscores; table cell "
    "and alias cell must not disagree; and a name that several sources answer "
    "to says too little.",
    "Write the alias after the table name, the same in every row.")
CODE(M_JOIN_UNRELATED, "M324", ERROR, 422, 3, "The join relates nothing",
    "The condition does not compare this source with an earlier one, so every "
    "row would meet every row. A column without qualifier belongs to the "
    "source that is joined.",
    "Qualify the columns and compare both sources, or write CROSS JOIN.")
CODE(M_COLUMN_UNQUALIFIED, "M325", ERROR, 422, 3,
    "A column does not say which source it means",
    "A filter concerns the whole target, and a join may stand in the row of "
    "another source. Where several sources are read, a column needs the alias "
    "of its own.",
    "Write the alias and a dot before the column.")
CODE(M_TOO_MANY_SOURCES, "M326", ERROR, 422, 3, "Too many sources",
    "A target may read 100 sources.",
    "Join some of them in a view and map the view.")
CODE(M_RULE_COLUMN, "M327", ERROR, 422, 3,
    "The rule names no column of the target",
    "A rule is about the row as it is written: the columns of the target, "
    "after their transformations.",
    "Write the name of a target column of the same target.")
CODE(M_RULE_VOLATILE, "M328", ERROR, 422, 3, "The rule is left to chance",
    "A rule over rand(), uuid() and the like would sort the same row "
    "differently each time it is asked. Dates and times of the run may be "
    "compared.",
    "Compare columns of the target.")

/* Expressions */
CODE(E_SYNTAX, "E101", ERROR, 422, 3, "The expression does not parse",
    "The text is not a Spark SQL expression.",
    "Correct the expression at the marked place.")
CODE(E_PROSE, "E102", ERROR, 422, 3, "A sentence, not an expression",
    "The cell describes the logic in words; the compiler needs Spark SQL.",
    "Write the logic as a Spark SQL expression, for example "
    "coalesce(amount, 0) * 1.1.")
CODE(E_FUNCTION_UNKNOWN, "E103", WARNING, 422, 3, "Unknown function",
    "The function is not built into Spark SQL. It may be a function of your "
    "own catalog.",
    "Check the spelling; if it is your own function, nothing is to be done.")
CODE(E_SUBQUERY, "E104", ERROR, 422, 3, "A query inside an expression",
    "Column logic cannot contain SELECT.",
    "Add the other table as a source with a join.")
CODE(E_TOO_DEEP, "E105", ERROR, 422, 3, "The expression is nested too deeply",
    "An expression may be nested 200 levels deep.", "Simplify the expression.")
CODE(E_AGGREGATE, "E106", ERROR, 422, 3, "An aggregate without grouping",
    "A mapping row computes one value for each source row; an aggregate "
    "function needs a group, which this version does not compile.",
    "Aggregate in a view and map the view, or use a window: "
    "sum(amount) OVER (PARTITION BY customer_id).")
CODE(E_UNCLOSED, "E107", ERROR, 422, 3, "A quote or comment is never closed",
    "The text ends inside a string, a quoted name or a comment.", "Close it.")
CODE(E_STATEMENT, "E108", ERROR, 422, 3, "A statement, not an expression",
    "The cell holds a SQL statement or ends with a semicolon.",
    "Write only the expression for this one column.")
CODE(E_ARGUMENTS, "E109", ERROR, 422, 3, "Wrong number of arguments",
    "The function is built into Spark SQL and takes another number of "
    "arguments.",
    "Correct the call.")
CODE(E_STAR, "E110", ERROR, 422, 3, "A star is not one column",
    "One mapping row fills one target column; * stands for many.",
    "Write one row for each column.")
CODE(E_CHARACTER, "E111", ERROR, 422, 3, "A character that SQL does not know",
    "The text contains a character that cannot stand here, often a "
    "typographic quote or dash from a word processor.",
    "Replace it: use ' for text, - for minus.")
CODE(E_ASSIGNMENT, "E112", ERROR, 422, 3, "The cell names its own target",
    "The text starts with target = …; only the right side belongs here.",
    "Remove the assignment, or use == if a comparison is meant.")
CODE(E_NOT_CONDITION, "E113", ERROR, 422, 3, "Not a condition",
    "A filter or join must be a condition that is true or false.",
    "Write a comparison, such as status = 'open'.")
CODE(E_GENERATOR, "E114", ERROR, 422, 3, "A function that makes rows",
    "explode and its relatives turn one row into many; a mapping row fills "
    "one column.",
    "Explode in a view and map the view.")
CODE(E_WINDOW, "E115", ERROR, 422, 3, "The window does not fit",
    "A ranking function needs OVER with an ORDER BY; OVER fits only ranking "
    "and aggregate functions, without DISTINCT and FILTER; a filter or join "
    "takes none of it.",
    "Write, for example, row_number() OVER (PARTITION BY customer_id ORDER BY "
    "changed_at).")
CODE(E_OPERANDS, "E116", ERROR, 422, 3, "The operator is not for text",
    "In Spark + adds numbers and & combines bits; with text the result is "
    "NULL or an error.",
    "Write || or concat() to join text.")
CODE(E_DOUBLED_QUOTE, "E117", WARNING, 422, 3, "A doubled quote inside text",
    "Spark does not read '' inside text as a quote: it joins the two texts, "
    "so 'it''s' is its.",
    "Write \\' for a quote inside text.")
CODE(E_NULL_COMPARED, "E118", WARNING, 422, 3, "A comparison with NULL",
    "A comparison with NULL is neither true nor false, so it never holds.",
    "Write IS NULL or IS NOT NULL.")

/* Pattern and plan */
CODE(P_UNKNOWN, "P101", ERROR, 404, 3, "Unknown pattern",
    "There is no pattern of this name.", "Choose one of the listed patterns.")
CODE(P_OPTION_UNKNOWN, "P102", ERROR, 422, 3, "Unknown option",
    "The pattern has no option of this name.",
    "Remove the option, or correct its name.")
CODE(P_OPTION_VALUE, "P103", ERROR, 422, 3, "The option's value does not fit",
    "The option takes other values.", "Choose one of the listed values.")
CODE(P_KEY_MISSING, "P104", ERROR, 422, 3, "The pattern needs a key",
    "The target has no key column, so rows cannot be matched.",
    "Mark the key columns in the sheet (role key), or name them in the "
    "option keys.")
CODE(P_WATERMARK_MISSING, "P105", ERROR, 422, 3,
    "The pattern needs a watermark",
    "Without a watermark column new rows cannot be told from old ones.",
    "Mark one column with the role watermark, or name it in the option "
    "watermark.")
CODE(P_COLUMN_UNKNOWN, "P106", ERROR, 422, 3,
    "The option names no column of the target",
    "The option must name target columns of the sheet.", "Correct the name.")
CODE(P_VOLATILE_KEY, "P107", ERROR, 422, 3, "The value changes with every run",
    "A key, watermark or ordering column computed from a function such as "
    "current_timestamp(), uuid() or rand() differs in every run, so the "
    "pipeline could never be repeated.",
    "Use a column of the source.")
CODE(P_WATERMARK_TWICE, "P108", ERROR, 422, 3, "Two watermarks",
    "A target can have one watermark column.", "Keep the role on one row.")
CODE(P_TARGET_FORMAT, "P109", ERROR, 422, 3, "The target is not a Delta table",
    "The pattern writes Delta; the path names another format.",
    "Write to a table, or to a path without a file ending.")
CODE(P_DEFINITION, "P110", ERROR, 500, 70, "A pattern definition is broken",
    "A file below patterns/ does not say what a pattern must say.",
    "Correct the file at the named place.")
CODE(P_SOURCE_FORMAT, "P111", ERROR, 422, 3, "Unknown file format",
    "The source path ends with a file type that this version cannot read.",
    "Use Parquet, CSV, JSON, ORC, Avro, text, or a Delta folder.")
CODE(P_TOO_LARGE, "P112", ERROR, 422, 3, "The generated code is too large",
    "The code of one sheet may have 8 MB.", "Split the sheet by target table.")
CODE(P_IDENTITY_WIDE, "P113", ERROR, 422, 3, "A key is needed",
    "Without a key a row is told from others by all its columns, and there "
    "are more than 200 of them.",
    "Mark the key columns in the sheet (role key), or name them in the "
    "option keys.")
CODE(P_NAME_TAKEN, "P114", ERROR, 422, 3, "The column's name is taken",
    "The pattern adds or works with a column of this name, so that the target "
    "cannot have another.",
    "Rename the column, or name another one in the option.")
CODE(P_TRACKED, "P115", ERROR, 422, 3, "Nothing to track, or the wrong column",
    "A history opens a version where a tracked column changes. Keys, the "
    "sequence and the deletion flag are not tracked.",
    "Mark the columns in the sheet (role tracked or untracked), or name them "
    "in the option tracked.")
CODE(P_SEQUENCE_MISSING, "P116", ERROR, 422, 3, "The pattern needs a sequence",
    "Without a column that orders the changes of a key, versions have no "
    "beginning and the order in which rows arrive would decide.",
    "Mark one column with the role sequence, or name it in the option "
    "order_by.")
CODE(P_SOURCE_FILE, "P117", ERROR, 422, 3, "The source has no file",
    "The rows of a table are not told by the file they stand in.",
    "Leave the option source_file empty, or read from a path.")
CODE(P_FAN_OUT, "P118", WARNING, 422, 3, "A join may multiply rows",
    "Where a joined source has several rows for one row of the others, that "
    "row is there several times, and a sum or count over it is too high.",
    "Choose Refuse in the option join_matches, or sum up before the join.")
CODE(P_OUTPUT, "P119", ERROR, 422, 3, "The output cannot express this",
    "What the plan says has no words in the chosen output, and leaving it out "
    "would change what is loaded.",
    "Choose another output, or the option's other value.")

/* Patterns of an organisation */
CODE(P_DOCUMENT, "P140", ERROR, 422, 3, "The pattern cannot be read",
    "A pattern is one YAML document in UTF-8. Anchors, aliases and tags are "
    "not "
    "taken, and no key may stand twice.",
    "Correct the text at the named line.")
CODE(P_DOCUMENT_LARGE, "P141", ERROR, 413, 3, "The pattern is too large",
    "A pattern may have 256 kB with its example and its prompt.",
    "Shorten the example sheet or the prompt.")
CODE(P_KEY_UNKNOWN, "P142", ERROR, 422, 3, "Unknown key",
    "The pattern says something that nobody would read.",
    "Correct the key, or remove it.")
CODE(P_KEY_VALUE, "P143", ERROR, 422, 3, "The key's value does not fit",
    "A pattern has a name of small letters, digits and underscores, a title, a "
    "summary and a description; texts have limits and no invisible "
    "characters.",
    "Write the key with a value that fits.")
CODE(P_BASE_UNKNOWN, "P144", ERROR, 422, 3, "There is nothing to extend",
    "A pattern extends one that the compiler knows. One without a base must "
    "have a prompt, and is for a model.",
    "Name one of the compiled patterns behind extends.")
CODE(P_PRESET_OPTION, "P145", ERROR, 422, 3, "The base has no such option",
    "A pattern can preset only the options of the pattern that it extends.",
    "Correct the name, or remove the option.")
CODE(P_PRESET_VALUE, "P146", ERROR, 422, 3, "The preset does not fit",
    "The default of an option must be a value that the option takes.",
    "Write one of the values that the option takes.")
CODE(P_EXAMPLE, "P147", ERROR, 422, 3, "The example does not fit the pattern",
    "The example sheet shows people what the pattern expects, so it must "
    "compile with it.",
    "Correct the example sheet, or the presets.")
CODE(P_NAME_BUILT_IN, "P148", ERROR, 409, 5, "The name is a built-in pattern's",
    "Patterns of the program, and names that addresses use, cannot be "
    "replaced.",
    "Choose another name.")
CODE(P_NAME_EXISTS, "P149", ERROR, 409, 5, "There is a pattern of this name",
    "A new pattern needs a name of its own.",
    "Save it as a new version of the other one, or choose another name.")
CODE(P_OPTION_FIXED, "P150", ERROR, 422, 3, "The pattern has fixed this option",
    "The option's value is part of the standard that the pattern is, and is "
    "given otherwise here.",
    "Leave the option out, or choose another pattern.")
CODE(P_PROMPT_ONLY, "P151", ERROR, 422, 3, "The compiler cannot compile this",
    "The pattern extends no compiled pattern. It consists of a prompt, which "
    "only a language model can follow.",
    "Let a model write the code, choose a pattern that the compiler knows, or "
    "let this one extend one.")
CODE(P_DISABLED, "P152", ERROR, 422, 3, "The pattern is disabled",
    "Nothing new is made with a disabled pattern. What was made with it stays, "
    "and can be made again.",
    "Choose another pattern, or ask an editor to enable it.")
CODE(P_INSTALLED, "P153", ERROR, 409, 5,
    "The pattern comes with the installation",
    "An installed pattern is a file; the next start would undo a change made "
    "here.",
    "Let an administrator change the file, or save a copy under another name.")
CODE(P_OUTDATED, "P154", ERROR, 422, 3, "The pattern does not fit this release",
    "The stored pattern was made for another release, whose patterns had other "
    "options.",
    "Let an editor correct it and save a new version.")

/* Pattern and plan again */
CODE(P_SEQUENCE_TWICE, "P155", ERROR, 422, 3, "Two sequences",
    "A target can have one sequence column: two may order the rows of a key "
    "in two ways.",
    "Keep the role on one row.")
CODE(P_DELETED_MISSING, "P156", ERROR, 422, 3,
    "The pattern needs a deletion flag",
    "A feed of changes says of each row whether its key was deleted; without "
    "that, deletions would be taken for updates.",
    "Map the flag to a boolean column, such as operation = 'D', and name that "
    "column in the option deleted.")
CODE(P_BASE_CLOSED, "P157", ERROR, 422, 3, "The base has settled this option",
    "The pattern that is extended is what it is by this option, so a pattern "
    "derived from it cannot say otherwise.",
    "Remove the option, or extend the pattern that leaves it open.")

/* Accounts and sessions */
CODE(A_SIGN_IN, "A101", ERROR, 401, 77, "Please sign in",
    "This page is for signed-in people.", "Sign in and try again.")
CODE(A_WRONG, "A102", ERROR, 401, 77, "Name or password is wrong",
    "The name and the password do not belong together.",
    "Try again, or ask your administrator for a new password.")
CODE(A_THROTTLED, "A103", ERROR, 429, 77, "Too many attempts",
    "There were several failed sign-ins for this name or from this address.",
    "Wait until the stated time and try again.")
CODE(A_FORBIDDEN, "A104", ERROR, 403, 77, "Not allowed",
    "Your role does not include this.", "Ask your administrator.")
CODE(A_CSRF, "A105", ERROR, 403, 77, "The form has expired",
    "The form was made for another session or has been open for too long.",
    "Go back, reload the page and send it again.")
CODE(A_ORIGIN, "A106", ERROR, 403, 77, "The request came from another site",
    "Only forms of this site may change something here.",
    "Open the site directly and try again.")
CODE(A_PASSWORD_WEAK, "A107", ERROR, 422, 3, "The password is too weak",
    "A password has at least 12 characters and is not one of the most common.",
    "Choose a longer one, for example four unrelated words.")
CODE(A_PASSWORD_REPEAT, "A108", ERROR, 422, 3, "The passwords differ",
    "The new password and its repetition are not the same.", "Type both again.")
CODE(A_NAME_TAKEN, "A109", ERROR, 409, 5, "The name is taken",
    "There is a user of this name already.", "Choose another name.")
CODE(A_NAME_INVALID, "A110", ERROR, 422, 3, "The name cannot be used",
    "A user name has 1 to 64 letters, digits, dots, dashes, underscores, @ or "
    "+.",
    "Choose another name.")
CODE(A_PASSWORD_CHANGE, "A111", ERROR, 403, 77, "Choose a new password first",
    "The one-time password is only for the first sign-in.",
    "Set a password of your own.")
CODE(A_EXTERNAL, "A112", ERROR, 409, 5, "The name belongs to somebody else",
    "There is an account here of the name that the workspace tells.",
    "Sign in with the password of that account, if it is yours; else ask your "
    "administrator.")

/* Requests */
CODE(W_BAD_REQUEST, "W400", ERROR, 400, 2, "The request is malformed",
    "The browser sent something that could not be read.",
    "Go back, reload the page and try again.")
CODE(W_NOT_FOUND, "W404", ERROR, 404, 4, "Not found",
    "There is nothing here, or it is not yours.",
    "Check the address, or start from the home page.")
CODE(W_METHOD, "W405", ERROR, 405, 2, "Method not allowed",
    "The address exists, but not for this kind of request.",
    "Go back and use the form of the page.")
CODE(W_CONFLICT, "W409", ERROR, 409, 5, "The request conflicts",
    "What you wanted to change has changed meanwhile.",
    "Reload the page and try again.")
CODE(W_TOO_LARGE, "W413", ERROR, 413, 3, "The upload is too large",
    "An upload may have 10 MB.",
    "Split the sheet by target table and upload the parts.")
CODE(W_FORM, "W422", ERROR, 422, 3, "Please check the form",
    "Some fields are missing or do not fit.", "Correct the marked fields.")
CODE(W_TOO_MANY, "W429", ERROR, 429, 75, "Too many requests",
    "There were more requests than one person usually makes.",
    "Wait a moment and try again.")
CODE(W_MEDIA_TYPE, "W415", ERROR, 415, 2, "Unsupported content type",
    "The request body is of a kind this address does not read.",
    "Send a form, text/csv or application/json.")

/* Other servers: workspaces and models. What is wrong between us and them, or
 * what they answer; never what is wrong with a mapping or with code. */
CODE(R_UNREACHABLE, "R101", ERROR, 502, 69,
    "The other server cannot be reached",
    "Its name has no address, or nothing answers there.",
    "Check the host of the connection. If it is right, ask whether this "
    "server may reach it: name service, firewall and routes decide.")
CODE(R_BARRED, "R102", ERROR, 403, 77, "The address is not allowed",
    "Requests go only to hosts that the administrator allows, and never to "
    "addresses of this machine or its network segment.",
    "Check the host of the connection, or ask your administrator to allow it.")
CODE(R_UNTRUSTED, "R103", ERROR, 502, 69, "The other server cannot be trusted",
    "Its certificate is not one that this server trusts, or it does not speak "
    "TLS.",
    "Check the host of the connection. An authority of your own must be "
    "installed among this system's certificates.")
CODE(R_SLOW, "R104", ERROR, 504, 75, "The other server does not answer in time",
    "A limit of time was reached before the answer was complete.",
    "Try again later; a model that sleeps may need minutes to wake up.")
CODE(R_CUT, "R105", ERROR, 502, 69, "The answer broke off",
    "The connection ended before the answer was complete.", "Try again.")
CODE(R_TOO_LARGE, "R106", ERROR, 502, 69, "The answer is too large",
    "The other server sent more than is read here.",
    "Ask for less, or check the host of the connection.")
CODE(R_NOT_API, "R107", ERROR, 502, 69, "This is not the API",
    "The answer is a page for people, as a sign-in page is, or no JSON: the "
    "host is another one, or the workspace is reached through a private link.",
    "Check the host of the connection: it is what the workspace's address "
    "begins with in a browser.")
CODE(R_HOST, "R108", ERROR, 422, 3, "The host cannot be used",
    "It is not a plain name of a host, or names something that no connection "
    "may have.",
    "Enter the workspace's address as it stands in the browser, such as "
    "https://adb-1234567890.1.azuredatabricks.net.")
CODE(R_NAME_TAKEN, "R109", ERROR, 422, 3, "The name is taken",
    "You have another connection of that name, or too many connections.",
    "Choose another name, or remove a connection that is no longer needed.")
CODE(R_TOKEN, "R110", ERROR, 403, 77, "The token is not accepted",
    "The token or sign-in of the connection is wrong, expired or revoked.",
    "Enter a new token, or sign in to the workspace again.")
CODE(R_DENIED, "R111", ERROR, 403, 77, "The other server does not allow it",
    "The person of the connection may not do this there.",
    "Ask the workspace's administrator for the permission that is named.")
CODE(R_MISSING, "R112", ERROR, 404, 69, "It is not there",
    "The other server knows nothing of that name, or may not show it.",
    "Check the name; look whether the person of the connection may see it.")
CODE(R_INVALID, "R113", ERROR, 422, 69, "The other server refuses the request",
    "Something about the request is wrong for the other server.",
    "Read what it says and change that.")
CODE(R_CONFLICT, "R114", ERROR, 409, 75, "It has changed there meanwhile",
    "What the request would change is there already, or was changed by "
    "somebody else.",
    "Look at what is there and decide again.")
CODE(R_THROTTLED, "R115", ERROR, 429, 75, "The other server wants a pause",
    "More was asked in a short time than it allows, over all its users.",
    "Try again in a minute.")
CODE(R_UNAVAILABLE, "R116", ERROR, 503, 75, "The other server is not ready",
    "It is starting, stopping, overloaded or being maintained.",
    "Try again in a few minutes.")
CODE(R_BROKEN, "R117", ERROR, 502, 69, "The other server failed",
    "Something went wrong there.",
    "Try again; if it stays, tell those who run it the request id.")
CODE(R_CANCELLED, "R118", ERROR, 409, 75, "It was stopped there",
    "Somebody, or a limit of the other server, has ended it.",
    "Start it again if it is still wanted.")
CODE(R_INCOMPLETE, "R119", ERROR, 502, 69, "The model's answer is not complete",
    "It ended at the longest answer that was asked for, or at the model's own "
    "limit.",
    "Allow a longer answer in the connection, choose another model, or split "
    "the target over several sheets.")
CODE(R_FILTERED, "R120", ERROR, 502, 69, "The model gives no answer",
    "Its server holds the answer back, or it holds nothing.",
    "Look at what the sheet and your own words say; try another model.")
CODE(R_REFUSED, "R121", ERROR, 422, 3, "The model's code is refused",
    "What the model wrote contradicts the plan, or does what such code must "
    "not do.",
    "Read the findings. Try again, say more in your own words, or let the "
    "compiler write the code.")
CODE(R_SIGN_IN, "R122", ERROR, 403, 77, "Sign in to the workspace",
    "The connection acts as whoever signs in to the workspace, and nobody is "
    "signed in, or no longer.",
    "Open the connection and sign in to the workspace again.")
CODE(R_CONSENT, "R123", ERROR, 403, 77,
    "The sign-in at the workspace was not completed",
    "The workspace sent the browser back without a permission, or too late, "
    "or to another browser than the one that asked.",
    "Start again from the connection or from the sign-in page, in one browser.")
CODE(R_NO_OAUTH, "R124", ERROR, 422, 78, "There is no way to sign in there",
    "Signing in with OAuth needs a workspace that offers it and an OAuth "
    "application that is registered for this program.",
    "Ask the administrator to register one and to set oauth_client_id and "
    "public_url in text2code.conf, or use a token.")

CODE(R_TESTS_REFUSED, "R125", ERROR, 422, 3, "The model's tests are refused",
    "What the model wrote as tests does what tests must not do, or tests "
    "nothing.",
    "The code is there all the same, with the compiled tests, whose expected "
    "values are computed from the sheet. Read the findings, or ask again.")
CODE(R_TESTS_STOPPED, "R126", WARNING, 409, 75,
    "The model's tests were stopped",
    "The code had passed when its owner stopped the model, or it was "
    "interrupted, while it wrote tests.",
    "Use the compiled tests, or ask again.")

/* Code that a model wrote */
CODE(G_NO_CODE, "G101", ERROR, 422, 3, "There is no code in the answer",
    "The model's answer holds nothing that looks like Python.",
    "Ask again, or ask for the code alone.")
CODE(G_CUT, "G102", ERROR, 422, 3, "The answer was cut off",
    "The code block was never closed, so the end of the code may be "
    "missing.",
    "Ask again, with a higher limit of tokens or a smaller sheet.")
CODE(G_SYNTAX, "G103", ERROR, 422, 3, "The code is not Python",
    "Python would refuse the code before it runs a line of it.",
    "Correct the line that is named.")
CODE(G_CHARACTER, "G104", ERROR, 422, 3, "A character that hides code",
    "Control characters, marks that reverse the direction of text, names "
    "outside ASCII and other encodings let code look like other code.",
    "Write names in ASCII and texts without such characters.")
CODE(G_MAGIC, "G105", ERROR, 422, 3, "A cell of another kind",
    "Cells that run a shell, install packages, run notebooks or speak "
    "another language are not checked.",
    "Write the step in Python, or leave it out.")
CODE(G_IMPORT, "G106", ERROR, 422, 3, "The import is not allowed",
    "A load needs PySpark, Delta and a few modules of the standard "
    "library; this one is none of them.",
    "Do without it.")
CODE(G_NAME, "G107", ERROR, 422, 3, "The name is not allowed",
    "The name is not defined in the code, or it opens a way around this "
    "check.",
    "Use the DataFrame API; define what is missing.")
CODE(G_CALL, "G108", ERROR, 422, 3, "The call is not allowed",
    "The attribute or call is not one that a load needs, or reaches files, "
    "secrets, other processes or Spark's inside.",
    "Use the DataFrame API of PySpark and Delta.")
CODE(G_TABLE, "G109", ERROR, 422, 3, "The table is not in the mapping",
    "The code reads or writes a table or path that the mapping does not "
    "name.",
    "Use the tables of the mapping alone.")
CODE(G_TABLE_UNKNOWN, "G110", ERROR, 422, 3, "The table cannot be told",
    "The name of the table is put together in a way that reading does not "
    "follow.",
    "Say the name as a constant, or as the parameter of the plan.")
CODE(G_WRITE, "G111", ERROR, 422, 3, "It writes what is no target",
    "Only targets of the mapping may be written, in the way that their "
    "pattern says.",
    "Write the target alone.")
CODE(G_SQL, "G112", ERROR, 422, 3, "The SQL is not allowed",
    "The statement or function of SQL is not one that a load needs.",
    "Use expressions over columns, and MERGE or INSERT into the target.")
CODE(G_SQL_BUILT, "G113", ERROR, 422, 3, "SQL put together from strings",
    "What the SQL says is only known when the code runs.",
    "Write the SQL as a constant, or use the DataFrame API.")
CODE(G_SETTING, "G114", ERROR, 422, 3, "The setting is not allowed",
    "The setting, option or format is not one that a load needs, or "
    "reaches another system.",
    "Leave it out; an administrator sets it on the cluster.")
CODE(G_SECRET, "G115", ERROR, 422, 3, "A credential in the code",
    "The code holds what looks like a token, key or password.",
    "Remove it, and revoke it if it is real.")
CODE(G_COLUMN_MISSING, "G116", ERROR, 422, 3, "A target column is missing",
    "The rows that are written lack a column of the sheet.",
    "Produce the column as its row of the sheet says.")
CODE(G_COLUMN_SOURCE, "G117", ERROR, 422, 3,
    "A target column has another source",
    "The column is not computed from what its row of the sheet names.",
    "Compute it as its row of the sheet says.")
CODE(G_COLUMN_EXTRA, "G118", ERROR, 422, 3,
    "A column that the sheet does not have",
    "The rows that are written have a column that is no target column.",
    "Drop the column before the target is written.")
CODE(G_COLUMN_UNSURE, "G119", WARNING, 422, 3, "A column cannot be followed",
    "Reading does not tell what the target column is made of.",
    "Compare the column with its row of the sheet.")
CODE(G_NOT_WRITTEN, "G120", ERROR, 422, 3, "A target is not written",
    "The code never writes a target of the mapping.",
    "Write every target of the mapping.")
CODE(G_DELETES, "G121", WARNING, 422, 3, "It deletes or replaces rows",
    "The code deletes or replaces rows of a target, which its pattern does "
    "in another way or not at all.",
    "Look whether that is wanted.")
CODE(G_UNSURE, "G122", WARNING, 422, 3, "Something cannot be told",
    "Reading the code does not tell what this does.", "Look at the line.")
CODE(G_UNCHECKED, "G123", WARNING, 422, 3, "Python itself did not look at it",
    "There is no python3 on this server that could compile the code, so "
    "that mistakes which only Python finds were not looked for.",
    "Ask your administrator to install python3.")
CODE(G_TOO_LARGE, "G124", ERROR, 422, 3, "The code is too large to check",
    "The code is larger, or nests deeper, than this check reads.",
    "Ask for shorter code, or split the sheet.")
CODE(G_CONDITION, "G125", ERROR, 422, 3, "A filter or join is missing",
    "The sheet has a filter or join whose columns the code never reads.",
    "Apply the filters and joins of the sheet.")
CODE(G_UNTESTABLE, "G126", WARNING, 422, 3,
    "The tests cannot test all of the code",
    "The compiled tests call functions and set constants by name, and the "
    "code has another structure.",
    "Name functions and constants as the tests do, or test the code by "
    "hand.")

CODE(G_NO_ROWS, "G127", ERROR, 422, 3, "There are no rows in the answer",
    "A model that proposes rows answers with CSV that has a header line, at "
    "least with target_table and target_column, and rows.",
    "Ask again, with other words.")

CODE(G_NO_TEST, "G128", ERROR, 422, 3, "There is no test",
    "pytest finds tests by their names, and no function is called test_…, or "
    "none of them reaches the code under test.",
    "Write functions test_… that take the fixture code and call its "
    "functions.")
CODE(G_NO_ASSERTION, "G129", ERROR, 422, 3, "A test that asserts nothing",
    "A test that compares nothing is green whatever the code does.",
    "Compare what the code makes with what the sheet says.")
CODE(G_NOT_IN_CODE, "G130", ERROR, 422, 3,
    "The code under test does not have it",
    "The tests use a function or constant of the code that is not defined at "
    "the top of it.",
    "Use the functions and constants that the code has.")
CODE(G_UNTESTED, "G131", WARNING, 422, 3, "A target column is not tested",
    "No test names the column, so nobody would see it go wrong.",
    "Test the column, or look at it in the code.")
CODE(G_SKIPPED, "G132", WARNING, 422, 3, "A test is skipped",
    "A test that is skipped, or expected to fail, shows nothing.",
    "Look why, or let the test run.")
CODE(G_LIVE, "G133", WARNING, 422, 3, "A test reads a table of the mapping",
    "What the test finds depends on the rows that are there when it runs.",
    "Give the code a view of rows that the test makes.")
CODE(G_FRAME, "G134", ERROR, 422, 3, "The frame of the tests is not as it was",
    "The lines that tests begin with load the code under test and make "
    "tables of its own; they are read by nobody, so they must stay word for "
    "word, and what belongs to the compiled tests alone is theirs.",
    "Keep the frame as it was given, and use spark, code, place and view "
    "of it.")

/* System */
CODE(S_INTERNAL, "S500", ERROR, 500, 70, "Something went wrong here",
    "This is our fault, not yours. Nothing you saved is lost.",
    "Try again. If it happens again, give your administrator the request "
    "number.")
CODE(S_DATABASE, "S501", ERROR, 500, 70, "The database failed",
    "Reading or writing the database failed.",
    "Try again. Administrators find the reason in the log.")
CODE(S_BUSY, "S503", ERROR, 503, 75, "The server is busy",
    "All workers are busy or the database is locked.",
    "Wait a moment and try again.")
CODE(S_TIMEOUT, "S504", ERROR, 504, 75, "It took too long",
    "The request was ended because it ran past its deadline.",
    "Try again, with a smaller sheet if it was a large one.")
CODE(S_DISK_FULL, "S507", ERROR, 507, 74, "The disk is full",
    "There is no room to store this. Reading still works.",
    "Ask your administrator to make room.")
CODE(S_CONFIG, "S510", ERROR, 500, 78, "The configuration is wrong",
    "A configuration value or file is missing or not understood.",
    "Correct the named key.")
CODE(S_FILE, "S511", ERROR, 500, 74, "A file cannot be read or written",
    "The operating system refused the file.",
    "Check that it exists and who owns it.")
CODE(S_USAGE, "S512", ERROR, 400, 2, "The command line is wrong",
    "The command, an option or an argument is not known or missing.",
    "See the help of the command.")
CODE(S_CODE_BROKEN, "S513", ERROR, 500, 70, "The generated code does not parse",
    "The compiler produced code with a syntax error. This is our bug; the "
    "code is not shown, because it must not be used.",
    "Please report it with the mapping sheet.")
CODE(S_SEAL, "S514", ERROR, 500, 78, "A stored token cannot be opened",
    "The key of this server is missing or another one, or the token was "
    "changed or moved since it was stored.",
    "Enter the token again; ask your administrator whether the key file was "
    "lost.")
