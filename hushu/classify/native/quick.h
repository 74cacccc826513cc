/* The commonest short values, decided without folding or tokens: digits, letters and digits, Han characters,
   dates, amounts, addresses, plates. Each answer is the one that count.h would give. */
#ifndef HUSHU_QUICK_H
#define HUSHU_QUICK_H

#include "masked.h"
#include "nulls.h"
#include "scan.h"
#include "shape.h"
enum { QUICK = 32 };

typedef struct { uint8_t *text; int64_t n, weight; } Deferred;

typedef struct {
    int64_t nulls, blank, whole[TYPE_COUNT], within[TYPE_COUNT], masked[MASKED_COUNT];
    ShapeCounts shape;
    Deferred *deferred; /* for the reference to judge */
    int64_t deferred_count, deferred_room;
} Profile;

/* A bit for each of up to 32 bytes. */
typedef struct { uint32_t all, digits, letters, high; } Masks;

#ifdef HUSHU_SSE2
static inline void masks_of_16(Bytes t, uint32_t *digits, uint32_t *letters, uint32_t *high) {
    __m128i x = _mm_loadu_si128((const __m128i *)t);
    __m128i d = _mm_sub_epi8(x, _mm_set1_epi8('0'));
    __m128i l = _mm_sub_epi8(_mm_or_si128(x, _mm_set1_epi8(32)), _mm_set1_epi8('a'));
    *digits = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(d, _mm_set1_epi8(9)), d));
    *letters = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(l, _mm_set1_epi8(25)), l));
    *high = (uint32_t)_mm_movemask_epi8(x);
}

/* The 32 bytes from t can be read. */
static inline Masks masks_of(Bytes t, int n) {
    Masks m;
    m.all = n == 32 ? UINT32_MAX : (1u << n) - 1;
    masks_of_16(t, &m.digits, &m.letters, &m.high);
    if (n > 16) {
        uint32_t digits, letters, high;
        masks_of_16(t + 16, &digits, &letters, &high);
        m.digits |= digits << 16;
        m.letters |= letters << 16;
        m.high |= high << 16;
    }
    m.digits &= m.all;
    m.letters &= m.all;
    m.high &= m.all;
    return m;
}
#else
static inline Masks masks_of(Bytes t, int n) {
    Masks m = {n == 32 ? UINT32_MAX : (1u << n) - 1, 0, 0, 0};
    for (int i = 0; i < n; i++) {
        m.digits |= (uint32_t)is_digit(t[i]) << i;
        m.letters |= (uint32_t)((CLASS[t[i]] & LETTER) != 0) << i;
        m.high |= (uint32_t)(t[i] >> 7) << i;
    }
    return m;
}
#endif

static inline int bits_of(uint32_t x) {
    x -= x >> 1 & 0x55555555u;
    x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
    return (int)(((x + (x >> 4)) & 0x0F0F0F0Fu) * 0x01010101u >> 24);
}

static inline int first_bit(uint32_t x) {
#if defined(__GNUC__)
    return __builtin_ctz(x);
#else
    return bits_of((x & (0u - x)) - 1);
#endif
}

static inline void add_types(int64_t *counts, uint32_t types, int64_t weight) {
    for (int type = 0; types; type++, types >>= 1) if (types & 1) counts[type] += weight;
}

/* No verdict names a type twice. */
static inline void add_verdicts(Profile *p, const Verdicts *v, int64_t weight) {
    for (int k = 0; k < v->count; k++) p->whole[v->type[k]] += weight;
}

/* The part of the shape that every value has. */
static inline void count_length(ShapeCounts *c, int chars, int64_t weight) {
    c->traits[S_VALUES] += weight;
    c->traits[S_TOTAL] += chars * weight;
    c->lengths[chars] += weight; /* QUICK is below LENGTH_EXACT */
    if (chars < c->shortest) c->shortest = chars;
    if (chars > c->longest) c->longest = chars;
    if (chars >= 20) c->traits[S_LONG] += weight;
}

static int quick_digits(Profile *p, int64_t weight, Bytes t, int n) {
    ShapeCounts *c = &p->shape;
    if (is_null_word(t, n)) return 0;
    if (n >= 4 && n <= 19 && ((t[0] == '8' && t[1] == '6') || (t[0] == '0' && t[1] == '0'))) return 0; /* a country code */
    count_length(c, n, weight);
    c->traits[S_DIGITS] += weight;
    if (n == 8 && date_shape(t, n)) { c->traits[S_DATE] += weight; return 1; }
    if (n == 11 && t[0] == '1' && t[1] > '2') c->traits[S_MOBILE] += weight;
    if (n < 9 || n > 19) return 1;
    Verdicts v = {0};
    of_digits((const char *)t, n, &v);
    add_verdicts(p, &v, weight);
    return 1;
}

