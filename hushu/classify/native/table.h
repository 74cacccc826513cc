/* Gathering as Python calls it: record batches come through Arrow's C data interface. */
#ifndef HUSHU_TABLE_H
#define HUSHU_TABLE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "../../io/native/arrow.h"
#include "gather.h"

enum { LONGEST_BYTES = 16000 }; /* of a value of the sample: enough for LONGEST characters of sketch.py */

static Column column_of(const struct ArrowArray *a, const char *format) {
    static const int64_t none[2] = {0, 0};
    Column c = {0};
    c.validity = a->null_count == 0 ? NULL : a->buffers[0];
    c.offsets = a->buffers[1] ? a->buffers[1] : none;
    c.data = a->buffers[2] ? a->buffers[2] : (Bytes) "";
    c.wide = format[0] == 'U';
    c.offset = a->offset;
    c.length = a->length;
    return c;
}

static int64_t index_at(const struct ArrowArray *a, char format, int64_t row) {
    const void *b = a->buffers[1];
    row += a->offset;
    switch (format) {
    case 'c': return ((const int8_t *)b)[row];
    case 'C': return ((const uint8_t *)b)[row];
    case 's': return ((const int16_t *)b)[row];
    case 'S': return ((const uint16_t *)b)[row];
    case 'i': return ((const int32_t *)b)[row];
    case 'I': return ((const uint32_t *)b)[row];
    default: return ((const int64_t *)b)[row];
    }
}

/* Add a dictionary-encoded column: how often each of its values occurs, then the values. */
static int gather_dictionary(Gathering *g, Gathered *into, const struct ArrowArray *a, const struct ArrowSchema *schema) {
    const struct ArrowArray *values = a->dictionary;
    Column rows = {0};
    rows.validity = a->null_count == 0 ? NULL : a->buffers[0];
    rows.offset = a->offset;
    if (!grow((void **)&g->weights, &g->weights_room, values->length + 1, sizeof(int64_t))) return 0;
    memset(g->weights, 0, (size_t)(values->length + 1) * sizeof(int64_t));
    for (int64_t row = 0; row < a->length; row++) {
        if (is_valid(&rows, row)) g->weights[index_at(a, schema->format[0], row)]++;
        else into->profile.nulls++;
    }
    Column c = column_of(values, schema->dictionary->format);
    return gather_values(g, into, &c, g->weights);
}

static int gather_batch(Gathering *g, const struct ArrowArray *batch, const struct ArrowSchema *schema) {
    int fine = 1;
    for (int i = 0; fine && i < g->columns; i++) {
        const struct ArrowArray *a = batch->children[i];
        const struct ArrowSchema *s = schema->children[i];
        if (s->dictionary) fine = gather_dictionary(g, &g->column[i], a, s);
        else {
            Column c = column_of(a, s->format);
            fine = gather_values(g, &g->column[i], &c, NULL);
        }
    }
    return fine && !g->scan.out_of_memory;
}

static const char *const GATHERING = "hushu.gathering";

static Gathering *gathering_of(PyObject *capsule) { return PyCapsule_GetPointer(capsule, GATHERING); }

static void gathering_free(PyObject *capsule) {
    Gathering *g = gathering_of(capsule);
    if (g) gathering_close(g);
}

static PyObject *kernel_gathering(PyObject *self, PyObject *columns) {
    long count = PyLong_AsLong(columns);
    if (count < 0 && PyErr_Occurred()) return NULL;
    if (!READY) { PyErr_SetString(PyExc_RuntimeError, "the kernel has not been set up"); return NULL; }
    Gathering *g = count >= 0 && count < INT32_MAX ? gathering_open((int)count) : NULL;
    return g ? PyCapsule_New(g, GATHERING, gathering_free) : PyErr_NoMemory();
}

static int is_text(const struct ArrowSchema *s) {
    const char *format = s->dictionary ? s->dictionary->format : s->format;
    return (strcmp(format, "u") == 0 || strcmp(format, "U") == 0) && (!s->dictionary || strchr("cCsSiIlL", s->format[0]));
}

