/* The fast way of hushu.classify.kernel: the same answers as reference.py, on Arrow buffers, without the GIL. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "native/table.h"

static PyObject *kernel_setup(PyObject *self, PyObject *args) {
    PyObject *fold, *words, *rules, *nulls, *countries;
    if (!PyArg_ParseTuple(args, "O!O!O!O!O!ii", &PyList_Type, &fold, &PyList_Type, &words, &PyList_Type, &rules, &PyList_Type, &nulls, &PyList_Type, &countries, &REACH, &TODAY)) return NULL;
    if (PyList_GET_SIZE(words) > MAX_WORDS || PyList_GET_SIZE(rules) > MAX_RULES || PyList_GET_SIZE(nulls) > MAX_NULLS || REACH > 24) {
        PyErr_SetString(PyExc_ValueError, "too many words, rules or nulls for the kernel");
        return NULL;
    }
    memset(FOLD, 0, sizeof FOLD);
    memset(NULL_LENGTHS, 0, sizeof NULL_LENGTHS);
    memset(FOLD_LEAD, 0, sizeof FOLD_LEAD);
    memset(WORD_SLOT, -1, sizeof WORD_SLOT);
    WORD_COUNT = RULE_COUNT = NULL_COUNT = LONGEST_NULL = 0;
    init_classes();
    init_checks();
    init_provinces();
    init_hints();
    for (Py_ssize_t k = 0; k < PyList_GET_SIZE(fold); k++) {
        int from, to, lead;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(fold, k), "iii", &from, &to, &lead)) return NULL;
        if (from < FOLD_POINTS) { FOLD[from] = (uint8_t)to; FOLD_LEAD[lead & 255] = 1; }
    }
    FOLD_LEAD['\\'] = 1;
    init_kinds();
    for (Py_ssize_t k = 0; k < PyList_GET_SIZE(words); k++) {
        const char *text;
        Py_ssize_t size;
        int label;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(words, k), "y#i", &text, &size, &label)) return NULL;
        if (size < 2 || size > 39) { PyErr_SetString(PyExc_ValueError, "a word of 2 to 39 bytes is expected"); return NULL; }
        add_word((Bytes)text, (int)size, label);
    }
    for (Py_ssize_t k = 0; k < PyList_GET_SIZE(rules); k++) {
        Rule *r = &RULES[RULE_COUNT++];
        const char *first;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(rules, k), "iiiiiis", &r->label, &r->type, &r->shortest, &r->longest, &r->letters, &r->digits, &first)) return NULL;
        snprintf(r->first, sizeof r->first, "%s", first);
    }
    for (Py_ssize_t k = 0; k < PyList_GET_SIZE(nulls); k++) {
        const char *text;
        Py_ssize_t size;
        if (!PyArg_Parse(PyList_GET_ITEM(nulls, k), "y#", &text, &size)) return NULL;
        if (size > 15 || !size) continue;
        add_null(text, size);
    }
    for (Py_ssize_t k = 0; k < PyList_GET_SIZE(countries); k++) {
        const char *code = PyUnicode_AsUTF8(PyList_GET_ITEM(countries, k));
        int index = code && strlen(code) == 3 ? country_index(code) : -1;
        if (index >= 0) COUNTRY[index] = 1;
        if (PyErr_Occurred()) return NULL;
    }
    READY = 1;
    Py_RETURN_NONE;
}

/* 1 when something stands in the text, 2 when only the reference can tell, 0 otherwise, -1 without memory. */
static int search(Scan *s, Bytes t, int64_t n, int track) {
    Kinds k = kinds_of(t, n);
    s->t = t;
    s->n = n;
    s->found_count = 0;
    int folded = k.foldable && needs_folding(t, n, memchr(t, '\\', (size_t)n) != NULL);
    if (folded) {
        if (!fold_into(s, t, n, track)) return -1;
        k = kinds_of(s->t, s->n);
    }
    if (may_hold_secret(&k) && hints_at_secret(s)) return 2;
    if (!worth_gathering(k.digits, k.at_signs, k.joints)) return 0;
    if (!gather(s, k.letters || k.han, k.at_signs > 0, k.joints > 1)) return -1;
    accept(s);
    return s->found_count > 0;
}

