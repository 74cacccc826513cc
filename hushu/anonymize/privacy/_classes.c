/* Best-cut Mondrian: the same cuts as hushu/anonymize/mondrian.py makes with numpy, only faster.
 *
 * A part of the table is cut in two where the published loss falls most, as long as both sides
 * keep k rows and every rule on the sensitive columns. Losses are whole millionths, so both
 * versions score alike and break ties alike: by column, then prefixes, then groups, in order.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "_classes_rules.h"
#include "_classes_tree.h"

#define GAIN_WEIGHT 32    /* these three: see mondrian.py */
#define SHARES 4096
#define MAX_TRIED 256
#define MAX_PARTS 64

typedef struct {
    int64_t score, place; /* place: the order in which the cuts were found, for ties */
    int32_t column, low, high;
} Cut;

typedef struct { /* table rows and ranges of runs of rows, one entry per distinct code */
    int64_t *count;
    int32_t *low, *high;
} Runs;

typedef struct {
    int64_t n, k;
    int32_t d, rules;
    const int32_t *codes;  /* n x d, distinct rows */
    const int64_t *weight; /* n, table rows that each stands for */
    const int64_t *bits;   /* SHARES / 2 + 1, what a cut of that share costs */
    Tree tree[MAX_PARTS];
    Rule rule[MAX_PARTS];
    int32_t *rows, *spare, *order, *distinct, *tally;
    Runs own, before, after;
    Cut *cuts;
    int64_t made_cuts, room;
    double *work;
    int32_t *parents;
} State;

static int64_t box_loss(const State *s, const int32_t *low, const int32_t *high) {
    int64_t sum = 0;
    for (int32_t j = 0; j < s->d; j++) sum += ancestor_loss(&s->tree[j], low[j], high[j]);
    return sum;
}

static void widen(const State *s, int32_t *low, int32_t *high, const int32_t *by_low, const int32_t *by_high) {
    for (int32_t j = 0; j < s->d; j++) {
        if (by_low[j] < low[j]) low[j] = by_low[j];
        if (by_high[j] > high[j]) high[j] = by_high[j];
    }
}

static void shell_sort(State *s, int64_t first, int64_t m, const int32_t *codes) {
    memcpy(s->order, s->rows + first, sizeof(int32_t) * m);
    for (int64_t gap = m <= 24 ? 1 : m / 2; gap > 0; gap /= 2)
        for (int64_t i = gap; i < m; i++) {
            int32_t row = s->order[i], code = codes[(int64_t)row * s->d];
            int64_t at = i;
            for (; at >= gap && codes[(int64_t)s->order[at - gap] * s->d] > code; at -= gap)
                s->order[at] = s->order[at - gap];
            s->order[at] = row;
        }
}

/* Put the part's rows into s->order sorted by their code in column j; return the distinct codes' number. */
static int32_t sort_rows(State *s, int64_t first, int64_t last, int32_t j) {
    int64_t m = last - first;
    const int32_t *codes = s->codes + j;
    int32_t d = s->d;
    if (m <= 24 || s->tree[j].leaves > 8 * m) {
        shell_sort(s, first, m, codes);
    } else {
        int32_t leaves = s->tree[j].leaves;
        memset(s->tally, 0, sizeof(int32_t) * (leaves + 1));
        for (int64_t i = first; i < last; i++) s->tally[codes[(int64_t)s->rows[i] * d] + 1]++;
        for (int32_t c = 0; c < leaves; c++) s->tally[c + 1] += s->tally[c];
        for (int64_t i = first; i < last; i++) s->order[s->tally[codes[(int64_t)s->rows[i] * d]]++] = s->rows[i];
    }
    int32_t found = 0;
    for (int64_t i = 0; i < m; i++) {
        const int32_t *cell = s->codes + (int64_t)s->order[i] * d;
        if (!found || s->distinct[found - 1] != cell[j]) {
            s->distinct[found] = cell[j];
            s->own.count[found] = 0;
            memcpy(s->own.low + (int64_t)found * d, cell, sizeof(int32_t) * d);
            memcpy(s->own.high + (int64_t)found * d, cell, sizeof(int32_t) * d);
            found++;
        }
        s->own.count[found - 1] += s->weight[s->order[i]];
        widen(s, s->own.low + (int64_t)(found - 1) * d, s->own.high + (int64_t)(found - 1) * d, cell, cell);
    }
    return found;
}