static PyObject *kernel_add(PyObject *self, PyObject *args) {
    PyObject *capsule, *schema_capsule, *array_capsule;
    if (!PyArg_ParseTuple(args, "OOO", &capsule, &schema_capsule, &array_capsule)) return NULL;
    Gathering *g = gathering_of(capsule);
    const struct ArrowSchema *schema = PyCapsule_GetPointer(schema_capsule, "arrow_schema");
    const struct ArrowArray *batch = PyCapsule_GetPointer(array_capsule, "arrow_array");
    int fine = 1;
    if (!g || !schema || !batch) return NULL;
    for (int64_t i = 0; i < schema->n_children; i++) fine = fine && is_text(schema->children[i]);
    if (!fine || batch->n_children != g->columns || batch->offset) {
        PyErr_SetString(PyExc_ValueError, "a batch of as many columns of strings is expected");
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    fine = gather_batch(g, batch, schema);
    Py_END_ALLOW_THREADS
    if (!fine) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static PyObject *kernel_merge(PyObject *self, PyObject *args) {
    PyObject *into, *from;
    if (!PyArg_ParseTuple(args, "OO", &into, &from)) return NULL;
    Gathering *g = gathering_of(into), *other = gathering_of(from);
    if (!g || !other) return NULL;
    if (g == other || g->columns != other->columns) { PyErr_SetString(PyExc_ValueError, "two gatherings of the same columns are expected"); return NULL; }
    if (!gathering_merge(g, other)) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

/* The values that only the reference can judge, as (column, bytes, weight), and forget them. */
static PyObject *kernel_deferred(PyObject *self, PyObject *capsule) {
    Gathering *g = gathering_of(capsule);
    PyObject *all = g ? PyList_New(0) : NULL;
    for (int i = 0; all && i < g->columns; i++) {
        Profile *p = &g->column[i].profile;
        for (int64_t k = 0; all && k < p->deferred_count; k++) {
            const Deferred *d = &p->deferred[k];
            PyObject *item = Py_BuildValue("iy#L", i, (const char *)d->text, (Py_ssize_t)d->n, d->weight);
            if (!item || PyList_Append(all, item) < 0) Py_CLEAR(all);
            Py_XDECREF(item);
        }
        if (!all) break;
        profile_close(p);
        p->deferred = NULL;
        p->deferred_count = p->deferred_room = 0;
    }
    return all;
}

static PyObject *counts(const int64_t *values, int n) {
    PyObject *list = PyList_New(n);
    for (int k = 0; list && k < n; k++) PyList_SET_ITEM(list, k, PyLong_FromLongLong(values[k]));
    return list;
}

/* The values kept with their weights, smallest key first. */
static PyObject *sample_of(Sketch *k) {
    PyObject *list = PyList_New(k->count);
    if (k->count) {
        qsort(k->entries, (size_t)k->count, sizeof(Entry), by_key);
        sketch_enter(k);
    }
    for (int i = 0; list && i < k->count; i++) {
        const Entry *e = &k->entries[i];
        Py_ssize_t size = e->n < LONGEST_BYTES ? (Py_ssize_t)e->n : LONGEST_BYTES;
        PyObject *item = Py_BuildValue("NL", PyUnicode_DecodeUTF8((const char *)text_of(e), size, "replace"), e->weight);
        if (!item) { Py_CLEAR(list); break; }
        PyList_SET_ITEM(list, i, item);
    }
    return list;
}

/* Of one column: its counts, then its sample, the bars, and whether they were never lowered. */
static PyObject *kernel_gathered(PyObject *self, PyObject *args) {
    PyObject *capsule;
    int i;
    if (!PyArg_ParseTuple(args, "Oi", &capsule, &i)) return NULL;
    Gathering *g = gathering_of(capsule);
    if (!g) return NULL;
    if (i < 0 || i >= g->columns) { PyErr_SetString(PyExc_IndexError, "no such column"); return NULL; }
    if (!gathering_flush(g, i)) return PyErr_NoMemory();
    const Profile *p = &g->column[i].profile;
    Sketch *k = &g->column[i].sketch;
    PyObject *sample = sample_of(k);
    return Py_BuildValue("LLNNNNNLLdNKK", p->nulls, p->blank, counts(p->whole, TYPE_COUNT), counts(p->within, TYPE_COUNT), counts(p->masked, MASKED_COUNT),
                         counts(p->shape.traits, TRAITS), counts(p->shape.lengths, LENGTH_BUCKETS), p->shape.longest ? p->shape.shortest : 0LL,
                         p->shape.longest, (double)p->shape.han_share / (double)HAN_ONE, sample, k->bar, k->fine_bar);
}
#endif