static PyObject *kernel_rows(PyObject *self, PyObject *args) {
    Column c;
    Buffers b;
    Scan s = {0};
    int64_t *rows = NULL, count = 0, room = 0;
    int fine = 1;
    if (!open_column(args, &c, &b)) { close_column(&b); return NULL; }
    Py_BEGIN_ALLOW_THREADS
    for (int64_t row = 0; fine && row < c.length; row++) {
        int64_t n;
        if (!is_valid(&c, row)) continue;
        Bytes t = value_at(&c, row, &n);
        int found = search(&s, t, n, 0);
        fine = found >= 0;
        if (found > 0 && (fine = grow((void **)&rows, &room, count + 1, sizeof(int64_t)))) rows[count++] = found == 2 ? -row - 1 : row;
    }
    Py_END_ALLOW_THREADS
    PyObject *result = fine ? counts(rows, (int)count) : PyErr_NoMemory();
    free(rows);
    release(&s);
    close_column(&b);
    return result;
}

static PyObject *spans_of(Scan *s, Bytes t, int folded) {
    PyObject *list = PyList_New(s->found_count);
    int64_t byte = 0, chars = 0;
    qsort(s->found, (size_t)s->found_count, sizeof(Candidate), by_place);
    for (int64_t k = 0; list && k < s->found_count; k++) {
        const Candidate *c = &s->found[k];
        int64_t start, end;
        if (folded) {
            start = s->origin[2 * c->start];
            end = s->origin[2 * (c->end - 1) + 1];
        } else {
            chars += characters(s, byte, c->start);
            start = chars;
            chars += characters(s, c->start, c->end);
            end = chars;
            byte = c->end;
        }
        PyObject *item = Py_BuildValue("LLii", start, end, (int)c->type, (int)c->strength);
        if (!item) { Py_CLEAR(list); break; }
        PyList_SET_ITEM(list, k, item);
    }
    return list;
}

/* For each string: a list of (start, end, type, strength), empty, or None where only the reference can tell. */
static PyObject *kernel_spans(PyObject *self, PyObject *texts) {
    Scan s = {0};
    PyObject *all, *fast = PySequence_Fast(texts, "a sequence of strings is expected");
    if (!fast) return NULL;
    if (!READY) { Py_DECREF(fast); PyErr_SetString(PyExc_RuntimeError, "the kernel has not been set up"); return NULL; }
    all = PyList_New(PySequence_Fast_GET_SIZE(fast));
    for (Py_ssize_t k = 0; all && k < PySequence_Fast_GET_SIZE(fast); k++) {
        Py_ssize_t n;
        PyObject *item = PySequence_Fast_GET_ITEM(fast, k), *spans, *bytes = NULL;
        const char *t = PyUnicode_Check(item) ? PyUnicode_AsUTF8AndSize(item, &n) : NULL;
        if (!t && PyUnicode_Check(item)) {
            PyErr_Clear();
            if ((bytes = PyUnicode_AsEncodedString(item, "utf-8", "surrogatepass"))) { t = PyBytes_AS_STRING(bytes); n = PyBytes_GET_SIZE(bytes); }
        }
        if (!t) { if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "a string is expected"); Py_CLEAR(all); break; }
        int found = search(&s, (Bytes)t, n, 1);
        spans = found == 2 ? Py_NewRef(Py_None) : found < 0 ? PyErr_NoMemory() : spans_of(&s, (Bytes)t, s.t == s.text);
        Py_XDECREF(bytes);
        if (!spans) { Py_CLEAR(all); break; }
        PyList_SET_ITEM(all, k, spans);
    }
    release(&s);
    Py_DECREF(fast);
    return all;
}

static PyMethodDef METHODS[] = {
    {"setup", kernel_setup, METH_VARARGS, "Take the tables: folding, words, rules, null words, reach, today."},
    {"gathering", kernel_gathering, METH_O, "A new gathering of so many columns."},
    {"add", kernel_add, METH_VARARGS, "Add a record batch of strings, given by its schema and array capsules, to a gathering."},
    {"merge", kernel_merge, METH_VARARGS, "Add to a gathering what another holds, which must not be used any more."},
    {"deferred", kernel_deferred, METH_O, "Take the values that only the reference can judge: (column, bytes, weight)."},
    {"gathered", kernel_gathered, METH_VARARGS, "Counts, sample and bars of one column of a gathering."},
    {"rows", kernel_rows, METH_VARARGS, "Rows in which something stands; -row - 1 where only the reference can tell."},
    {"spans", kernel_spans, METH_O, "Spans of each string."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_kernel", "The fast way of hushu.classify.kernel.", -1, METHODS, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModule_Create(&MODULE); }