/* Letters and digits: no reader but that of numbers can fire, unless an extension (x12) follows a telephone number. */
static int quick_alnum(Profile *p, int64_t weight, Bytes t, int n, const Masks *m) {
    char d[QUICK];
    int letters = bits_of(m->letters);
    if (letters >= 15 || n > MAX_JOINED) return 0;
    if (letters > 2) for (int i = 0; i + 3 <= n; i++) if (lower(t[i]) == 'x' && lower(t[i + 1]) == 'x' && lower(t[i + 2]) == 'x') return 0;
    if (m->digits & 1) {
        int run = first_bit(m->letters);
        if (run >= 10 && lower(t[run]) == 'x' && run + 1 < n) return 0;
        if (run >= 10 && lower(t[run]) == 'e') return 0;
        if (letters == 1 && scientific_shape(t, n)) return 0;
    } else if (prefix_of(t, n)) return 0;
    count_length(&p->shape, n, weight);
    if (!m->digits) { p->shape.traits[S_LETTERS] += weight; return 1; }
    p->shape.traits[S_ALNUM] += weight;
    if (n < SHORTEST) return 1;
    for (int i = 0; i < n; i++) d[i] = (char)(t[i] & ~(t[i] >> 1 & 32)); /* capitals: only letters have the bit 64 */
    Verdicts v = {0};
    of_mixed(d, n, &v);
    add_verdicts(p, &v, weight);
    return 1;
}

static int quick_han(Profile *p, int64_t weight, Bytes t, int n) {
    for (int i = 0; i < n; i += 3) {
        if (t[i] < 0xE4 || t[i] > 0xE9 || (t[i] == 0xE4 && t[i + 1] < 0xB8)) return 0;
        if ((t[i + 1] & 0xC0) != 0x80 || (t[i + 2] & 0xC0) != 0x80) return 0;
        if (t[i] == 0xE6 && t[i + 1] == 0x9F && t[i + 2] == 0x90) return 0; /* 某 may mask a name */
    }
    count_length(&p->shape, n / 3, weight);
    p->shape.traits[S_HAN] += weight;
    p->shape.traits[S_MOSTLY] += weight;
    p->shape.han_share += HAN_ONE * (uint64_t)weight;
    return 1;
}

/* A province, a letter, and five capitals or digits of which two at most are letters. */
static int quick_plate(Profile *p, int64_t weight, const Scan *s) {
    int letters = 0;
    if (!no_io(s->t[3]) || !is_province(s, 0) || prefix_of(s->t + 3, 6)) return 0;
    for (int i = 4; i < 9; i++) {
        if (is_digit(s->t[i])) continue;
        if (!no_io(s->t[i]) || ++letters > 2) return 0;
    }
    count_length(&p->shape, 7, weight);
    p->shape.han_share += (HAN_ONE + 3) / 7 * (uint64_t)weight;
    p->whole[T_PLATE] += weight;
    return 1;
}

/* Digits and points alone, three of these. */
static int quick_ipv4(Profile *p, int64_t weight, Bytes t, int n, const Masks *m) {
    uint32_t points = m->all & ~m->digits;
    int from = 0, wrong = 0;
    for (int k = 0; k < 4; k++, points &= points - 1) {
        int end = points ? first_bit(points) : n, size = end - from;
        if (size < 1 || size > 3) return 0;
        int octet = t[end - 1] - '0';
        octet += size > 1 ? 10 * (t[end - 2] - '0') : 0;
        octet += size > 2 ? 100 * (t[end - 3] - '0') : 0;
        wrong |= octet > 255 || (size > 1 && t[from] == '0');
        from = end + 1;
    }
    if (wrong) return 0;
    count_length(&p->shape, n, weight);
    p->shape.traits[S_SEPARATED] += weight;
    p->whole[T_IP] += weight;
    return 1;
}

/* A code such as A12-345678: one to three letters, not x, one to three digits, a dash, two to six digits. */
static int quick_code(Profile *p, int64_t weight, Bytes t, int n, const Masks *m, int dash) {
    int head = 0, body;
    while (m->letters >> head & 1) { if (lower(t[head]) == 'x') return 0; head++; }
    for (body = head; m->digits >> body & 1; body++) {}
    if (head < 1 || head > 3 || body == head || body > head + 3 || body != dash || n - dash < 3 || n - dash > 7) return 0;
    if (prefix_of(t, dash) || m->letters >> head || (m->digits >> (dash + 1)) != m->all >> (dash + 1)) return 0;
    count_length(&p->shape, n, weight);
    p->shape.traits[S_SEPARATED] += weight;
    return 1;
}

