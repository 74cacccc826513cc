/* What a folded, trimmed value looks like; the counterpart of ShapeCounter in reference.py. */
#ifndef HUSHU_SHAPE_H
#define HUSHU_SHAPE_H

#include "text.h"

enum Trait {
    S_VALUES, S_TOTAL, S_DIGITS, S_DECIMAL, S_SCIENTIFIC, S_LETTERS, S_ALNUM, S_HAN, S_MOSTLY, S_DATE, S_SEPARATED, S_LONG,
    S_MOBILE, S_JSON, TRAITS, LENGTH_EXACT = 64, LENGTH_BUCKETS = 128
};

#define HAN_ONE (1ull << 32)

typedef struct {
    int64_t traits[TRAITS], lengths[LENGTH_BUCKETS], shortest, longest;
    uint64_t han_share; /* in parts of HAN_ONE, so that the order of the values changes nothing */
} ShapeCounts;

/* Counts of bytes by kind. */
/* In the order of the lanes of KIND. */
typedef struct { int64_t digits, letters, han, continuation, at_signs, joints, stars, foldable; } Kinds;

enum { K_DIGIT, K_LETTER, K_HAN, K_CONT, K_AT, K_JOINT, K_STAR, K_FOLD };

static void init_kinds(void) {
    for (int c = 0; c < 256; c++) {
        uint64_t k = 0;
        if (is_digit(c)) k |= 1ull << 8 * K_DIGIT;
        if (CLASS[c] & LETTER) k |= 1ull << 8 * K_LETTER;
        if (c >= 0xE4 && c <= 0xE9) k |= 1ull << 8 * K_HAN;
        if ((c & 0xC0) == 0x80) k |= 1ull << 8 * K_CONT;
        if (c == '@') k |= 1ull << 8 * K_AT;
        JOINT[c] = c == '@' || c == '*' || c == ':' || c == '-' || c == '.' || c == '=' || c == '$';
        if (JOINT[c] && c != '@' && c != '*') k |= 1ull << 8 * K_JOINT;
        if (c == '*') k |= 1ull << 8 * K_STAR;
        if (FOLD_LEAD[c]) k |= 1ull << 8 * K_FOLD;
        KIND[c] = k;
    }
}

static ALWAYS_INLINE Kinds kinds_of(Bytes t, int64_t n) {
    Kinds k = {0};
    for (int64_t i = 0; i < n;) {
        uint64_t even = 0, odd = 0;
        int64_t stop = i + 254 < n ? i + 254 : n;
        for (; i + 4 <= stop; i += 4) {
            even += KIND[t[i]] + KIND[t[i + 1]];
            odd += KIND[t[i + 2]] + KIND[t[i + 3]];
        }
        for (; i < stop; i++) even += KIND[t[i]];
        even += odd;
        k.digits += even & 255; k.letters += even >> 8 & 255; k.han += even >> 16 & 255; k.continuation += even >> 24 & 255;
        k.at_signs += even >> 32 & 255; k.joints += even >> 40 & 255; k.stars += even >> 48 & 255; k.foldable += even >> 56;
    }
    return k;
}

/* The kinds of a value just folded, from those of the raw bytes and of what changed. */
static void recount(Kinds *k, const Scan *s) {
    if (s->changes > 250) { *k = kinds_of(s->t, s->n); return; }
    int64_t *lane = (int64_t *)k;
    for (int c = 0; c < 8; c++) lane[c] += (int64_t)(s->came >> 8 * c & 255) - (int64_t)(s->went >> 8 * c & 255);
}

static int number_shape(Bytes t, int64_t n) {
    int64_t i = 0, start, digits = 0, since = 0, commas = 0;
    if (n && (t[0] == '+' || t[0] == '-')) i = 1;
    for (start = i; i < n && (is_digit(t[i]) || t[i] == ','); i++) {
        if (t[i] == ',') {
            if (commas ? since != 3 : (i - start < 1 || i - start > 3)) return 0;
            commas++;
            since = 0;
        } else { digits++; since++; }
    }
    if (!digits || (commas && since != 3)) return 0;
    if (i == n) return 1;
    if (t[i++] != '.' || i == n) return 0;
    while (i < n && is_digit(t[i])) i++;
    return i == n;
}

static int scientific_shape(Bytes t, int64_t n) {
    int64_t i = 0, run;
    if (i < n && (t[i] == '+' || t[i] == '-')) i++;
    if (i >= n || !is_digit(t[i])) return 0;
    i++;
    if (i < n && t[i] == '.') {
        for (run = 0, i++; i < n && is_digit(t[i]); i++) run++;
        if (!run) return 0;
    }
    if (i >= n || lower(t[i]) != 'e') return 0;
    i++;
    if (i < n && (t[i] == '+' || t[i] == '-')) i++;
    for (run = 0; i < n && is_digit(t[i]); i++) run++;
    return i == n && run >= 1 && run <= 3;
}

static int64_t small_number(Bytes t, int64_t n, int64_t i, int low, int high) {
    int64_t run = 0;
    int value = 0;
    while (i + run < n && run < 3 && is_digit(t[i + run])) { value = value * 10 + t[i + run] - '0'; run++; }
    return run >= 1 && run <= 2 && value >= low && value <= high ? i + run : 0;
}

