/* The fast way of hushu.classify.kernel: the same answers as reference.py, on Arrow buffers, without the GIL. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "native/column.h"
#include "native/masked.h"
#include "native/scan.h"
#include "native/shape.h"

enum { MAX_NULLS = 64 };

typedef struct {
    int64_t nulls, blank, whole[TYPE_COUNT], within[TYPE_COUNT], masked[MASKED_COUNT];
    ShapeCounts shape;
    int64_t *deferred, deferred_count, deferred_room;
} Profile;

static uint8_t NULL_WORDS[MAX_NULLS][16];
static uint16_t NULL_LENGTHS[256]; /* by first byte: a bit for each length of a null word */
static uint8_t NULL_FROM[256], NULL_TO[256]; /* by first byte: the words, which come sorted */
static int NULL_COUNT, LONGEST_NULL;

static int is_null_word(Bytes t, int64_t n) {
    if (n > LONGEST_NULL || !(NULL_LENGTHS[lower(t[0])] >> n & 1)) return 0;
    int first = lower(t[0]);
    for (int k = NULL_FROM[first]; k < NULL_TO[first]; k++) {
        int64_t i = 1;
        while (i < n && lower(t[i]) == NULL_WORDS[k][i]) i++;
        if (i == n && !NULL_WORDS[k][n]) return 1;
    }
    return 0;
}

