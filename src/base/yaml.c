#include "base/base.h"

#include "base/yaml.h"

#include "base/map.h"

#include <string.h>
#include <yaml.h>

#define MAX_DEPTH 32

/* One document on its way into the tree. */
struct reading {
	struct arena *arena;
	struct slice text;
	yaml_parser_t *parser;
	struct yaml_fault *fault;
};

/* Always false: the last line of whoever finds a fault. */
static bool
refuse(const struct reading *r, yaml_mark_t mark, const char *what)
{
	*r->fault = (struct yaml_fault){
	    .line = mark.line + 1, .column = mark.column + 1, .what = what};
	return false;
}

/* The place of a byte, which is all that libyaml's reader tells. */
static yaml_mark_t
mark_at(struct slice text, size_t offset)
{
	yaml_mark_t mark = {0};
	size_t i;

	for (i = 0; i < offset && i < text.n; i++) {
		mark.column++;
		if (text.p[i] == '\n') {
			mark.line++;
			mark.column = 0;
		}
	}
	return mark;
}

static bool
next_event(const struct reading *r, yaml_event_t *event)
{
	const yaml_parser_t *parser = r->parser;
	const char *what;

	if (yaml_parser_parse(r->parser, event))
		return true;
	/* It lives in the library, not in the parser. */
	what = parser->problem ? parser->problem : "this is not YAML";
	if (parser->error == YAML_READER_ERROR)
		return refuse(r, mark_at(r->text, parser->problem_offset),
		    what);
	return refuse(r, parser->problem_mark, what);
}

static void
set_scalar(struct arena *a, struct json *v, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	int64_t number;

	v->kind = JSON_STRING;
	v->string = arena_strndup(a, text, event->data.scalar.length);
	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return;
	if (str_eq(text, "true") || str_eq(text, "false")) {
		v->kind = JSON_BOOL;
		v->boolean = str_eq(text, "true");
	} else if (str_eq(text, "null") || str_eq(text, "~") ||
	    text[0] == '\0') {
		v->kind = JSON_NULL;
	} else if (str_to_int(text, -(INT64_C(1) << 53), INT64_C(1) << 53,
	               &number)) {
		v->kind = JSON_NUMBER;
		v->number = (double)number;
	}
}

static bool parse_node(const struct reading *r, const yaml_event_t *event,
    int depth, struct json *ret);

/* "\0" within quotes, at which every reader of strings would stop. */
static bool
has_nul(const yaml_event_t *event)
{
	return memchr(event->data.scalar.value, 0, event->data.scalar.length) !=
	    NULL;
}

static bool
take_key(const struct reading *r, const yaml_event_t *event, struct map *keys,
    struct json *child)
{
	struct slice key;

	if (event->type != YAML_SCALAR_EVENT || event->data.scalar.anchor ||
	    event->data.scalar.tag || has_nul(event))
		return refuse(r, event->start_mark, "a key must be plain text");
	key.p = (const char *)event->data.scalar.value;
	key.n = event->data.scalar.length;
	child->key = slice_dup(r->arena, key);
	key.p = child->key;
	if (!map_add(r->arena, keys, key, 0))
		return refuse(r, event->start_mark,
		    arena_printf(r->arena, "the key %s stands twice",
		        utf8_cut(r->arena, child->key, 60)));
	return true;
}

/* The children of an open sequence or mapping, up to its end event. */
static bool
parse_children(const struct reading *r, int depth, struct json *parent)
{
	const struct json **tail = &parent->child;
	struct map keys = {0};

	for (;;) {
		SCOPED(yaml_event_delete) yaml_event_t event = {0};
		SCOPED(yaml_event_delete) yaml_event_t value = {0};
		struct json *child = arena_new(r->arena, struct json);
		const yaml_event_t *node = &event;

		if (!next_event(r, &event))
			return false;
		if (event.type == YAML_SEQUENCE_END_EVENT ||
		    event.type == YAML_MAPPING_END_EVENT)
			return true;
		if (parent->kind == JSON_OBJECT) {
			if (!take_key(r, &event, &keys, child) ||
			    !next_event(r, &value))
				return false;
			node = &value;
		}
		if (!parse_node(r, node, depth + 1, child))
			return false;
		child->line = event.start_mark.line + 1;
		*tail = child;
		tail = &child->next;
	}
}

static bool
parse_node(const struct reading *r, const yaml_event_t *event, int depth,
    struct json *ret)
{
	const yaml_char_t *anchor = NULL;
	const yaml_char_t *tag = NULL;

	if (depth > MAX_DEPTH)
		return refuse(r, event->start_mark,
		    "this is nested too deeply");
	switch ((int)event->type) {
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		set_scalar(r->arena, ret, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		ret->kind = JSON_ARRAY;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		ret->kind = JSON_OBJECT;
		break;
	case YAML_ALIAS_EVENT:
		anchor = event->data.alias.anchor;
		break;
	default:
		return refuse(r, event->start_mark, "a value is missing");
	}
	if (anchor)
		return refuse(r, event->start_mark,
		    "anchors (&) and aliases (*) are not taken; put a text "
		    "that begins so into quotes");
	if (event->type == YAML_SCALAR_EVENT && has_nul(event))
		return refuse(r, event->start_mark,
		    "the text holds the character NUL");
	if (tag)
		return refuse(r, event->start_mark,
		    "tags (!) are not taken; put a text that begins so into "
		    "quotes");
	if (ret->kind != JSON_ARRAY && ret->kind != JSON_OBJECT)
		return true;
	return parse_children(r, depth, ret);
}

/* The document, and that nothing follows it. */
static bool
parse_document(const struct reading *r, struct json *root)
{
	bool found = false;

	for (;;) {
		SCOPED(yaml_event_delete) yaml_event_t event = {0};

		if (!next_event(r, &event))
			return false;
		switch ((int)event.type) {
		case YAML_STREAM_END_EVENT:
			return found ||
			    refuse(r, event.start_mark, "the file is empty");
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			continue;
		case YAML_DOCUMENT_START_EVENT:
			if (found)
				return refuse(r, event.start_mark,
				    "a second document begins here");
			continue;
		default:
			break;
		}
		root->line = event.start_mark.line + 1;
		if (!parse_node(r, &event, 0, root))
			return false;
		found = true;
	}
}

bool
yaml_read(struct arena *a, struct slice text, const struct json **ret,
    struct yaml_fault *ret_fault)
{
	SCOPED(yaml_parser_delete) yaml_parser_t parser = {0};
	const struct reading r = {a, text, &parser, ret_fault};
	struct json *root = arena_new(a, struct json);

	/* It fails for want of memory alone. */
	if (!yaml_parser_initialize(&parser))
		return refuse(&r, (yaml_mark_t){0}, "there is no memory left");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p,
	    text.n);
	if (!parse_document(&r, root))
		return false;
	*ret = root;
	return true;
}

const struct err *
yaml_parse(struct arena *a, struct slice text, const struct json **ret)
{
	struct yaml_fault fault;

	if (yaml_read(a, text, ret, &fault))
		return NULL;
	return err_new(P_DEFINITION, "Line %zu, column %zu: %s.", fault.line,
	    fault.column, fault.what);
}
