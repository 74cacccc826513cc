/* Masks: values in their plain form; the rows of all others are named for the caller ------ */

typedef struct {
    PyObject *data, *offsets, *odd;
    uint8_t *out;
    int32_t *ends;
    int64_t *rows;
    Py_ssize_t written, odd_n;
} masked;

static int masked_new(masked *m, Py_ssize_t n, Py_ssize_t bytes) {
    m->data = m->offsets = m->odd = NULL;
    m->written = m->odd_n = 0;
    if (bytes > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "more than 2 GiB of text in one batch");
        return -1;
    }
    m->data = PyBytes_FromStringAndSize(NULL, bytes);
    m->offsets = PyBytes_FromStringAndSize(NULL, (n + 1) * (Py_ssize_t)sizeof(int32_t));
    m->odd = PyBytes_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(int64_t));
    if (!m->data || !m->offsets || !m->odd) return -1;
    m->out = (uint8_t *)PyBytes_AS_STRING(m->data);
    m->ends = (int32_t *)PyBytes_AS_STRING(m->offsets);
    m->rows = (int64_t *)PyBytes_AS_STRING(m->odd);
    m->ends[0] = 0;
    return 0;
}

static inline void masked_put(masked *m, const uint8_t *p, Py_ssize_t n) {
    memcpy(m->out + m->written, p, (size_t)n);
    m->written += n;
}

/* End a mask: give the result, or NULL with an error set, and let go of everything that was taken. */
static PyObject *masked_done(masked *m, int ok, strings *s, Py_buffer **more) {
    strings_release(s);
    for (; *more; more++) PyBuffer_Release(*more);
    if (!ok || _PyBytes_Resize(&m->data, m->written) ||
        _PyBytes_Resize(&m->odd, m->odd_n * (Py_ssize_t)sizeof(int64_t))) {
        Py_XDECREF(m->data);
        Py_XDECREF(m->offsets);
        Py_XDECREF(m->odd);
        return NULL;
    }
    return Py_BuildValue("(NNN)", m->data, m->offsets, m->odd);
}

/* Is the three-byte character at p one of those whose bit is set? */
static inline int listed(const uint8_t *bits, const uint8_t *p) {
    unsigned point = (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
    return p[0] >= 0xE4 && p[0] <= 0xE9 && (bits[point >> 3] >> (point & 7) & 1);
}

/* mask_ends(offsets, data, start, n, han, allowed[256], first[256], min, max, head, tail, fill): all widths
 * in bytes; han is empty, or a bit per code point: the value then begins with one of these (a plate). */
static PyObject *mask_ends(PyObject *self, PyObject *args) {
    strings s;
    Py_buffer han, allowed, first, fill;
    Py_ssize_t start, n, min, max, head, tail;
    if (!PyArg_ParseTuple(args, "y*y*nny*y*y*nnnny*", &s.offsets_view, &s.data_view, &start, &n, &han, &allowed, &first,
                          &min, &max, &head, &tail, &fill))
        return NULL;
    masked m = {0};
    int ok = strings_bind(&s, start, n) == 0 && masked_new(&m, n, n * (head + tail + fill.len)) == 0;
    if (ok && ((han.len && han.len != 8192) || allowed.len != 256 || first.len != 256 || head + tail > min || min < 1)) {
        PyErr_SetString(PyExc_ValueError, "a mask must hide something of the shortest value");
        ok = 0;
    }
    if (ok) {
        const uint8_t *in = allowed.buf, *lead = first.buf, *points = han.len ? han.buf : NULL;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < n; i++) {
            const uint8_t *p = s.data + s.offsets[i];
            Py_ssize_t width = s.offsets[i + 1] - s.offsets[i];
            int fits = width >= min && width <= max && (points ? width >= 3 && listed(points, p) : lead[p[0]]);
            for (Py_ssize_t k = points ? 3 : 0; fits && k < width; k++) fits = in[p[k]];
            if (fits) {
                masked_put(&m, p, head);
                masked_put(&m, fill.buf, fill.len);
                masked_put(&m, p + width - tail, tail);
            } else {
                m.rows[m.odd_n++] = i;
            }
            m.ends[i + 1] = (int32_t)m.written;
        }
        Py_END_ALLOW_THREADS
    }
    return masked_done(&m, ok, &s, (Py_buffer *[]){&han, &allowed, &first, &fill, NULL});
}

