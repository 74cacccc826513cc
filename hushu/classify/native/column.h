/* A column given as Arrow buffers: opening it, its values, and their keys. */
#ifndef HUSHU_COLUMN_H
#define HUSHU_COLUMN_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "text.h"

static int READY; /* the tables have been set up */

typedef struct { Bytes data, validity; const void *offsets; int wide; int64_t offset, length; } Column;
typedef struct { Py_buffer data, offsets, validity; } Buffers;

static int open_column(PyObject *args, Column *c, Buffers *b) {
    memset(b, 0, sizeof *b);
    if (!READY) { PyErr_SetString(PyExc_RuntimeError, "the kernel has not been set up"); return 0; }
    if (!PyArg_ParseTuple(args, "z*y*z*pLL", &b->data, &b->offsets, &b->validity, &c->wide, &c->offset, &c->length)) return 0;
    c->data = b->data.buf ? b->data.buf : (Bytes) "";
    c->offsets = b->offsets.buf;
    c->validity = b->validity.buf;
    if ((c->offset + c->length + 1) * (c->wide ? 8 : 4) <= b->offsets.len) return 1;
    PyErr_SetString(PyExc_ValueError, "the offsets are shorter than the column");
    return 0;
}

static void close_column(Buffers *b) {
    if (b->data.obj) PyBuffer_Release(&b->data);
    if (b->offsets.obj) PyBuffer_Release(&b->offsets);
    if (b->validity.obj) PyBuffer_Release(&b->validity);
}

static Bytes value_at(const Column *c, int64_t row, int64_t *n) {
    int64_t from, to;
    row += c->offset;
    if (c->wide) { from = ((const int64_t *)c->offsets)[row]; to = ((const int64_t *)c->offsets)[row + 1]; }
    else { from = ((const int32_t *)c->offsets)[row]; to = ((const int32_t *)c->offsets)[row + 1]; }
    *n = to - from;
    return c->data + from;
}

static int is_valid(const Column *c, int64_t row) {
    row += c->offset;
    return !c->validity || (c->validity[row >> 3] >> (row & 7) & 1);
}

static inline uint64_t little_endian(Bytes t, int64_t n) {
    uint64_t word = 0;
    for (int64_t i = 0; i < n; i++) word |= (uint64_t)t[i] << (8 * i);
    return word;
}

static inline uint64_t mix_key(uint64_t first, uint64_t last, int64_t n) {
    uint64_t mixed = first * 0x9E3779B97F4A7C15u ^ last * 0xC2B2AE3D27D4EB4Fu ^ (uint64_t)n * 0x165667B19E3779F9u;
    mixed ^= mixed >> 29;
    mixed *= 0xC2B2AE3D27D4EB4Fu;
    return mixed ^ mixed >> 32;
}

/* A hash of the length, the first and the last bytes; the counterpart of keyed_hash in keys.py. */
static inline uint64_t key_of(Bytes t, int64_t n) {
    uint64_t first = little_endian(t, n < 8 ? n : 8);
    return mix_key(first, n <= 8 ? first : little_endian(t + n - 8, 8), n);
}
#endif
