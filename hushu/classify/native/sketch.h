/* The distinct values of a column with the smallest keys, with exact counts; the counterpart of sketch.py. */
#ifndef HUSHU_SKETCH_H
#define HUSHU_SKETCH_H

#include "column.h"

enum { KEPT = 1000, MOST = 2 * KEPT, FIRST_SLOTS = 64, NEAR = 32 };

typedef struct {
    uint64_t key;
    int64_t n, weight, counted; /* counted: how much of the weight is in the profile already */
    uint8_t near[NEAR], *far; /* the bytes: of a longer value, far */
} Entry;

typedef struct {
    Entry *entries; /* room for half as many as there are slots */
    int16_t *slots; /* open addressing by key: number of an entry, from 1 */
    int count, slot_count; /* slots: a power of two, none at first */
    uint64_t bar, fine_bar;
} Sketch;

/* What is done with a value that the sketch lets go: its weight has still to be counted. 0 when memory ran out. */
typedef int (*Farewell)(void *context, const Entry *gone);

static inline Bytes text_of(const Entry *e) { return e->n <= NEAR ? e->near : e->far; }

static void sketch_open(Sketch *k) {
    memset(k, 0, sizeof *k);
    k->bar = k->fine_bar = UINT64_MAX;
}

static void sketch_close(Sketch *k) {
    for (int i = 0; i < k->count; i++) free(k->entries[i].far);
    free(k->entries);
    free(k->slots);
    memset(k, 0, sizeof *k);
}

/* Enter every entry into the slots anew. */
static void sketch_enter(Sketch *k) {
    memset(k->slots, 0, (size_t)k->slot_count * sizeof *k->slots);
    for (int i = 0; i < k->count; i++) {
        unsigned slot = (unsigned)k->entries[i].key & (unsigned)(k->slot_count - 1);
        while (k->slots[slot]) slot = (slot + 1) & (unsigned)(k->slot_count - 1);
        k->slots[slot] = (int16_t)(i + 1);
    }
}

static int sketch_grow(Sketch *k) {
    int count = k->slot_count ? 2 * k->slot_count : FIRST_SLOTS;
    Entry *entries = realloc(k->entries, (size_t)(count / 2) * sizeof *entries);
    if (entries) k->entries = entries;
    int16_t *slots = entries ? realloc(k->slots, (size_t)count * sizeof *slots) : NULL;
    if (!slots) return 0;
    k->slots = slots;
    k->slot_count = count;
    sketch_enter(k);
    return 1;
}

/* A hash of every byte, for values of one key; fine_hash in keys.py. */
static uint64_t fine_of(Bytes t, int64_t n) {
    uint64_t mixed = (uint64_t)n * 0x165667B19E3779F9u;
    for (int64_t i = 0; i < n; i += 8) {
        mixed = (mixed ^ little_endian(t + i, n - i < 8 ? n - i : 8)) * 0x9E3779B97F4A7C15u;
        mixed ^= mixed >> 32;
    }
    mixed *= 0xC2B2AE3D27D4EB4Fu;
    return mixed ^ mixed >> 29;
}

/* The entry of a value, or NULL. */
static inline Entry *sketch_find(const Sketch *k, uint64_t key, Bytes t, int64_t n) {
    if (!k->slot_count) return NULL;
    unsigned last = (unsigned)(k->slot_count - 1);
    for (unsigned i = (unsigned)key & last; k->slots[i]; i = (i + 1) & last) {
        Entry *e = &k->entries[k->slots[i] - 1];
        if (e->key == key && e->n == n && memcmp(text_of(e), t, (size_t)n) == 0) return e;
    }
    return NULL;
}

static int by_key(const void *left, const void *right) {
    const Entry *a = left, *b = right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    int64_t shorter = a->n < b->n ? a->n : b->n;
    int order = memcmp(text_of(a), text_of(b), (size_t)shorter);
    return order ? order : a->n < b->n ? -1 : a->n > b->n;
}