/* An e-mail address, no colon, equals sign or dollar in it. */
static int quick_email(Scan *s, Profile *p, int64_t weight, const Masks *m) {
    int n = (int)s->n;
    uint32_t starts = m->letters & ~((m->letters | m->digits) << 1);
    for (int i; n >= 15 && (starts &= UINT32_MAX >> (46 - n)); starts &= starts - 1) {
        i = first_bit(starts);
        if (SECRET_HINT[s->t[i]] && secret_head(s, i)) return 0;
    }
    s->found_count = 0;
    emails(s);
    if (s->out_of_memory || s->found_count != 1 || s->found[0].start || s->found[0].end != n) return 0;
    count_length(&p->shape, n, weight);
    p->shape.traits[S_SEPARATED] += weight; /* the point before the top-level name */
    p->whole[T_EMAIL] += weight;
    return 1;
}

/* An area code, a dash, a local number. */
static int quick_landline(Profile *p, int64_t weight, Bytes t, int n, int dash) {
    char d[16];
    if (n > 13 || (dash != 3 && dash != 4) || t[0] != '0') return 0;
    memcpy(d, t, (size_t)dash);
    memcpy(d + dash, t + dash + 1, (size_t)(n - dash - 1));
    if ((dash == 3) != (t[1] == '1' || t[1] == '2') || !area_and_number(d, n - 1)) return 0;
    count_length(&p->shape, n, weight);
    p->shape.traits[S_SEPARATED] += weight;
    p->whole[T_PHONE] += weight;
    return 1;
}

/* 2024-01-31, also with a time: the digits stand where they do. */
static int quick_date(Bytes t, int n, uint32_t digits) {
    int century = two((const char *)t), month = two((const char *)t + 5), day = two((const char *)t + 8);
    if (!(n == 10 && digits == 0x36F) && !(n == 19 && digits == 0x6DB6F && (t[10] == ' ' || t[10] == 'T') && t[13] == ':' && t[16] == ':')) return 0;
    if (t[4] != t[7] || (t[4] != '-' && t[4] != '/' && t[4] != '.')) return 0;
    return (century == 18 || century == 19 || century == 20 || century == 99) && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* A point between digits, after a sign or none, with decimals that only an amount has. */
static int quick_amount(Bytes t, int n, int point) {
    int decimals = n - point - 1, sign = t[0] == '-';
    return point > sign && (decimals == 2 || decimals == 3 || (decimals == 1 && t[n - 1] != '0'));
}

static int quick_separated(Scan *s, Profile *p, int64_t weight, const Masks *m) {
    Bytes t = s->t;
    int n = (int)s->n, at = 0, points = 0, dashes = 0, colons = 0, others = 0, signs = 0, lines = 0, dash = -1, date = 0, amount = 0;
    if (!(m->letters & ~(1u << 10)) && n >= 10 && quick_date(t, n, m->digits)) date = 1;
    else for (uint32_t rest = m->all & ~(m->digits | m->letters); rest; rest &= rest - 1) {
        int c = t[at = first_bit(rest)];
        if (c == '.') { points++; amount = at; }
        else if (c == '-') { dashes++; dash = at; }
        else if (c == ':') colons++;
        else if (c == '@') signs++;
        else if (c == '_') lines++;
        else others++;
    }
    if (signs) return signs == 1 && !colons && !others && points && quick_email(s, p, weight, m);
    if (colons + others + lines) return 0;
    if (m->letters && !date) return dashes == 1 && !points && n <= 13 && quick_code(p, weight, t, n, m, dash);
    if (points == 3 && !dashes) return quick_ipv4(p, weight, t, n, m);
    if (dashes == 1 && !points && dash) return quick_landline(p, weight, t, n, dash);
    if (!date && (points != 1 || dashes > 1 || dash > 0 || !quick_amount(t, n, amount))) return 0;
    if (is_null_word(t, n)) return 0;
    count_length(&p->shape, n, weight);
    p->shape.traits[date ? S_DATE : S_DECIMAL] += weight;
    p->shape.traits[S_SEPARATED] += weight;
    return 1;
}

/* Count a value of at most QUICK bytes; 0 when that takes more than this. The 32 bytes from t can be read. */
static inline int quick(Scan *s, Profile *p, int64_t weight, Bytes t, int n) {
    if (!n) return 0;
    Masks m = masks_of(t, n);
    if (m.digits == m.all) return quick_digits(p, weight, t, n);
    if (!m.high) {
        if ((m.digits | m.letters) == m.all) return !is_null_word(t, n) && quick_alnum(p, weight, t, n, &m);
        s->t = t;
        s->n = n;
        return quick_separated(s, p, weight, &m);
    }
    if (m.high == m.all) return n % 3 == 0 && !is_null_word(t, n) && quick_han(p, weight, t, n);
    if (n != 9 || m.high != 7) return 0;
    s->t = t;
    s->n = n;
    return quick_plate(p, weight, s);
}
#endif