/* before[i] covers codes 0 … i, after[i] codes i … found - 1. */
static void accumulate(State *s, int32_t found) {
    int32_t d = s->d;
    size_t bytes = sizeof(int32_t) * d;
    for (int32_t i = 0; i < found; i++) {
        int32_t back = found - 1 - i;
        const Runs *own = &s->own;
        s->before.count[i] = own->count[i] + (i ? s->before.count[i - 1] : 0);
        memcpy(s->before.low + (int64_t)i * d, own->low + (int64_t)i * d, bytes);
        memcpy(s->before.high + (int64_t)i * d, own->high + (int64_t)i * d, bytes);
        if (i) widen(s, s->before.low + (int64_t)i * d, s->before.high + (int64_t)i * d,
                     s->before.low + (int64_t)(i - 1) * d, s->before.high + (int64_t)(i - 1) * d);
        memcpy(s->after.low + (int64_t)back * d, own->low + (int64_t)back * d, bytes);
        memcpy(s->after.high + (int64_t)back * d, own->high + (int64_t)back * d, bytes);
        if (i) widen(s, s->after.low + (int64_t)back * d, s->after.high + (int64_t)back * d,
                     s->after.low + (int64_t)(back + 1) * d, s->after.high + (int64_t)(back + 1) * d);
    }
}

/* The loss that a cut saves (and a little for halving the column), per bit of the parting. */
static int64_t score_of(const State *s, int64_t gain, int64_t column_loss, int64_t inside, int64_t outside) {
    int64_t lesser = inside < outside ? inside : outside;
    int64_t share = lesser * SHARES / (inside + outside);
    return (GAIN_WEIGHT * gain + column_loss * lesser) / s->bits[share ? share : 1];
}

static int consider(State *s, int64_t score, int32_t j, int32_t low, int32_t high) {
    if (!s->rules) { /* without rules only the best cut is needed */
        if (s->made_cuts && s->cuts[0].score >= score) return 1;
        s->made_cuts = 0;
    }
    if (s->made_cuts == s->room) {
        Cut *more = realloc(s->cuts, sizeof(Cut) * 2 * s->room);
        if (!more) return 0;
        s->cuts = more;
        s->room *= 2;
    }
    s->cuts[s->made_cuts] = (Cut){score, s->made_cuts, j, low, high};
    s->made_cuts++;
    return 1;
}

static int prefix_cuts(State *s, int32_t j, int32_t found, int64_t m, int64_t whole, int64_t column_loss) {
    for (int32_t i = 0; i + 1 < found; i++) {
        int64_t left = s->before.count[i], right = m - left, d = s->d;
        if (left < s->k || right < s->k) continue;
        int64_t loss = left * box_loss(s, s->before.low + i * d, s->before.high + i * d) +
                       right * box_loss(s, s->after.low + (i + 1) * d, s->after.high + (i + 1) * d);
        int64_t score = score_of(s, whole - loss, column_loss, left, right);
        if (!consider(s, score, j, s->distinct[0], s->distinct[i])) return 0;
    }
    return 1;
}

