/* Characters, the folding table, and the growing arrays of one scan. All offsets are bytes of UTF-8. */
#ifndef HUSHU_TEXT_H
#define HUSHU_TEXT_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(_MSC_VER)
#define ALWAYS_INLINE __forceinline
#else
#define ALWAYS_INLINE inline __attribute__((always_inline))
#endif

typedef const uint8_t *Bytes;

enum { DIGIT = 1, UPPER = 2, LOWER = 4, LETTER = 6, ALNUM = 7, HEXA = 8, PARTS = 16, MAIL = 32 };
enum { NAMED = 0, WEAK = 1, PLAUSIBLE = 2, PROVEN = 3 };
enum { FOLD_KEEP = 0, FOLD_DOT = 0x80, FOLD_DROP = 0xFF };
enum { FOLD_POINTS = 0x20000, MAX_TOKEN = 32 };

typedef struct {
    int64_t start, end;
    uint8_t numeric, digits, size; /* digits and size saturate at 255 */
} Token;

typedef struct {
    int64_t start, end, chars;
    uint8_t type, strength;
} Candidate;

typedef struct {
    uint8_t *text; /* folded bytes */
    int64_t *origin; /* for spans: per folded byte, first and past-last character of the original; else NULL */
    int64_t text_room, origin_room;
    Bytes t;
    int64_t n;
    Token *tokens;
    int64_t token_count, token_room;
    Candidate *found;
    int64_t found_count, found_room;
    int64_t label_at; /* cache of the last word looked up */
    int label;
    uint64_t went, came; /* kinds of the bytes that the last folding took away and put in their place */
    int64_t changes;
    int out_of_memory;
} Scan;

static uint8_t CLASS[256];
static uint8_t FOLD[FOLD_POINTS];
static uint8_t JOINT[256]; /* bytes without which no identifier but a number can be */
static uint8_t STEP[256]; /* 3 for the lead byte of a Han character, else 1 */
static uint64_t KIND[256]; /* eight counters of a byte each, see shape.h */
static uint8_t FOLD_LEAD[256]; /* the backslash, and lead bytes of the UTF-8 of any foldable character */

static inline int is_digit(int c) { return c >= '0' && c <= '9'; }
static inline int is_alnum(int c) { return CLASS[(uint8_t)c] & ALNUM; }
static inline int at(const Scan *s, int64_t i) { return i >= 0 && i < s->n ? s->t[i] : -1; }
static inline int is_alnum_at(const Scan *s, int64_t i) { return i >= 0 && i < s->n && (CLASS[s->t[i]] & ALNUM); }
static inline int is_digit_at(const Scan *s, int64_t i) { return i >= 0 && i < s->n && is_digit(s->t[i]); }
static inline int upper(int c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }
static inline int lower(int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

static void init_classes(void) {
    for (int c = '0'; c <= '9'; c++) CLASS[c] = DIGIT | HEXA;
    for (int c = 'A'; c <= 'Z'; c++) CLASS[c] = UPPER | (c <= 'F' ? HEXA : 0);
    for (int c = 'a'; c <= 'z'; c++) CLASS[c] = LOWER | (c <= 'f' ? HEXA : 0);
    for (int c = 0; c < 256; c++) STEP[c] = c >= 0xE4 && c <= 0xE9 ? 3 : 1;
    for (const char *c = " -_./,:;|"; *c; c++) CLASS[(int)*c] = PARTS;
    for (const char *c = "._%+-"; *c; c++) CLASS[(int)*c] |= MAIL;
}

/* Length in bytes of the character at i; a broken sequence counts as one byte. */
static inline int width(Bytes t, int64_t n, int64_t i) {
    int c = t[i], w = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    return i + w <= n ? w : 1;
}

static inline uint32_t point(Bytes t, int w) {
    switch (w) {
    case 1: return t[0];
    case 2: return (uint32_t)(t[0] & 31) << 6 | (t[1] & 63);
    case 3: return (uint32_t)(t[0] & 15) << 12 | (uint32_t)(t[1] & 63) << 6 | (t[2] & 63);
    default: return (uint32_t)(t[0] & 7) << 18 | (uint32_t)(t[1] & 63) << 12 | (uint32_t)(t[2] & 63) << 6 | (t[3] & 63);
    }
}

/* Whether the three bytes at i are a Han character, U+4E00 to U+9FA5. */
static inline int is_han(const Scan *s, int64_t i) {
    if (i < 0 || i + 3 > s->n) return 0;
    int a = s->t[i], b = s->t[i + 1], c = s->t[i + 2];
    if (a < 0xE4 || a > 0xE9) return 0;
    if (a == 0xE4) return b >= 0xB8;
    if (a == 0xE9) return b < 0xBE || (b == 0xBE && c <= 0xA5);
    return 1;
}

static inline int starts(const Scan *s, int64_t i, const char *word) {
    int64_t size = (int64_t)strlen(word);
    return i >= 0 && i + size <= s->n && memcmp(s->t + i, word, (size_t)size) == 0;
}

static inline int ends(const Scan *s, int64_t end, const char *word) {
    return starts(s, end - (int64_t)strlen(word), word);
}

static int64_t characters(const Scan *s, int64_t start, int64_t end) {
    int64_t count = 0;
    for (int64_t i = start; i < end; i++) count += (s->t[i] & 0xC0) != 0x80;
    return count;
}

static int grow(void **array, int64_t *room, int64_t need, size_t size) {
    if (need <= *room) return 1;
    int64_t next = *room ? *room * 2 : 64;
    while (next < need) next *= 2;
    void *bigger = realloc(*array, (size_t)next * size);
    if (!bigger) return 0;
    *array = bigger;
    *room = next;
    return 1;
}

static void claim(Scan *s, int64_t start, int64_t end, int type, int strength) {
    if (!grow((void **)&s->found, &s->found_room, s->found_count + 1, sizeof(Candidate))) {
        s->out_of_memory = 1;
        return;
    }
    Candidate *c = &s->found[s->found_count++];
    c->start = start;
    c->end = end;
    c->type = (uint8_t)type;
    c->strength = (uint8_t)strength;
    c->chars = -1;
}

static int hex4(Bytes t) {
    int value = 0;
    for (int k = 0; k < 4; k++) {
        if (!(CLASS[t[k]] & HEXA)) return -1;
        value = value * 16 + (is_digit(t[k]) ? t[k] - '0' : upper(t[k]) - 'A' + 10);
    }
    return value;
}

/* Whether any character or JSON escape of the raw bytes has to be folded. */
static int needs_folding(Bytes t, int64_t n, int backslash) {
    if (backslash) return 1;
    for (int64_t i = 0; i < n;) {
        if (!FOLD_LEAD[t[i]] || t[i] < 0x80) {
            i += STEP[t[i]];
            continue;
        }
        int w = width(t, n, i);
        uint32_t p = point(t + i, w);
        if (p < FOLD_POINTS && FOLD[p]) return 1;
        i += w;
    }
    return 0;
}

static int encode(uint32_t p, uint8_t *out) {
    if (p < 0x80) { out[0] = (uint8_t)p; return 1; }
    if (p < 0x800) { out[0] = (uint8_t)(0xC0 | p >> 6); out[1] = (uint8_t)(0x80 | (p & 63)); return 2; }
    out[0] = (uint8_t)(0xE0 | p >> 12); out[1] = (uint8_t)(0x80 | (p >> 6 & 63)); out[2] = (uint8_t)(0x80 | (p & 63));
    return 3;
}

/* The character that the JSON escape at i stands for, its length in *size; -1 when there is none. */
static int unescape(Bytes t, int64_t n, int64_t i, int *size) {
    int e = i + 1 < n ? t[i + 1] : 0;
    *size = 2;
    switch (e) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"': case '/': return e;
    case 'u': *size = 6; return i + 6 <= n ? hex4(t + i + 2) : -1;
    default: return -1;
    }
}

