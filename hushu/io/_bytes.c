/* Looking at the bytes of a file once, without the GIL: what stands in them, and whether they are UTF-8. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "native/arrow.h"
#include "native/utf8.h"

static PyObject *bytes_count(PyObject *self, PyObject *args) {
    Py_buffer buffer;
    int64_t nuls = 0, quotes = 0;
    if (!PyArg_ParseTuple(args, "y*", &buffer)) return NULL;
    Py_BEGIN_ALLOW_THREADS
    Bytes t = buffer.buf;
    for (Py_ssize_t from = 0; from < buffer.len; from += 192) { /* counts of so few fit a byte: that is vectorised */
        Py_ssize_t to = from + 192 < buffer.len ? from + 192 : buffer.len;
        uint8_t nul = 0, quote = 0;
        for (Py_ssize_t i = from; i < to; i++) {
            nul += t[i] == 0;
            quote += t[i] == '"';
        }
        nuls += nul;
        quotes += quote;
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&buffer);
    return Py_BuildValue("LL", nuls, quotes);
}

/* Whether every cell of a string column is UTF-8: all of them together, and none beginning within a character. */
static int cells_are_utf8(const struct ArrowArray *a) {
    const int32_t *offsets = a->buffers[1];
    Bytes data = a->buffers[2];
    if (!a->length || !offsets || !data) return 1;
    offsets += a->offset;
    int64_t from = offsets[0], to = offsets[a->length];
    int kind = kind_of(data + from, to - from);
    for (int64_t row = 0; kind == UTF8 && row < a->length; row++) if (offsets[row] < to && (data[offsets[row]] & 0xC0) == 0x80) kind = NOT_UTF8;
    return kind != NOT_UTF8;
}

static PyObject *bytes_utf8(PyObject *self, PyObject *args) {
    PyObject *schema_capsule, *array_capsule;
    if (!PyArg_ParseTuple(args, "OO", &schema_capsule, &array_capsule)) return NULL;
    const struct ArrowSchema *schema = PyCapsule_GetPointer(schema_capsule, "arrow_schema");
    const struct ArrowArray *batch = PyCapsule_GetPointer(array_capsule, "arrow_array");
    if (!schema || !batch) return NULL;
    int valid = 1;
    Py_BEGIN_ALLOW_THREADS
    for (int64_t i = 0; valid && i < batch->n_children; i++) {
        if (strcmp(schema->children[i]->format, "u") == 0) valid = cells_are_utf8(batch->children[i]);
    }
    Py_END_ALLOW_THREADS
    return PyBool_FromLong(valid);
}

static PyMethodDef METHODS[] = {
    {"count", bytes_count, METH_VARARGS, "How many NULs and how many double quotes stand in a buffer."},
    {"utf8", bytes_utf8, METH_VARARGS, "Whether every string of a record batch, given by its schema and array capsules, is UTF-8."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_bytes", "Looking at the bytes of a file once.", -1, METHODS, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__bytes(void) { return PyModule_Create(&MODULE); }
