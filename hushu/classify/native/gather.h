/* The columns of a table gathered batch by batch: counts and distinct values; the counterpart of accumulate.py.

   Each value is looked at once where that pays: values that the sketch keeps are counted when it lets them go or at
   the end, and others through a small table of values seen in the batch, given up where they hardly ever repeat. */
#ifndef HUSHU_GATHER_H
#define HUSHU_GATHER_H

#include "count.h"
#include "sketch.h"

enum { SEEN = 1024, PROBES = 512, NEED = PROBES / 4 };

typedef struct { uint64_t key; Bytes t; int64_t n, weight; } Seen;

typedef struct {
    Profile profile;
    Sketch sketch;
} Gathered;

typedef struct {
    int columns;
    Gathered *column;
    Scan scan;
    Seen seen[SEEN]; /* of the column in hand */
    int64_t *weights, weights_room; /* of a dictionary in hand */
} Gathering;

static Gathering *gathering_open(int columns) {
    Gathering *g = calloc(1, sizeof *g);
    if (!g || !(g->column = calloc((size_t)(columns ? columns : 1), sizeof(Gathered)))) { free(g); return NULL; }
    g->columns = columns;
    for (int i = 0; i < columns; i++) {
        sketch_open(&g->column[i].sketch);
        g->column[i].profile.shape.shortest = INT64_MAX;
    }
    return g;
}

static void profile_close(Profile *p) {
    for (int64_t i = 0; i < p->deferred_count; i++) free(p->deferred[i].text);
    free(p->deferred);
}

static void gathering_close(Gathering *g) {
    for (int i = 0; i < g->columns; i++) {
        sketch_close(&g->column[i].sketch);
        profile_close(&g->column[i].profile);
    }
    release(&g->scan);
    free(g->weights);
    free(g->column);
    free(g);
}

/* Count a value whose last bytes may be the last of the memory: count_value reads 32 from where it begins. */
static int count_copy(Scan *s, Profile *p, int64_t weight, Bytes t, int64_t n) {
    uint8_t copy[QUICK];
    if (n >= QUICK) return count_value(s, p, weight, t, n);
    memset(copy, 0, sizeof copy);
    memcpy(copy, t, (size_t)n);
    return count_value(s, p, weight, copy, n);
}

typedef struct { Scan *scan; Profile *profile; } Counting;

static int count_entry(void *context, const Entry *e) {
    Counting *c = context;
    return e->weight == e->counted || count_value(c->scan, c->profile, e->weight - e->counted, text_of(e), e->n);
}

static int count_seen(Gathering *g, Profile *p, Seen *e) {
    int64_t weight = e->weight;
    e->weight = 0;
    return !weight || count_copy(&g->scan, p, weight, e->t, e->n);
}

static inline uint64_t load(Bytes t) {
    uint64_t word;
    memcpy(&word, t, 8);
    return word;
}

static int big_endian(void) {
    const uint16_t one = 1;
    return *(const uint8_t *)&one == 0;
}

/* key_of where 8 bytes can be read from t. */
static inline uint64_t quick_key(Bytes t, int64_t n) {
    uint64_t first = n < 8 ? load(t) & ~(UINT64_MAX << 8 * n) : load(t);
    return mix_key(first, n <= 8 ? first : load(t + n - 8), n);
}

