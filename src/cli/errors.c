#include "base/base.h"

#include "cli/cmd.h"

#include <stdio.h>

static const struct {
	char letter;
	const char *title;
} areas[] = {
    {'M', "Mapping sheet"},
    {'E', "Expressions"},
    {'P', "Patterns and plans"},
    {'A', "Accounts and sessions"},
    {'W', "Requests"},
    {'R', "Workspaces and models"},
    {'G', "Code of a model"},
    {'S', "System"},
};

/* Text that Markdown must not take for markup. */
static void
print_escaped(const char *text)
{
	for (; *text; text++) {
		if (*text == '*' || *text == '_' || *text == '`' ||
		    *text == '|' || *text == '<' || *text == '>')
			putchar('\\');
		putchar(*text);
	}
}

static void
print_markdown(const struct code_info *info)
{
	printf("### %s: ", info->id);
	print_escaped(info->title);
	printf("\n\n");
	if (info->severity == SEVERITY_WARNING)
		printf("A warning: it does not forbid compiling.\n\n");
	print_escaped(info->cause);
	printf("\n\n*Fix:* ");
	print_escaped(info->fix);
	printf("\n\nHTTP status %d, exit status %d.\n\n", info->http,
	    info->exit);
}

const struct err *
cmd_errors(const struct cli *cli, int *ret_status UNUSED)
{
	bool markdown = cli_flag(cli, "markdown");
	size_t area;
	int code;

	if (markdown)
		printf("# Error catalogue\n\nWritten by `text2code errors "
		       "--markdown` from `src/base/codes.h`; do not edit.\nA "
		       "code "
		       "never changes its meaning.\n\n");
	for (area = 0; area < COUNT_OF(areas); area++) {
		if (markdown)
			printf("## %s\n\n", areas[area].title);
		for (code = 0; code < ERR__COUNT; code++) {
			const struct code_info *info =
			    code_info((enum err_code)code);

			if (info->id[0] != areas[area].letter)
				continue;
			if (markdown)
				print_markdown(info);
			else
				printf("%s  %s\n", info->id, info->title);
		}
	}
	return NULL;
}
