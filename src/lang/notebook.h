/*
 * The cells of a Databricks notebook source, and lines. Internal to src/lang.
 */
#ifndef T2C_LANG_NOTEBOOK_H
#define T2C_LANG_NOTEBOOK_H

#include "base/str.h"

/* The comment sign of the notebook's language ("#", "--" or "//"), NULL if
 * the text is no notebook source. */
const char *notebook_sign(struct slice text);

/* Behind a byte order mark, else 0. */
size_t notebook_start(struct slice text);

/* The cell that starts at *at; moves *at behind the separator that ends it.
 * False at the end of the text. sign: as notebook_sign() says; where it is NULL
 * the whole text is one cell. The first cell includes the notebook's header. */
bool notebook_cell(struct slice text, const char *sign, size_t *at,
    struct slice *ret) MUST_USE;

#endif
