/*
 * The tree-sitter grammars, compiled from the packages that
 * tools/fetch-grammars unpacked. This file holds no code of ours.
 */
#include "parser.c"
#include "scanner.c"
