/* A column given as Arrow buffers: opening it, its values, and the keys by which sketch.py keeps them. */
#ifndef HUSHU_COLUMN_H
#define HUSHU_COLUMN_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "text.h"

static int READY; /* the tables have been set up */

typedef struct { Bytes data, validity; const void *offsets; int wide; int64_t offset, length; const int64_t *weights; uint64_t bar; } Column;
typedef struct { Py_buffer data, offsets, validity, weights; } Buffers;

static int open_column(PyObject *args, Column *c, Buffers *b) {
    memset(b, 0, sizeof *b);
    if (!READY) { PyErr_SetString(PyExc_RuntimeError, "the kernel has not been set up"); return 0; }
    c->bar = UINT64_MAX;
    if (!PyArg_ParseTuple(args, "z*y*z*z*pLL|K", &b->data, &b->offsets, &b->validity, &b->weights, &c->wide, &c->offset, &c->length, &c->bar)) return 0;
    c->data = b->data.buf ? b->data.buf : (Bytes) "";
    c->offsets = b->offsets.buf;
    c->validity = b->validity.buf;
    c->weights = b->weights.buf;
    if ((c->offset + c->length + 1) * (c->wide ? 8 : 4) <= b->offsets.len) return 1;
    PyErr_SetString(PyExc_ValueError, "the offsets are shorter than the column");
    return 0;
}

static void close_column(Buffers *b) {
    if (b->data.obj) PyBuffer_Release(&b->data);
    if (b->offsets.obj) PyBuffer_Release(&b->offsets);
    if (b->validity.obj) PyBuffer_Release(&b->validity);
    if (b->weights.obj) PyBuffer_Release(&b->weights);
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

/* A hash of the length, the first and the last bytes; the counterpart of keyed_hash in keys.py. */
static inline uint64_t key_of(Bytes t, int64_t n) {
    uint64_t first = n < 8 ? little_endian(t, n) : little_endian(t, 8), last = n <= 8 ? first : little_endian(t + n - 8, 8);
    uint64_t mixed = first * 0x9E3779B97F4A7C15u ^ last * 0xC2B2AE3D27D4EB4Fu ^ (uint64_t)n * 0x165667B19E3779F9u;
    mixed ^= mixed >> 29;
    mixed *= 0xC2B2AE3D27D4EB4Fu;
    return mixed ^ mixed >> 32;
}

typedef struct { int64_t *rows, rows_room, keys_room, count; uint64_t *keys; } Kept;

/* The rows whose key does not exceed the bar, with their keys. 0 when memory ran out. */
static int keep_below(const Column *c, Kept *kept) {
    for (int64_t row = 0; row < c->length; row++) {
        int64_t n;
        if (!is_valid(c, row)) continue;
        Bytes t = value_at(c, row, &n);
        uint64_t key = key_of(t, n);
        if (key > c->bar) continue;
        if (!grow((void **)&kept->rows, &kept->rows_room, kept->count + 1, sizeof(int64_t))) return 0;
        if (!grow((void **)&kept->keys, &kept->keys_room, kept->count + 1, sizeof(uint64_t))) return 0;
        kept->rows[kept->count] = row;
        kept->keys[kept->count++] = key;
    }
    return 1;
}

static PyObject *kernel_below(PyObject *self, PyObject *args) {
    Column c;
    Buffers b;
    Kept kept = {0};
    int fine;
    if (!open_column(args, &c, &b)) { close_column(&b); return NULL; }
    Py_BEGIN_ALLOW_THREADS
    fine = keep_below(&c, &kept);
    Py_END_ALLOW_THREADS
    Py_ssize_t size = (Py_ssize_t)(kept.count * 8);
    PyObject *result = fine ? Py_BuildValue("y#y#", kept.count ? (char *)kept.rows : "", size, kept.count ? (char *)kept.keys : "", size) : PyErr_NoMemory();
    free(kept.rows);
    free(kept.keys);
    close_column(&b);
    return result;
}
#endif