/* One group of one level against all the rest; groups at either end are prefix cuts already. */
static int group_cuts(State *s, int32_t j, int32_t found, int64_t m, int64_t whole, int64_t column_loss) {
    const Tree *tree = &s->tree[j];
    int64_t d = s->d;
    int32_t *in_low = s->spare, *in_high = in_low + d, *out_low = in_high + d, *out_high = out_low + d;
    size_t bytes = sizeof(int32_t) * d;
    for (int32_t level = 0; level < tree->height - 1; level++) {
        const int32_t *group = tree->groups + (int64_t)level * tree->leaves;
        for (int32_t a = 0, b; a < found; a = b + 1) {
            for (b = a; b + 1 < found && group[s->distinct[b + 1]] == group[s->distinct[a]];) b++;
            if (a == 0 || b == found - 1) continue;
            int64_t inside = s->before.count[b] - s->before.count[a - 1], outside = m - inside;
            if (inside < s->k || outside < s->k) continue;
            memcpy(in_low, s->own.low + a * d, bytes);
            memcpy(in_high, s->own.high + a * d, bytes);
            for (int32_t i = a + 1; i <= b; i++) widen(s, in_low, in_high, s->own.low + i * d, s->own.high + i * d);
            memcpy(out_low, s->before.low + (a - 1) * d, bytes);
            memcpy(out_high, s->before.high + (a - 1) * d, bytes);
            widen(s, out_low, out_high, s->after.low + (b + 1) * d, s->after.high + (b + 1) * d);
            int64_t loss = inside * box_loss(s, in_low, in_high) + outside * box_loss(s, out_low, out_high);
            int64_t score = score_of(s, whole - loss, column_loss, inside, outside);
            if (!consider(s, score, j, s->distinct[a], s->distinct[b])) return 0;
        }
    }
    return 1;
}

static int find_cuts(State *s, int64_t first, int64_t last) {
    int64_t m = 0, d = s->d;
    s->made_cuts = 0;
    for (int64_t i = first; i < last; i++) m += s->weight[s->rows[i]];
    if (m < 2 * s->k) return 1;
    for (int32_t j = 0; j < s->d; j++) {
        int32_t found = sort_rows(s, first, last, j);
        if (found < 2) continue;
        accumulate(s, found);
        const int32_t *low = s->before.low + (int64_t)(found - 1) * d, *high = s->before.high + (int64_t)(found - 1) * d;
        int64_t whole = m * box_loss(s, low, high), column_loss = ancestor_loss(&s->tree[j], low[j], high[j]);
        if (!prefix_cuts(s, j, found, m, whole, column_loss)) return 0;
        if (!group_cuts(s, j, found, m, whole, column_loss)) return 0;
    }
    return 1;
}

static int by_score(const void *a, const void *b) {
    const Cut *x = a, *y = b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    return x->place < y->place ? -1 : 1;
}

static int both_hold(State *s, int64_t first, int64_t last, const Cut *cut) {
    for (int32_t r = 0; r < s->rules; r++) {
        const Rule *rule = &s->rule[r];
        double *in = s->work, *out = in + rule->width, *work = out + rule->width, inside = 0, outside = 0;
        memset(in, 0, sizeof(double) * 2 * rule->width);
        for (int64_t i = first; i < last; i++) {
            int32_t row = s->rows[i], code = s->codes[(int64_t)row * s->d + cut->column];
            if (code >= cut->low && code <= cut->high) {
                in[rule->codes[row]] += (double)s->weight[row];
                inside += (double)s->weight[row];
            } else {
                out[rule->codes[row]] += (double)s->weight[row];
                outside += (double)s->weight[row];
            }
        }
        if (!side_holds(rule, in, inside, work, s->parents)) return 0;
        if (!side_holds(rule, out, outside, work, s->parents)) return 0;
    }
    return 1;
}

/* Move the rows inside the best cut that holds to the front; return their end, or first when none holds. */
static int64_t cut_part(State *s, int64_t first, int64_t last) {
    const Cut *best = NULL;
    if (s->rules) qsort(s->cuts, s->made_cuts, sizeof(Cut), by_score);
    for (int64_t i = 0; i < s->made_cuts && i < MAX_TRIED && !best; i++)
        if (!s->rules || both_hold(s, first, last, &s->cuts[i])) best = &s->cuts[i];
    if (!best) return first;
    int64_t front = first, kept = 0;
    for (int64_t i = first; i < last; i++) {
        int32_t row = s->rows[i], code = s->codes[(int64_t)row * s->d + best->column];
        if (code >= best->low && code <= best->high) s->rows[front++] = row;
        else s->spare[kept++] = row;
    }
    memcpy(s->rows + front, s->spare, sizeof(int32_t) * kept);
    return front;
}

