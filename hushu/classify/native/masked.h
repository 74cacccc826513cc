/* Values already masked in part; the counterpart of masked.py. */
#ifndef HUSHU_MASKED_H
#define HUSHU_MASKED_H

#include "anchored.h"

enum { M_RESIDENT, M_PHONE, M_CARD, M_PLATE, M_EMAIL, M_PERSON, MASKED_COUNT, MASKED_LONGEST = 64 };

static int digits_only(Bytes t, int64_t n) {
    for (int64_t k = 0; k < n; k++) if (!is_digit(t[k])) return 0;
    return 1;
}

static int masked_number(Bytes head, int64_t h, int64_t stars, Bytes tail, int64_t n) {
    int64_t length = h + stars + n;
    if (!digits_only(head, h)) return -1;
    int numeric = digits_only(tail, n);
    if (length == 11 && h >= 2 && head[0] == '1' && head[1] > '2' && stars >= 3 && numeric) return M_PHONE;
    if (h >= 3 && head[0] == '0' && h <= 8 && stars >= 2 && stars <= 6 && length >= 10 && length <= 12 && numeric) return M_PHONE;
    int closed = numeric || (n > 1 && tail[n - 1] == 'X' && digits_only(tail, n - 1));
    if (length == 18 && h && head[0] > '0' && stars >= 4 && n <= 6 && closed) return M_RESIDENT;
    if (length == 15 && h >= 3 && stars >= 4 && n <= 4 && numeric) return M_RESIDENT;
    if (length >= 16 && length <= 19 && h >= 4 && stars >= 4 && n <= 4 && numeric) return M_CARD;
    return !h && stars >= 4 && stars <= 15 && n == 4 && numeric ? M_CARD : -1;
}

static int capital(int c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); }

static int64_t masked_run(const Scan *s, int64_t i, int64_t most, int star) {
    int64_t k = 0;
    while (k < most && i + k < s->n && (star ? s->t[i + k] == '*' : capital(s->t[i + k]))) k++;
    return k;
}

static int masked_plate(const Scan *s) {
    int64_t chars = characters(s, 0, s->n);
    int c = at(s, 3);
    if (chars < 7 || chars > 8 || !one_of(s, 0, PROVINCES) || !(c == '*' || (c >= 'A' && c <= 'Z'))) return 0;
    /* After the letter: up to 5 capitals or digits, 1 to 5 stars, up to 4 capitals or digits. */
    for (int64_t head = 0; head <= 5; head++) {
        if (head && !(4 + head - 1 < s->n && capital(s->t[4 + head - 1]))) break;
        int64_t stars = masked_run(s, 4 + head, 5, 1);
        if (stars && 4 + head + stars + masked_run(s, 4 + head + stars, 4, 0) == s->n) return 1;
    }
    return 0;
}

static int masked_email(const Scan *s) {
    Bytes sign = memchr(s->t, '@', (size_t)s->n);
    if (!sign || memchr(sign + 1, '@', (size_t)(s->t + s->n - sign - 1)) || !memchr(s->t, '*', (size_t)(sign - s->t))) return 0;
    int64_t last = -1;
    for (int64_t i = 0; i < s->n; i++) {
        int c = s->t[i], before = s->t + i < sign;
        if (s->t + i == sign || capital(c) || c == '*' || c == '.' || c == '-') { if (!before && c == '.') last = i; continue; }
        if (!before || !strchr("_%+", c)) return 0;
    }
    int64_t top = s->n - last - 1;
    if (last < (sign - s->t) + 2 || top < 2 || top > 24) return 0;
    for (int64_t i = last + 1; i < s->n; i++) if (s->t[i] < 'A' || s->t[i] > 'Z') return 0;
    return 1;
}

/* One or two Han and stars or 某, at most one Han after; or one or two stars and one or two Han. */
static int masked_person(const Scan *s) {
    char kind[8];
    int n = 0;
    for (int64_t i = 0; i < s->n; n++) {
        if (n == 6) return 0;
        kind[n] = at(s, i) == '*' ? '*' : starts(s, i, "某") ? 'm' : is_han(s, i) ? 'h' : 0;
        if (!kind[n]) return 0;
        i += kind[n] == '*' ? 1 : 3;
    }
    for (int head = 0; head <= 2 && head < n; head++) {
        if (head && kind[head - 1] == '*') break;
        char mark = kind[head];
        int run = 0, rest;
        if (mark != '*' && (mark != 'm' || !head)) continue;
        for (int most = !head || mark == 'm' ? 2 : 3; run < most && head + run < n && kind[head + run] == mark;) {
            run++;
            rest = n - head - run;
            int last_han = 1;
            for (int k = head + run; k < n; k++) last_han &= kind[k] != '*';
            if (last_han && (head ? rest <= 1 : rest >= 1 && rest <= 2)) return 1;
        }
    }
    return 0;
}

/* The type of which a folded text is a part-masked value, or -1. */
static int masked(const Scan *original) {
    uint8_t plain[4 * MASKED_LONGEST + 4];
    Scan s = *original;
    int64_t n = 0, stars = 0;
    if (characters(original, 0, original->n) > MASKED_LONGEST) return -1;
    for (int64_t i = 0; i < original->n;) {
        int w = width(original->t, original->n, i), c = original->t[i];
        int64_t run = 0;
        if (lower(c) == 'x') while (i + run < original->n && lower(original->t[i + run]) == 'x') run++;
        if (run >= 3) {
            memset(plain + n, '*', (size_t)run);
            n += run; stars += run; i += run;
            continue;
        }
        if (c == '*' || starts(original, i, "×") || starts(original, i, "✱") || starts(original, i, "●") ||
            starts(original, i, "■") || starts(original, i, "█")) { plain[n++] = '*'; stars++; }
        else if (run) while (run--) { plain[n++] = 'X'; i++; }
        else if (c != ' ' && c != '-') for (int k = 0; k < w; k++) plain[n++] = (uint8_t)upper(original->t[i + k]);
        i += lower(c) == 'x' ? 0 : w;
    }
    s.t = plain;
    s.n = n;
    if (!stars) {
        int some = 0;
        for (int64_t i = 0; i + 3 <= n; i++) some |= starts(&s, i, "某");
        return some && masked_person(&s) ? M_PERSON : -1;
    }
    int64_t head = masked_run(&s, 0, n, 0), middle = masked_run(&s, head, n, 1), tail = masked_run(&s, head + middle, n, 0);
    if (middle && head + middle + tail == n) return masked_number(plain, head, middle, plain + head + middle, tail);
    if (masked_plate(&s)) return M_PLATE;
    if (masked_email(&s)) return M_EMAIL;
    return masked_person(&s) ? M_PERSON : -1;
}
#endif