/* Fold raw bytes into s->text; with track, remember which characters of the original each byte came from. */
static int fold_into(Scan *s, Bytes t, int64_t n, int track) {
    int64_t used = 0, chars = 0;
    s->went = s->came = 0;
    s->changes = 0;
    /* A folded character is never longer than what it came from. */
    if (!grow((void **)&s->text, &s->text_room, n + 8, 1)) return 0;
    if (track && !grow((void **)&s->origin, &s->origin_room, 2 * (n + 8), sizeof(int64_t))) return 0;
    for (int64_t i = 0; i < n;) {
        if (!track) {
            int64_t run = i;
            while (run < n && !FOLD_LEAD[t[run]]) run += STEP[t[run]];
            if (run > n) run = n;
            memcpy(s->text + used, t + i, (size_t)(run - i));
            used += run - i;
            if ((i = run) == n) break;
        }
        int w = width(t, n, i), taken = 1, out = w, size;
        const uint8_t *from = t + i;
        uint8_t changed[4];
        int64_t next = i + w;
        if (FOLD_LEAD[t[i]]) {
            uint32_t p = point(t + i, w);
            int escaped = p == '\\' ? unescape(t, n, i, &size) : -1;
            if (escaped >= 0) { p = (uint32_t)escaped; next = i + size; taken = size; }
            int to = p < FOLD_POINTS ? FOLD[p] : FOLD_KEEP;
            if (to || escaped >= 0) {
                s->changes += next - i;
                for (int64_t gone = i; gone < next; gone++) s->went += KIND[t[gone]];
            }
            if (to == FOLD_DROP) { chars += taken; i = next; continue; }
            if (to || escaped >= 0) {
                out = encode(to == FOLD_DOT ? 0xB7 : to ? (uint32_t)to : p, changed);
                from = changed;
                for (int k = 0; k < out; k++) s->came += KIND[changed[k]];
            }
        }
        for (int k = 0; k < out; k++) {
            s->text[used + k] = from[k];
            if (track) { s->origin[2 * (used + k)] = chars; s->origin[2 * (used + k) + 1] = chars + taken; }
        }
        used += out;
        chars += taken;
        i = next;
    }
    s->t = s->text;
    s->n = used;
    return 1;
}
#endif