/* Cut until nothing can be cut; write each row's class. Returns the number of classes, -1 without memory. */
static int64_t cut_all(State *s, int32_t *klass) {
    int64_t depth = 0, room = 64, made = 0;
    int64_t(*waiting)[2] = malloc(sizeof(*waiting) * room);
    if (!waiting) return -1;
    waiting[depth][0] = 0;
    waiting[depth++][1] = s->n;
    while (depth) {
        int64_t first = waiting[--depth][0], last = waiting[depth][1], middle = first;
        if (last - first >= 2) {
            if (!find_cuts(s, first, last)) {
                free(waiting);
                return -1;
            }
            middle = cut_part(s, first, last);
        }
        if (middle == first) {
            for (int64_t i = first; i < last; i++) klass[s->rows[i]] = (int32_t)made;
            made++;
            continue;
        }
        if (depth + 2 > room) {
            void *more = realloc(waiting, sizeof(*waiting) * 2 * room);
            if (!more) {
                free(waiting);
                return -1;
            }
            waiting = more;
            room *= 2;
        }
        waiting[depth][0] = middle;
        waiting[depth++][1] = last;
        waiting[depth][0] = first;
        waiting[depth++][1] = middle;
    }
    free(waiting);
    return made;
}

static int allocate(State *s) {
    int64_t most = 1, width = 1, d = s->d;
    for (int32_t j = 0; j < s->d; j++) {
        if (!tabulate(&s->tree[j])) return 0;
        if (s->tree[j].leaves > most) most = s->tree[j].leaves;
    }
    for (int32_t r = 0; r < s->rules; r++)
        if (s->rule[r].width > width) width = s->rule[r].width;
    s->rows = malloc(sizeof(int32_t) * s->n);
    s->spare = malloc(sizeof(int32_t) * (s->n > 4 * d ? s->n : 4 * d));
    s->order = malloc(sizeof(int32_t) * s->n);
    s->distinct = malloc(sizeof(int32_t) * most);
    s->tally = malloc(sizeof(int32_t) * (most + 1));
    s->parents = calloc(width, sizeof(int32_t));
    s->work = malloc(sizeof(double) * 6 * width);
    s->cuts = malloc(sizeof(Cut) * (s->room = 256));
    Runs *runs[3] = {&s->own, &s->before, &s->after};
    int whole = s->rows && s->spare && s->order && s->distinct && s->tally && s->parents && s->work && s->cuts;
    for (int i = 0; i < 3; i++) {
        runs[i]->count = malloc(sizeof(int64_t) * most);
        runs[i]->low = malloc(sizeof(int32_t) * most * d);
        runs[i]->high = malloc(sizeof(int32_t) * most * d);
        whole = whole && runs[i]->count && runs[i]->low && runs[i]->high;
    }
    for (int64_t i = 0; whole && i < s->n; i++) s->rows[i] = (int32_t)i;
    return whole;
}

static void release(State *s) {
    Runs *runs[3] = {&s->own, &s->before, &s->after};
    for (int i = 0; i < 3; i++) {
        free(runs[i]->count);
        free(runs[i]->low);
        free(runs[i]->high);
    }
    for (int32_t j = 0; j < s->d; j++) free(s->tree[j].table);
    free(s->rows);
    free(s->spare);
    free(s->order);
    free(s->distinct);
    free(s->tally);
    free(s->parents);
    free(s->work);
    free(s->cuts);
}

/* Take the address of a C-contiguous buffer of the expected length; the view is kept in `views`. */
static const void *view(PyObject *object, Py_ssize_t bytes, Py_buffer *views, int *taken) {
    if (*taken >= 4 * MAX_PARTS) {
        PyErr_SetString(PyExc_ValueError, "too many columns");
        return NULL;
    }
    if (PyObject_GetBuffer(object, &views[*taken], PyBUF_C_CONTIGUOUS) < 0) return NULL;
    if (views[(*taken)++].len != bytes) {
        PyErr_SetString(PyExc_ValueError, "a buffer has the wrong length");
        return NULL;
    }
    return views[*taken - 1].buf;
}

