#include "base/base.h"

#include "base/yaml.h"

#include <yaml.h>

#define MAX_DEPTH 32

static const struct err *
refuse(yaml_mark_t mark, const char *what)
{
	return err_new(P_DEFINITION, "Line %zu, column %zu: %s.", mark.line + 1,
	    mark.column + 1, what);
}

static const struct err *
next_event(yaml_parser_t *parser, yaml_event_t *event)
{
	if (yaml_parser_parse(parser, event))
		return NULL;
	return refuse(parser->problem_mark,
	    parser->problem ? parser->problem : "not YAML");
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

static const struct err *parse_node(struct arena *a, yaml_parser_t *parser,
    const yaml_event_t *event, int depth, struct json *ret);

/* The children of an open sequence or mapping, up to its end event. */
static const struct err *
parse_children(struct arena *a, yaml_parser_t *parser, int depth,
    struct json *parent)
{
	const struct json **tail = &parent->child;
	const struct err *e;

	for (;;) {
		SCOPED(yaml_event_delete) yaml_event_t event = {0};
		SCOPED(yaml_event_delete) yaml_event_t value = {0};
		struct json *child = arena_new(a, struct json);
		const yaml_event_t *node = &event;

		e = next_event(parser, &event);
		if (e)
			return e;
		if (event.type == YAML_SEQUENCE_END_EVENT ||
		    event.type == YAML_MAPPING_END_EVENT)
			return NULL;
		if (parent->kind == JSON_OBJECT) {
			if (event.type != YAML_SCALAR_EVENT)
				return refuse(event.start_mark,
				    "a key must be plain text");
			child->key = arena_strdup(a,
			    (const char *)event.data.scalar.value);
			if (json_get(parent, child->key))
				return refuse(event.start_mark,
				    "the key stands twice");
			e = next_event(parser, &value);
			if (e)
				return e;
			node = &value;
		}
		e = parse_node(a, parser, node, depth + 1, child);
		if (e)
			return e;
		*tail = child;
		tail = &child->next;
	}
}

static const struct err *
parse_node(struct arena *a, yaml_parser_t *parser, const yaml_event_t *event,
    int depth, struct json *ret)
{
	if (depth > MAX_DEPTH)
		return refuse(event->start_mark, "nested too deeply");
	switch ((int)event->type) {
	case YAML_SCALAR_EVENT:
		if (event->data.scalar.anchor)
			break;
		set_scalar(a, ret, event);
		return NULL;
	case YAML_SEQUENCE_START_EVENT:
		if (event->data.sequence_start.anchor)
			break;
		ret->kind = JSON_ARRAY;
		return parse_children(a, parser, depth, ret);
	case YAML_MAPPING_START_EVENT:
		if (event->data.mapping_start.anchor)
			break;
		ret->kind = JSON_OBJECT;
		return parse_children(a, parser, depth, ret);
	default:
		break;
	}
	return refuse(event->start_mark,
	    "anchors and aliases are not understood here");
}

const struct err *
yaml_parse(struct arena *a, struct slice text, const struct json **ret)
{
	SCOPED(yaml_parser_delete) yaml_parser_t parser = {0};
	struct json *root = arena_new(a, struct json);
	const struct err *e;

	if (!yaml_parser_initialize(&parser))
		return err_system(S_INTERNAL, "yaml_parser_initialize");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p,
	    text.n);
	for (;;) {
		SCOPED(yaml_event_delete) yaml_event_t event = {0};

		e = next_event(&parser, &event);
		if (e)
			return e;
		if (event.type == YAML_STREAM_END_EVENT)
			return refuse(event.start_mark, "the file is empty");
		if (event.type == YAML_STREAM_START_EVENT ||
		    event.type == YAML_DOCUMENT_START_EVENT)
			continue;
		e = parse_node(a, &parser, &event, 0, root);
		if (e)
			return e;
		*ret = root;
		return NULL;
	}
}