static int blank_char(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Point the scan at the folded, trimmed value; the kinds of its bytes given are brought up to date. 0 when memory ran out. */
static int prepare(Scan *s, Bytes t, int64_t n, Kinds *k) {
    s->t = t;
    s->n = n;
    if (k->foldable && needs_folding(t, n, memchr(t, '\\', (size_t)n) != NULL)) {
        if (!fold_into(s, t, n, 0)) return 0;
        recount(k, s);
    }
    while (s->n && blank_char(s->t[0])) { s->t++; s->n--; }
    while (s->n && blank_char(s->t[s->n - 1])) s->n--;
    return 1;
}

static int defer(Profile *p, int64_t row) {
    if (!grow((void **)&p->deferred, &p->deferred_room, p->deferred_count + 1, sizeof(int64_t))) return 0;
    p->deferred[p->deferred_count++] = row;
    return 1;
}

/* Whether a star, another mark, 某 or xxx stands in a short value. */
static int may_be_masked(const Scan *s, const Kinds *k) {
    if (s->n > 4 * MASKED_LONGEST || k->han > 5) return 0;
    if (k->stars) return 1;
    if (k->continuation) for (int64_t i = 0; i + 1 < s->n; i++) {
        if (s->t[i] < 0xC3 || s->t[i] > 0xE6) continue;
        if (s->t[i] == 0xC3 && s->t[i + 1] == 0x97) return 1;
        if (s->t[i] == 0xE2 && (s->t[i + 1] == 0x96 || s->t[i + 1] == 0x97 || s->t[i + 1] == 0x9C)) return 1;
        if (s->t[i] == 0xE6 && s->t[i + 1] == 0x9F && at(s, i + 2) == 0x90) return 1;
    }
    for (int64_t i = 0; k->letters >= 3 && i + 3 <= s->n; i++)
        if ((s->t[i] | 32) == 'x' && (s->t[i + 1] | 32) == 'x' && (s->t[i + 2] | 32) == 'x') return 1;
    return 0;
}

/* A key word has three letters, or is 密码 or 口令; a key or token has many. */
static int may_hold_secret(const Kinds *k) {
    return (k->letters >= 3 || k->han >= 2) && (k->joints || k->letters >= 15);
}

static void add_types(int64_t *counts, uint32_t types, int64_t weight) {
    for (int type = 0; types; type++, types >>= 1) if (types & 1) counts[type] += weight;
}

/* A cell of digits only: the commonest case needs no tokens. 0 when it does after all. */
static int digits_alone(const Scan *s, uint32_t *types) {
    Verdicts v = {0};
    char digits[20];
    if (s->n > 19) return 1;
    if (s->t[0] == '8' && s->t[1] == '6') return 0;
    if (memcmp(s->t, "0086", 4) == 0) return 0;
    memcpy(digits, s->t, (size_t)s->n);
    of_digits(digits, (int)s->n, &v);
    for (int k = 0; k < v.count; k++) *types |= 1u << v.type[k];
    return 1;
}

/* Whether four characters at i could be the year of a case or the number of a certificate. */
static int four_matter(Bytes t, int64_t i) {
    if (i && (t[i - 1] == '(' || t[i - 1] == '[')) return 1;
    return i >= 3 && (memcmp(t + i - 3, "（", 3) == 0 || memcmp(t + i - 3, "第", 3) == 0);
}

/* Prose with nothing but small numbers in it, its only foldable characters ，；！？（）: no identifier can stand there
   and folding would change nothing that is counted but the commas: 2 when one of those stands inside, else 1. */
static int is_prose(Bytes t, int64_t n, const Kinds *k) {
    if (k->han <= 5 || k->joints || k->at_signs || k->stars || k->letters >= 15) return 0;
    int run = 0, commas = 0;
    for (int64_t i = 0; i < n;) {
        int c = t[i];
        if (STEP[c] == 3) { run = 0; i += 3; continue; }
        if (is_alnum(c)) {
            if (++run == 5 || (run == 4 && four_matter(t, i - 3))) return 0;
        } else if (c == ' ') {
            if (run || !i || i + 1 == n) return 0;
        } else if (c == 0xEF && i + 3 < n && i && t[i + 1] == 0xBC) {
            int last = t[i + 2]; /* ！ （ ） ， ； ？ */
            if (last == 0x8C || last == 0x9B) commas = 1;
            else if (last != 0x81 && last != 0x88 && last != 0x89 && last != 0x9F) return 0;
            run = 0;
            i += 3;
            continue;
        } else if (FOLD_LEAD[c] && !(c == 0xE3 && i + 3 <= n && t[i + 1] == 0x80 && (t[i + 2] == 0x81 || t[i + 2] == 0x82))) {
            return 0; /* anything foldable but 、 and 。 */
        } else if (c < 0x20) {
            return 0;
        } else run = 0;
        i++;
    }
    return 1 + commas;
}

static int count_value(Scan *s, Profile *p, int64_t row, int64_t weight, Bytes t, int64_t n) {
    Kinds k;
    uint32_t types = 0;
    k = kinds_of(t, n);
    int prose = is_prose(t, n, &k);
    if (prose) { count_shape(&p->shape, t, n, &k, prose > 1, weight); return 1; }
    if (!prepare(s, t, n, &k)) return 0;
    if (!s->n || is_null_word(s->t, s->n)) { p->blank += weight; return 1; }
    if (count_shape(&p->shape, s->t, s->n, &k, 0, weight)) return 1;
    if (k.digits == s->n && s->n >= 4 && digits_alone(s, &types)) { add_types(p->whole, types, weight); return 1; }
    if (may_hold_secret(&k) && hints_at_secret(s)) return defer(p, row);
    if (worth_gathering(k.digits, k.at_signs, k.joints)) {
        if (!gather(s, k.letters || k.han, k.at_signs > 0, k.joints > 1)) return 0;
        if ((types = whole_types(s))) { add_types(p->whole, types, weight); return 1; }
        if (s->found_count) accept(s);
    } else s->found_count = 0;
    int mask = may_be_masked(s, &k) ? masked(s) : -1;
    if (mask >= 0) p->masked[mask] += weight;
    for (int64_t c = 0; c < s->found_count; c++) types |= 1u << s->found[c].type;
    add_types(p->within, types, weight);
    return 1;
}

static void release(Scan *s) { free(s->text); free(s->origin); free(s->tokens); free(s->found); }

static int profile_column(const Column *c, Profile *p) {
    Scan s = {0};
    int fine = 1;
    p->shape.shortest = INT64_MAX;
    for (int64_t row = 0; fine && row < c->length; row++) {
        int64_t n, weight = c->weights ? c->weights[row] : 1;
        if (!weight) continue;
        if (!is_valid(c, row)) { p->nulls += weight; continue; }
        Bytes t = value_at(c, row, &n);
        fine = count_value(&s, p, row, weight, t, n);
    }
    release(&s);
    return fine;
}

static PyObject *counts(const int64_t *values, int n) {
    PyObject *list = PyList_New(n);
    for (int k = 0; list && k < n; k++) PyList_SET_ITEM(list, k, PyLong_FromLongLong(values[k]));
    return list;
}

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
        if (size > 15) continue;
        memset(NULL_WORDS[NULL_COUNT], 0, 16);
        if (!NULL_LENGTHS[(uint8_t)text[0]]) NULL_FROM[(uint8_t)text[0]] = (uint8_t)NULL_COUNT;
        NULL_TO[(uint8_t)text[0]] = (uint8_t)(NULL_COUNT + 1);
        NULL_LENGTHS[(uint8_t)text[0]] |= (uint16_t)(1u << size);
        memcpy(NULL_WORDS[NULL_COUNT++], text, (size_t)size);
        if (size > LONGEST_NULL) LONGEST_NULL = (int)size;
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

static PyObject *kernel_profile(PyObject *self, PyObject *args) {
    Column c;
    Buffers b;
    Profile p;
    int fine;
    PyObject *result = NULL;
    if (!open_column(args, &c, &b)) { close_column(&b); return NULL; }
    memset(&p, 0, sizeof p);
    Py_BEGIN_ALLOW_THREADS
    fine = profile_column(&c, &p);
    Py_END_ALLOW_THREADS
    if (!fine) PyErr_NoMemory();
    else {
        if (p.shape.shortest == INT64_MAX) p.shape.shortest = 0;
        result = Py_BuildValue("LLNNNNNLLdN", p.nulls, p.blank, counts(p.whole, TYPE_COUNT), counts(p.within, TYPE_COUNT), counts(p.masked, MASKED_COUNT),
                               counts(p.shape.traits, TRAITS), counts(p.shape.lengths, LENGTH_BUCKETS), p.shape.shortest, p.shape.longest,
                               p.shape.han_share, counts(p.deferred, (int)p.deferred_count));
    }
    free(p.deferred);
    close_column(&b);
    return result;
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
    Profile p;
    Scan s = {0};
    int fine = 1;
    if (!open_column(args, &c, &b)) { close_column(&b); return NULL; }
    memset(&p, 0, sizeof p);
    Py_BEGIN_ALLOW_THREADS
    for (int64_t row = 0; fine && row < c.length; row++) {
        int64_t n;
        if (!is_valid(&c, row)) continue;
        Bytes t = value_at(&c, row, &n);
        int found = search(&s, t, n, 0);
        if (found) fine = found > 0 && defer(&p, found == 2 ? -row - 1 : row);
    }
    Py_END_ALLOW_THREADS
    PyObject *result = fine ? counts(p.deferred, (int)p.deferred_count) : PyErr_NoMemory();
    free(p.deferred);
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
    {"profile", kernel_profile, METH_VARARGS, "Counts over a column given as Arrow buffers."},
    {"below", kernel_below, METH_VARARGS, "Rows whose key does not exceed the bar, and their keys, as bytes of 64-bit integers."},
    {"rows", kernel_rows, METH_VARARGS, "Rows in which something stands; -row - 1 where only the reference can tell."},
    {"spans", kernel_spans, METH_O, "Spans of each string."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_kernel", "The fast way of hushu.classify.kernel.", -1, METHODS, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModule_Create(&MODULE); }