/* mask_name(offsets, data, start, n, compound[8192], fill): two or more Han characters, the first kept
 * unless it begins a compound surname (a bit per code point says which do). */
static PyObject *mask_name(PyObject *self, PyObject *args) {
    strings s;
    Py_buffer compound, fill;
    Py_ssize_t start, n;
    if (!PyArg_ParseTuple(args, "y*y*nny*y*", &s.offsets_view, &s.data_view, &start, &n, &compound, &fill)) return NULL;
    masked m = {0};
    int ok = strings_bind(&s, start, n) == 0 && masked_new(&m, n, n * (3 + fill.len)) == 0;
    if (ok && compound.len != 8192) {
        PyErr_SetString(PyExc_ValueError, "the table of surnames must have 65536 bits");
        ok = 0;
    }
    if (ok) {
        const uint8_t *table = compound.buf;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < n; i++) {
            const uint8_t *p = s.data + s.offsets[i];
            Py_ssize_t width = s.offsets[i + 1] - s.offsets[i];
            int fits = width >= 6 && width % 3 == 0;
            for (Py_ssize_t k = 0; fits && k < width; k += 3) fits = p[k] >= 0xE4 && p[k] <= 0xE9;
            if (fits && (p[0] > 0xE4 || p[1] >= 0xB8) && !listed(table, p)) { /* from U+4E00 */
                masked_put(&m, p, 3);
                masked_put(&m, fill.buf, fill.len);
            } else {
                m.rows[m.odd_n++] = i;
            }
            m.ends[i + 1] = (int32_t)m.written;
        }
        Py_END_ALLOW_THREADS
    }
    return masked_done(&m, ok, &s, (Py_buffer *[]){&compound, &fill, NULL});
}

/* mask_domain(offsets, data, start, n, allowed[256], head, fill): local part cut to head characters */
static PyObject *mask_domain(PyObject *self, PyObject *args) {
    strings s;
    Py_buffer allowed, fill;
    Py_ssize_t start, n, head;
    if (!PyArg_ParseTuple(args, "y*y*nny*ny*", &s.offsets_view, &s.data_view, &start, &n, &allowed, &head, &fill))
        return NULL;
    masked m = {0};
    int ok = strings_bind(&s, start, n) == 0 && masked_new(&m, n, s.offsets[n] - s.offsets[0] + n * fill.len) == 0;
    if (ok && allowed.len != 256) {
        PyErr_SetString(PyExc_ValueError, "the table of letters must have 256 entries");
        ok = 0;
    }
    if (ok) {
        const uint8_t *in = allowed.buf;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < n; i++) {
            const uint8_t *p = s.data + s.offsets[i];
            Py_ssize_t width = s.offsets[i + 1] - s.offsets[i], at = 0, dots = 0;
            while (at < width && in[p[at]]) at++;
            int fits = at > 0 && at < width && p[at] == '@';
            for (Py_ssize_t k = at + 1; fits && k < width; k++) {
                fits = in[p[k]];
                dots += p[k] == '.';
            }
            if (fits && dots) {
                masked_put(&m, p, at < head ? at : head);
                masked_put(&m, fill.buf, fill.len);
                masked_put(&m, p + at, width - at);
            } else {
                m.rows[m.odd_n++] = i;
            }
            m.ends[i + 1] = (int32_t)m.written;
        }
        Py_END_ALLOW_THREADS
    }
    return masked_done(&m, ok, &s, (Py_buffer *[]){&allowed, &fill, NULL});
}

/* before_digit(offsets, data, start, n): each value up to its first ASCII digit */
static PyObject *before_digit(PyObject *self, PyObject *args) {
    strings s;
    Py_ssize_t start, n;
    if (!PyArg_ParseTuple(args, "y*y*nn", &s.offsets_view, &s.data_view, &start, &n)) return NULL;
    masked m = {0};
    int ok = strings_bind(&s, start, n) == 0 && masked_new(&m, n, s.offsets[n] - s.offsets[0]) == 0;
    if (ok) {
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < n; i++) {
            const uint8_t *p = s.data + s.offsets[i];
            Py_ssize_t width = s.offsets[i + 1] - s.offsets[i], k = 0;
            while (k < width && (p[k] < '0' || p[k] > '9')) k++;
            masked_put(&m, p, k);
            m.ends[i + 1] = (int32_t)m.written;
        }
        Py_END_ALLOW_THREADS
    }
    return masked_done(&m, ok, &s, (Py_buffer *[]){NULL});
}