static int time_shape(Bytes t, int64_t n, int64_t i) {
    int64_t run;
    if (i == n) return 1;
    if (t[i] != ' ' && t[i] != 'T') return 0;
    i++;
    for (run = 0; i < n && is_digit(t[i]) && run < 3; i++) run++;
    if (run < 1 || run > 2) return 0;
    for (int part = 0; part < 2; part++) {
        if (i >= n || t[i] != ':') { if (part) break; return 0; }
        if (i + 2 >= n || !is_digit(t[i + 1]) || !is_digit(t[i + 2])) return 0;
        i += 3;
        if (part && i < n && t[i] == '.') {
            for (run = 0, i++; i < n && is_digit(t[i]); i++) run++;
            if (!run) return 0;
        }
    }
    if (i < n && t[i] == 'Z') i++;
    return i == n;
}

static int date_shape(Bytes t, int64_t n) {
    if (n < 8) return 0;
    for (int k = 0; k < 4; k++) if (!is_digit(t[k])) return 0;
    int century = (t[0] - '0') * 10 + t[1] - '0';
    if (century != 18 && century != 19 && century != 20 && century != 99) return 0;
    int64_t i;
    if (t[4] == '-' || t[4] == '/' || t[4] == '.') {
        if (!(i = small_number(t, n, 5, 1, 12)) || i >= n || t[i] != t[4] || !(i = small_number(t, n, i + 1, 1, 31))) return 0;
        return time_shape(t, n, i);
    }
    if (memcmp(t + 4, "年", 3) == 0) {
        if (!(i = small_number(t, n, 7, 1, 12)) || i + 3 > n || memcmp(t + i, "月", 3) != 0 || !(i = small_number(t, n, i + 3, 1, 31))) return 0;
        if (i + 3 <= n && memcmp(t + i, "日", 3) == 0) i += 3;
        return time_shape(t, n, i);
    }
    for (int k = 4; k < 8; k++) if (!is_digit(t[k])) return 0;
    int month = (t[4] - '0') * 10 + t[5] - '0', day = (t[6] - '0') * 10 + t[7] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && time_shape(t, n, 8);
}

/* Whether a number with a sign, a point or commas is too short, or too rounded, to be anything but an amount. */
static int plain_amount(Bytes t, int64_t n) {
    Bytes point = memchr(t, '.', (size_t)n);
    if (memchr(t, ',', (size_t)n)) return 1;
    if (!point) return n < 8;
    int64_t decimals = t + n - point - 1;
    return decimals == 2 || decimals == 3 || (decimals == 1 && point[1] != '0');
}

static int bucket(int64_t chars) {
    if (chars < LENGTH_EXACT) return (int)chars;
    int bits = 0;
    while (chars >> bits > 1) bits++;
    return LENGTH_EXACT + bits - 6;
}

/* Count the shape of one value; the result tells numbers and dates, which need no closer look, from the rest. */
static int count_shape(ShapeCounts *c, Bytes t, int64_t n, const Kinds *k, int64_t weight) {
    int64_t chars = n - k->continuation, han = k->han, dots = 0;
    int ascii = !k->continuation && chars == n;
    if (han) for (Bytes p = t; (p = memchr(p, 0xE4, (size_t)(t + n - p))) != NULL; p++) if (t + n - p > 1 && p[1] < 0xB8) han--;
    /* Nothing but Han characters and two-byte middle dots. */
    if (han && han < chars && n == 2 * chars + han) for (int64_t i = 0; i + 1 < n; i++) dots += t[i] == 0xC2 && t[i + 1] == 0xB7;
    c->traits[S_VALUES] += weight;
    c->traits[S_TOTAL] += chars * weight;
    c->lengths[bucket(chars)] += weight;
    if (chars < c->shortest) c->shortest = chars;
    if (chars > c->longest) c->longest = chars;
    if (han) c->han_share += (((uint64_t)han * HAN_ONE + (uint64_t)chars / 2) / (uint64_t)chars) * (uint64_t)weight;
    int digits = k->digits == n, letters = k->letters == n;
    if (digits) c->traits[S_DIGITS] += weight;
    if (letters) c->traits[S_LETTERS] += weight;
    if (ascii && !digits && !letters && k->digits + k->letters == n) c->traits[S_ALNUM] += weight;
    int decimal = k->digits && !digits && !k->letters && ascii && number_shape(t, n);
    if (decimal) c->traits[S_DECIMAL] += weight;
    if (k->digits > 1 && k->letters == 1 && ascii && scientific_shape(t, n)) c->traits[S_SCIENTIFIC] += weight;
    if (han && han + dots == chars) c->traits[S_HAN] += weight;
    if (han * 2 >= chars) c->traits[S_MOSTLY] += weight;
    int date = k->digits >= 6 && date_shape(t, n);
    if (date) c->traits[S_DATE] += weight;
    if (chars >= 20) c->traits[S_LONG] += weight;
    if (digits && n == 11 && t[0] == '1' && t[1] > '2') c->traits[S_MOBILE] += weight;
    if ((t[0] == '{' && t[n - 1] == '}') || (t[0] == '[' && t[n - 1] == ']')) c->traits[S_JSON] += weight;
    if (digits || letters) return date;
    int64_t last = n - 1;
    while (last > 0 && (t[last] & 0xC0) == 0x80) last--;
    for (int64_t i = t[0] < 0x80 ? 1 : 2; i < last; i++) {
        if (CLASS[t[i]] & PARTS) {
            c->traits[S_SEPARATED] += weight;
            break;
        }
    }
    return date || (decimal && plain_amount(t, n));
}
#endif