static int read_trees(State *s, PyObject *trees, Py_buffer *views, int *taken) {
    for (int32_t j = 0; j < s->d; j++) {
        PyObject *groups, *loss;
        Tree *tree = &s->tree[j];
        if (!PyArg_ParseTuple(PyTuple_GetItem(trees, j), "iiOO", &tree->height, &tree->leaves, &groups, &loss)) return 0;
        Py_ssize_t bytes = (Py_ssize_t)sizeof(int32_t) * tree->height * tree->leaves;
        if (!(tree->groups = view(groups, bytes, views, taken))) return 0;
        if (!(tree->loss = view(loss, bytes, views, taken))) return 0;
    }
    return 1;
}

static int read_rules(State *s, PyObject *rules, Py_buffer *views, int *taken) {
    for (int32_t r = 0; r < s->rules; r++) {
        PyObject *codes, *reference, *levels;
        Rule *rule = &s->rule[r];
        if (!PyArg_ParseTuple(PyTuple_GetItem(rules, r), "iOidddiOiO", &rule->width, &codes, &rule->diversity,
                              &rule->l, &rule->c, &rule->t, &rule->closeness, &reference, &rule->height, &levels))
            return 0;
        Py_ssize_t width = rule->width;
        if (!(rule->codes = view(codes, (Py_ssize_t)sizeof(int32_t) * s->n, views, taken))) return 0;
        if (!(rule->reference = view(reference, (Py_ssize_t)sizeof(double) * width, views, taken))) return 0;
        if (!(rule->levels = view(levels, (Py_ssize_t)sizeof(int32_t) * rule->height * width, views, taken))) return 0;
    }
    return 1;
}

PyDoc_STRVAR(partition_doc,
             "partition(codes, weight, bits, n, k, trees, rules) -> bytes of int32\n\n"
             "codes: n x d int32, row by row; weight: n int64; bits: int64; trees: d tuples (height, leaves, groups, loss);\n"
             "rules: tuples (width, codes, diversity, l, c, t, closeness, reference, height, levels).");

static PyObject *partition(PyObject *module, PyObject *args) {
    PyObject *codes, *weight, *bits, *trees, *rules, *result = NULL;
    Py_buffer views[4 * MAX_PARTS];
    int taken = 0;
    long long n, k;
    State *s = calloc(1, sizeof(State));
    (void)module;
    if (!s) return PyErr_NoMemory();
    if (!PyArg_ParseTuple(args, "OOOLLO!O!", &codes, &weight, &bits, &n, &k, &PyTuple_Type, &trees, &PyTuple_Type, &rules)) goto done;
    s->n = n;
    s->k = k;
    s->d = (int32_t)PyTuple_Size(trees);
    s->rules = (int32_t)PyTuple_Size(rules);
    if (s->d > MAX_PARTS || s->rules > MAX_PARTS / 2) {
        s->d = 0;
        PyErr_SetString(PyExc_ValueError, "too many columns");
        goto done;
    }
    s->codes = view(codes, (Py_ssize_t)sizeof(int32_t) * n * s->d, views, &taken);
    s->weight = s->codes ? view(weight, (Py_ssize_t)sizeof(int64_t) * n, views, &taken) : NULL;
    s->bits = s->weight ? view(bits, (Py_ssize_t)sizeof(int64_t) * (SHARES / 2 + 1), views, &taken) : NULL;
    if (!s->bits || !read_trees(s, trees, views, &taken) || !read_rules(s, rules, views, &taken)) goto done;
    if (!(result = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)sizeof(int32_t) * n))) goto done;
    int64_t made = -1;
    Py_BEGIN_ALLOW_THREADS
    if (allocate(s)) made = cut_all(s, (int32_t *)PyBytes_AS_STRING(result));
    Py_END_ALLOW_THREADS
    if (made < 0) {
        Py_CLEAR(result);
        PyErr_NoMemory();
    }
done:
    for (int i = 0; i < taken; i++) PyBuffer_Release(&views[i]);
    release(s);
    free(s);
    return result;
}

static PyMethodDef methods[] = {{"partition", partition, METH_VARARGS, partition_doc}, {NULL, NULL, 0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_classes", "Best-cut Mondrian in C.", -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__classes(void) { return PyModule_Create(&definition); }
