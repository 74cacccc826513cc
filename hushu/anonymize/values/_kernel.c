/* Column kernels for hushu.anonymize: keyed digests, SM4 blocks and masks over Arrow string buffers.
 *
 * Optional: every function has a fallback in Python that gives the same bytes (tests compare them).
 * Inputs are the offsets (int32) and data buffers of a string array, its offset and its length.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "_kernel_mac.h"
#include "_kernel_sm4.h"

typedef struct {
    const int32_t *offsets;
    const uint8_t *data;
    Py_ssize_t n;
    Py_buffer offsets_view, data_view;
} strings;

/* Bind the buffers of a string array and check that every value lies inside them. */
static int strings_bind(strings *s, Py_ssize_t start, Py_ssize_t n) {
    if (start < 0 || n < 0 || s->offsets_view.len < (Py_ssize_t)((start + n + 1) * sizeof(int32_t))) {
        PyErr_SetString(PyExc_ValueError, "the offsets buffer is shorter than the array");
        return -1;
    }
    s->offsets = (const int32_t *)s->offsets_view.buf + start;
    s->data = s->data_view.buf;
    s->n = n;
    for (Py_ssize_t i = 0; i < n; i++)
        if (s->offsets[i] < 0 || s->offsets[i + 1] < s->offsets[i]) goto outside;
    if (s->offsets[n] <= s->data_view.len) return 0;
outside:
    PyErr_SetString(PyExc_ValueError, "an offset lies outside the data buffer");
    return -1;
}

static void strings_release(strings *s) {
    PyBuffer_Release(&s->offsets_view);
    PyBuffer_Release(&s->data_view);
}

#define MAC_BATCH 8

/* Digest the strings from row i on, as many as the machine does at once; return how many those were. */
static Py_ssize_t mac_some(const mac_key *m, const strings *s, Py_ssize_t i, uint8_t d[MAC_BATCH][32]) {
#ifdef HUSHU_X86
    if (m->lanes && i + LANES <= s->n) {
        const uint8_t *data[LANES];
        size_t n[LANES], longest = 0;
        for (int l = 0; l < LANES; l++) {
            data[l] = s->data + s->offsets[i + l];
            n[l] = (size_t)(s->offsets[i + l + 1] - s->offsets[i + l]);
            if (n[l] > longest) longest = n[l];
        }
        if (longest < 56) {
            mac_lanes(m, data, n, d);
            return LANES;
        }
    }
#endif
    mac_digest(m, s->data + s->offsets[i], (size_t)(s->offsets[i + 1] - s->offsets[i]), d[0]);
    return 1;
}

static void put_base32(uint8_t *out, const char *prefix, Py_ssize_t prefix_n, const uint8_t d[32]) {
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz234567";
    memcpy(out, prefix, (size_t)prefix_n);
    out += prefix_n;
    for (int half = 0; half < 2; half++, out += 8, d += 5) {
        uint64_t v = (uint64_t)d[0] << 32 | (uint64_t)d[1] << 24 | (uint64_t)d[2] << 16 | (uint64_t)d[3] << 8 | d[4];
        for (int k = 0; k < 8; k++) out[k] = (uint8_t)LETTERS[v >> (35 - 5 * k) & 31];
    }
}

static PyObject *mac_column(int sm3, const Py_buffer *key, strings *s, const char *prefix, Py_ssize_t prefix_n,
                            int base32) {
    if (key->len != 32) {
        PyErr_SetString(PyExc_ValueError, "the derived key must have 32 bytes");
        return NULL;
    }
    Py_ssize_t width = base32 ? prefix_n + 16 : 8;
    PyObject *made = PyBytes_FromStringAndSize(NULL, s->n * width);
    if (!made) return NULL;
    uint8_t *out = (uint8_t *)PyBytes_AS_STRING(made);
    mac_key m;
    Py_BEGIN_ALLOW_THREADS
    mac_init(&m, sm3, key->buf);
    for (Py_ssize_t i = 0; i < s->n;) {
        uint8_t d[MAC_BATCH][32];
        Py_ssize_t done = mac_some(&m, s, i, d);
        for (Py_ssize_t k = 0; k < done; k++, out += width) {
            if (base32)
                put_base32(out, prefix, prefix_n, d[k]);
            else
                memcpy(out, d[k], 8);
        }
        i += done;
    }
    memset(&m, 0, sizeof m);
    Py_END_ALLOW_THREADS
    return made;
}

static PyObject *base32_hmac(PyObject *self, PyObject *args) {
    int sm3;
    Py_buffer key, prefix;
    strings s;
    Py_ssize_t start, n;
    if (!PyArg_ParseTuple(args, "py*y*y*nny*", &sm3, &key, &s.offsets_view, &s.data_view, &start, &n, &prefix))
        return NULL;
    PyObject *made = strings_bind(&s, start, n) ? NULL : mac_column(sm3, &key, &s, prefix.buf, prefix.len, 1);
    strings_release(&s);
    PyBuffer_Release(&key);
    PyBuffer_Release(&prefix);
    return made;
}

static PyObject *uniform_hmac(PyObject *self, PyObject *args) {
    int sm3;
    Py_buffer key;
    strings s;
    Py_ssize_t start, n;
    if (!PyArg_ParseTuple(args, "py*y*y*nn", &sm3, &key, &s.offsets_view, &s.data_view, &start, &n)) return NULL;
    PyObject *made = strings_bind(&s, start, n) ? NULL : mac_column(sm3, &key, &s, "", 0, 0);
    strings_release(&s);
    PyBuffer_Release(&key);
    return made;
}

static PyObject *sm4_ecb(PyObject *self, PyObject *args) {
    Py_buffer key, blocks;
    PyObject *made = NULL;
    if (!PyArg_ParseTuple(args, "y*y*", &key, &blocks)) return NULL;
    if (key.len != 16 || blocks.len % 16) {
        PyErr_SetString(PyExc_ValueError, "SM4 needs a key of 16 bytes and whole blocks");
    } else if ((made = PyBytes_FromStringAndSize(NULL, blocks.len))) {
        uint32_t rk[32];
        Py_BEGIN_ALLOW_THREADS
        sm4_schedule(key.buf, rk);
        sm4_blocks(rk, blocks.buf, (uint8_t *)PyBytes_AS_STRING(made), blocks.len / 16);
        memset(rk, 0, sizeof rk);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&key);
    PyBuffer_Release(&blocks);
    return made;
}

#include "_kernel_keys.h"
#include "_kernel_masks.h"

static PyMethodDef METHODS[] = {
    {"base32_hmac", base32_hmac, METH_VARARGS, "prefix and 16 base32 letters of HMAC for each string"},
    {"uniform_hmac", uniform_hmac, METH_VARARGS, "the first 8 bytes of HMAC for each string"},
    {"sm4_ecb", sm4_ecb, METH_VARARGS, "SM4 of independent blocks"},
    {"mask_ends", mask_ends, METH_VARARGS, "keep head and tail of values of one alphabet"},
    {"mask_name", mask_name, METH_VARARGS, "keep the first character of Han names"},
    {"mask_domain", mask_domain, METH_VARARGS, "keep the head and the domain of addresses"},
    {"cell_keys", cell_keys, METH_VARARGS, "64 bits that tell one string from another"},
    {"before_digit", before_digit, METH_VARARGS, "cut at the first digit"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_kernel", "Column kernels of hushu.anonymize.", -1, METHODS};

PyMODINIT_FUNC PyInit__kernel(void) {
    sm3_tables();
    sm4_tables();
    return PyModule_Create(&MODULE);
}
