/* Keys of cells: 64 bits that tell two values apart, the same on every machine (see cellkeys.py) ------ */

#define KEY_1 0x9E3779B97F4A7C15u
#define KEY_2 0xC2B2AE3D27D4EB4Fu
#define KEY_3 0x165667B19E3779F9u

static inline uint64_t key_word(const uint8_t *p, Py_ssize_t n) {
    uint64_t word = 0;
    for (Py_ssize_t k = 0; k < n; k++) word |= (uint64_t)p[k] << (8 * k);
    return word;
}

static inline uint64_t key_step(uint64_t h, uint64_t word) {
    h = (h ^ word) * KEY_1;
    return h ^ h >> 32;
}

/* cell_keys(offsets, data, start, n): one uint64 for each string */
static PyObject *cell_keys(PyObject *self, PyObject *args) {
    strings s;
    Py_ssize_t start, n;
    PyObject *made = NULL;
    if (!PyArg_ParseTuple(args, "y*y*nn", &s.offsets_view, &s.data_view, &start, &n)) return NULL;
    if (!strings_bind(&s, start, n) && (made = PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(uint64_t)))) {
        uint64_t *out = (uint64_t *)PyBytes_AS_STRING(made);
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < n; i++) {
            const uint8_t *p = s.data + s.offsets[i];
            Py_ssize_t width = s.offsets[i + 1] - s.offsets[i];
            uint64_t h = (uint64_t)width * KEY_3;
            for (; width >= 8; p += 8, width -= 8) h = key_step(h, key_word(p, 8));
            if (width) h = key_step(h, key_word(p, width));
            h = (h ^ h >> 29) * KEY_2;
            out[i] = h ^ h >> 32;
        }
        Py_END_ALLOW_THREADS
    }
    strings_release(&s);
    return made;
}