/* Add the values of one string column, each as often as its weight says, once each without weights. 0 when memory ran out. */
static int gather_values(Gathering *g, Gathered *into, const Column *given, const int64_t *weights) {
    const Column column = *given, *c = &column; /* a copy that nothing else points to stays in registers */
    Profile *p = &into->profile;
    Sketch *k = &into->sketch;
    Counting counting = {&g->scan, p};
    int64_t length = c->length, limit, probes = 0, hits = 0, n, weight = 1;
    int caching = 1, fine = 1, slow = big_endian();
    if (!length) return 1;
    Bytes end = value_at(c, length - 1, &limit) + limit;
    for (int64_t row = 0; fine && row < length; row++) {
        if (weights && !(weight = weights[row])) continue;
        if (!is_valid(c, row)) { p->nulls += weight; continue; }
        Bytes t = value_at(c, row, &n);
        int inside = end - t >= QUICK;
        uint64_t key = inside && !slow ? quick_key(t, n) : key_of(t, n);
        if (key <= k->bar) {
            Entry *e = sketch_find(k, key, t, n);
            if (e) { e->weight += weight; continue; }
            if ((fine = sketch_insert(k, key, t, n, weight, count_entry, &counting)) != 2) continue;
        }
        if (caching) {
            Seen *e = &g->seen[key % SEEN];
            if (e->weight && e->key == key && e->n == n && memcmp(e->t, t, (size_t)n) == 0) { e->weight += weight; hits++; continue; }
            fine = count_seen(g, p, e);
            *e = (Seen){key, t, n, weight};
            if (++probes == PROBES && hits < NEED) caching = 0;
            continue;
        }
        fine = inside ? count_value(&g->scan, p, weight, t, n) : count_copy(&g->scan, p, weight, t, n);
    }
    for (int i = 0; i < SEEN; i++) if (g->seen[i].weight) fine = count_seen(g, p, &g->seen[i]) && fine;
    return fine;
}

/* Count what the sketches still hold; their weights are kept apart for the sample. */
static int gathering_flush(Gathering *g, int column) {
    Gathered *one = &g->column[column];
    Counting counting = {&g->scan, &one->profile};
    int fine = 1;
    if (one->sketch.bar != UINT64_MAX || one->sketch.count > KEPT) fine = sketch_prune(&one->sketch, count_entry, &counting);
    for (int i = 0; fine && i < one->sketch.count; i++) {
        fine = count_entry(&counting, &one->sketch.entries[i]);
        one->sketch.entries[i].counted = one->sketch.entries[i].weight;
    }
    return fine;
}

static void add_profile(Profile *into, Profile *from) {
    int64_t *sums[] = {into->whole, into->within, into->masked, into->shape.traits, into->shape.lengths};
    int64_t *more[] = {from->whole, from->within, from->masked, from->shape.traits, from->shape.lengths};
    static const int sizes[] = {TYPE_COUNT, TYPE_COUNT, MASKED_COUNT, TRAITS, LENGTH_BUCKETS};
    into->nulls += from->nulls;
    into->blank += from->blank;
    for (int a = 0; a < 5; a++) for (int i = 0; i < sizes[a]; i++) sums[a][i] += more[a][i];
    into->shape.han_share += from->shape.han_share;
    if (from->shape.shortest < into->shape.shortest) into->shape.shortest = from->shape.shortest;
    if (from->shape.longest > into->shape.longest) into->shape.longest = from->shape.longest;
}

/* Add what another gathering of the same columns holds, not flushed yet, and leave it useless. 0 when memory ran out. */
static int gathering_merge(Gathering *g, Gathering *other) {
    int fine = 1;
    for (int i = 0; i < g->columns; i++) {
        Gathered *into = &g->column[i], *from = &other->column[i];
        Sketch *k = &into->sketch, *l = &from->sketch;
        Counting counting = {&g->scan, &into->profile};
        add_profile(&into->profile, &from->profile);
        if (l->bar < k->bar) k->bar = l->bar;
        if (l->fine_bar < k->fine_bar) k->fine_bar = l->fine_bar;
        int keep = 0;
        for (int e = 0; e < k->count; e++) {
            Entry one = k->entries[e];
            if (one.key > k->bar || (k->fine_bar != UINT64_MAX && fine_of(text_of(&one), one.n) > k->fine_bar)) continue;
            k->entries[e] = k->entries[keep];
            k->entries[keep++] = one;
        }
        fine = sketch_cut(k, keep, count_entry, &counting) && fine;
        for (int e = 0; fine && e < l->count; e++) {
            const Entry *one = &l->entries[e];
            Entry *known = one->key <= k->bar ? sketch_find(k, one->key, text_of(one), one->n) : NULL;
            if (known) { known->weight += one->weight; continue; }
            int added = one->key <= k->bar ? sketch_insert(k, one->key, text_of(one), one->n, one->weight, count_entry, &counting) : 2;
            fine = added == 2 ? count_entry(&counting, one) : added;
        }
        sketch_close(l);
    }
    return fine;
}
#endif