typedef struct { uint64_t hash; Entry entry; } Fine;

static int by_fine(const void *left, const void *right) {
    const Fine *a = left, *b = right;
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

/* Keep so many from the first, and say farewell to the others. 0 when memory ran out. */
static int sketch_cut(Sketch *k, int keep, Farewell farewell, void *context) {
    int fine = 1;
    for (int i = keep; i < k->count; i++) {
        fine = fine && farewell(context, &k->entries[i]);
        free(k->entries[i].far);
    }
    k->count = keep;
    if (k->slot_count) sketch_enter(k);
    return fine;
}

/* The key with so many before it in order; the order of the keys given is lost. */
static uint64_t key_of_rank(uint64_t *keys, int count, int rank) {
    int from = 0, to = count - 1;
    while (from < to) {
        uint64_t pivot = keys[from + (to - from) / 2];
        int i = from, j = to;
        while (i <= j) {
            while (keys[i] < pivot) i++;
            while (keys[j] > pivot) j--;
            if (i <= j) {
                uint64_t other = keys[i];
                keys[i++] = keys[j];
                keys[j--] = other;
            }
        }
        if (rank <= j) to = j;
        else if (rank >= i) from = i;
        else break;
    }
    return keys[rank];
}

/* Lower the bars until few enough stay: by key, and where too many share one key by the finer hash. */
static int sketch_prune(Sketch *k, Farewell farewell, void *context) {
    uint64_t keys[MOST + 2];
    int keep = 0, done;
    for (int i = 0; i < k->count; i++) keys[i] = k->entries[i].key;
    if (k->count > KEPT) {
        uint64_t last = key_of_rank(keys, k->count, KEPT);
        if (last < k->bar) k->bar = last;
    }
    for (int i = 0; i < k->count; i++) {
        Entry one = k->entries[i];
        if (one.key > k->bar) continue;
        k->entries[i] = k->entries[keep];
        k->entries[keep++] = one;
    }
    done = sketch_cut(k, keep, farewell, context);
    if (!done || k->count <= (k->fine_bar == UINT64_MAX ? MOST : KEPT + 1)) return done;
    Fine *all = malloc((size_t)k->count * sizeof(Fine));
    if (!all) return 0;
    for (int i = 0; i < k->count; i++) all[i] = (Fine){fine_of(text_of(&k->entries[i]), k->entries[i].n), k->entries[i]};
    qsort(all, (size_t)k->count, sizeof(Fine), by_fine);
    for (int i = 0; i < k->count; i++) k->entries[i] = all[i].entry;
    if (all[KEPT].hash < k->fine_bar) k->fine_bar = all[KEPT].hash;
    free(all);
    return sketch_cut(k, KEPT + 1, farewell, context);
}

/* Add a value that is not kept yet and whose key does not exceed the bar. 0 when memory ran out, 2 when the finer bar
   keeps it out. */
static int sketch_insert(Sketch *k, uint64_t key, Bytes t, int64_t n, int64_t weight, Farewell farewell, void *context) {
    if (k->fine_bar != UINT64_MAX && fine_of(t, n) > k->fine_bar) return 2;
    if (2 * (k->count + 1) > k->slot_count && !sketch_grow(k)) return 0;
    Entry *e = &k->entries[k->count];
    e->far = n > NEAR ? malloc((size_t)n) : NULL;
    if (n > NEAR && !e->far) return 0;
    memcpy(n > NEAR ? e->far : e->near, t, (size_t)n);
    e->key = key;
    e->n = n;
    e->weight = weight;
    e->counted = 0;
    unsigned last = (unsigned)(k->slot_count - 1), slot = (unsigned)key & last;
    while (k->slots[slot]) slot = (slot + 1) & last;
    k->slots[slot] = (int16_t)++k->count;
    return k->count <= MOST || sketch_prune(k, farewell, context);
}
#endif
