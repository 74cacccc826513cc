/* Counting one value: its shape, what it is as a whole, contains, and is a masked form of. */
#ifndef HUSHU_COUNT_H
#define HUSHU_COUNT_H

#include "quick.h"

static int blank_char(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Point the scan at the folded, trimmed value; the kinds of its bytes given are brought up to date. 0 when memory ran out. */
static int prepare(Scan *s, Bytes t, int64_t n, Kinds *k) {
    s->t = t;
    s->n = n;
    if (k->foldable && needs_folding(t, n, memchr(t, '\\', (size_t)n) != NULL)) {
        if (!fold_into(s, t, n, 0)) return 0;
        recount(k, s);
    }
    while (s->n && blank_char(s->t[0])) { s->t++; s->n--; }
    while (s->n && blank_char(s->t[s->n - 1])) s->n--;
    return 1;
}

/* Keep a value that only the reference can judge. 0 when memory ran out. */
static int defer(Profile *p, Bytes t, int64_t n, int64_t weight) {
    if (!grow((void **)&p->deferred, &p->deferred_room, p->deferred_count + 1, sizeof(Deferred))) return 0;
    Deferred *d = &p->deferred[p->deferred_count];
    if (!(d->text = malloc((size_t)n + 1))) return 0;
    memcpy(d->text, t, (size_t)n);
    d->n = n;
    d->weight = weight;
    p->deferred_count++;
    return 1;
}

/* Whether a star, another mark, 某 or xxx stands in a short value. */
static int may_be_masked(const Scan *s, const Kinds *k) {
    if (s->n > 4 * MASKED_LONGEST || k->han > 5) return 0;
    if (k->stars) return 1;
    if (k->continuation) for (int64_t i = 0; i + 1 < s->n; i++) {
        if (s->t[i] < 0xC3 || s->t[i] > 0xE6) continue;
        if (s->t[i] == 0xC3 && s->t[i + 1] == 0x97) return 1;
        if (s->t[i] == 0xE2 && (s->t[i + 1] == 0x96 || s->t[i + 1] == 0x97 || s->t[i + 1] == 0x9C)) return 1;
        if (s->t[i] == 0xE6 && s->t[i + 1] == 0x9F && at(s, i + 2) == 0x90) return 1;
    }
    for (int64_t i = 0; k->letters >= 3 && i + 3 <= s->n; i++)
        if ((s->t[i] | 32) == 'x' && (s->t[i + 1] | 32) == 'x' && (s->t[i + 2] | 32) == 'x') return 1;
    return 0;
}

/* A key word has three letters, or is 密码 or 口令; a key or token has many. */
static int may_hold_secret(const Kinds *k) {
    return (k->letters >= 3 || k->han >= 2) && (k->joints || k->letters >= 15);
}

/* A cell of digits only: the commonest case needs no tokens. 0 when it does after all. */
static int digits_alone(const Scan *s, uint32_t *types) {
    Verdicts v = {0};
    char digits[20];
    if (s->n > 19) return 1;
    if (s->t[0] == '8' && s->t[1] == '6') return 0;
    if (memcmp(s->t, "0086", 4) == 0) return 0;
    memcpy(digits, s->t, (size_t)s->n);
    of_digits(digits, (int)s->n, &v);
    for (int k = 0; k < v.count; k++) *types |= 1u << v.type[k];
    return 1;
}

/* Whether four characters at i could be the year of a case or the number of a certificate. */
static int four_matter(Bytes t, int64_t i) {
    if (i && (t[i - 1] == '(' || t[i - 1] == '[')) return 1;
    return i >= 3 && (memcmp(t + i - 3, "（", 3) == 0 || memcmp(t + i - 3, "第", 3) == 0);
}

/* Count the shape of prose with nothing but small numbers in it, its only foldable characters ，；！？（）: no identifier
   can stand there, and folding would change nothing that is counted but the commas. 0 for anything else. */
static int count_prose(ShapeCounts *c, Bytes t, int64_t n, int64_t weight) {
    int64_t chars = 0, han = 0, leads = 0, letters = 0;
    int run = 0, separated = 0;
    for (int64_t i = 0; i < n; chars++) {
        int b = t[i];
        if (STEP[b] == 3) {
            run = 0;
            leads++;
            han += b != 0xE4 || t[i + 1] >= 0xB8;
            i += 3;
            continue;
        }
        int class = CLASS[b];
        if (class & ALNUM) {
            if (++run == 5 || (run == 4 && four_matter(t, i - 3))) return 0;
            letters += (class & LETTER) != 0;
            i++;
            continue;
        }
        if (b < 0x80) {
            if (b < 0x20 || JOINT[b] || (b == ' ' && (run || !i || i + 1 == n))) return 0;
            separated |= (class & PARTS) && i && i + 1 < n;
        } else if (b == 0xEF && i + 3 < n && i && t[i + 1] == 0xBC) {
            int last = t[i + 2]; /* ！ （ ） ， ； ？ */
            if (last == 0x8C || last == 0x9B) separated = 1;
            else if (last != 0x81 && last != 0x88 && last != 0x89 && last != 0x9F) return 0;
            i += 2;
        } else if (b == 0xE3 && i + 3 <= n && t[i + 1] == 0x80 && (t[i + 2] == 0x81 || t[i + 2] == 0x82)) {
            i += 2; /* 、 and 。 */
        } else if (FOLD_LEAD[b]) {
            return 0;
        } else chars -= (b & 0xC0) == 0x80;
        run = 0;
        i++;
    }
    if (leads <= 5 || letters >= 15) return 0;
    c->traits[S_VALUES] += weight;
    c->traits[S_TOTAL] += chars * weight;
    c->lengths[bucket(chars)] += weight;
    if (chars < c->shortest) c->shortest = chars;
    if (chars > c->longest) c->longest = chars;
    c->han_share += (((uint64_t)han * HAN_ONE + (uint64_t)chars / 2) / (uint64_t)chars) * (uint64_t)weight;
    if (han == chars) c->traits[S_HAN] += weight;
    if (han * 2 >= chars) c->traits[S_MOSTLY] += weight;
    if (chars >= 20) c->traits[S_LONG] += weight;
    if (separated) c->traits[S_SEPARATED] += weight;
    if ((t[0] == '{' && t[n - 1] == '}') || (t[0] == '[' && t[n - 1] == ']')) c->traits[S_JSON] += weight;
    return 1;
}

/* Count one value that is not null. 0 when memory ran out. */
static int count_value(Scan *s, Profile *p, int64_t weight, Bytes t, int64_t n) {
    if (n <= QUICK && quick(s, p, weight, t, (int)n)) return 1;
    Kinds k;
    uint32_t types = 0;
    if (n >= 18 && count_prose(&p->shape, t, n, weight)) return 1;
    k = kinds_of(t, n);
    if (!prepare(s, t, n, &k)) return 0;
    if (!s->n || is_null_word(s->t, s->n)) { p->blank += weight; return 1; }
    if (count_shape(&p->shape, s->t, s->n, &k, weight)) return 1;
    if (k.digits == s->n && s->n >= 4 && digits_alone(s, &types)) { add_types(p->whole, types, weight); return 1; }
    if (may_hold_secret(&k) && hints_at_secret(s)) return defer(p, t, n, weight);
    if (worth_gathering(k.digits, k.at_signs, k.joints)) {
        if (!gather(s, k.letters || k.han, k.at_signs > 0, k.joints > 1)) return 0;
        if ((types = whole_types(s))) { add_types(p->whole, types, weight); return 1; }
        if (s->found_count) accept(s);
    } else s->found_count = 0;
    int mask = may_be_masked(s, &k) ? masked(s) : -1;
    if (mask >= 0) p->masked[mask] += weight;
    for (int64_t c = 0; c < s->found_count; c++) types |= 1u << s->found[c].type;
    add_types(p->within, types, weight);
    return 1;
}

static void release(Scan *s) { free(s->text); free(s->origin); free(s->tokens); free(s->found); }
#endif
