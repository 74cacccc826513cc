/* Words before a number and what they make of it; the counterpart of context.py, whose tables it is given. */
#ifndef HUSHU_WORDS_H
#define HUSHU_WORDS_H

#include "checks.h"

enum { L_NONE = -1, L_NOT = TYPE_COUNT, L_DOCUMENT, L_ACCOUNT, WORD_SLOTS = 2048, MAX_WORDS = 512, MAX_RULES = 64 };

typedef struct { uint8_t text[40]; uint8_t size, next_set; int16_t next; int label; } Word;
typedef struct { int label, type, shortest, longest, letters, digits; char first[12]; } Rule;

static Word WORDS[MAX_WORDS];
static int16_t WORD_SLOT[WORD_SLOTS];
static int WORD_COUNT, RULE_COUNT, REACH;
static Rule RULES[MAX_RULES];

static inline unsigned slot_of(Bytes t) { return (t[0] * 31u + t[1] * 7u) % WORD_SLOTS; }

static void add_word(Bytes text, int size, int label) {
    Word *w = &WORDS[WORD_COUNT];
    memset(w->text, 0, sizeof w->text);
    memcpy(w->text, text, (size_t)size);
    w->size = (uint8_t)size;
    w->label = label;
    unsigned slot = slot_of(w->text);
    w->next = WORD_SLOT[slot];
    WORD_SLOT[slot] = (int16_t)WORD_COUNT++;
}

/* What may stand between a word of the kind "not" and its number: 号 码 編 编 是 为 单 and some ASCII. */
static int bridges(Bytes t, int64_t n) {
    for (int64_t i = 0; i < n;) {
        if (t[i] < 0x80) {
            if (!strchr(":=#([ -_\"'no.", t[i])) return 0;
            i++;
            continue;
        }
        static const char *han[] = {"号", "码", "編", "编", "是", "为", "单"};
        int known = 0;
        for (size_t k = 0; k < 7 && i + 3 <= n; k++) known |= memcmp(t + i, han[k], 3) == 0;
        if (!known) return 0;
        i += 3;
    }
    return 1;
}

static int broken(Bytes t, int64_t n) {
    int run = 0;
    for (int64_t i = 0; i < n; i++) {
        run = is_digit(t[i]) ? run + 1 : 0;
        if (run == 4 || t[i] == '!' || t[i] == '?') return 1;
        if (t[i] == 0xE3 && i + 3 <= n && t[i + 1] == 0x80 && t[i + 2] == 0x82) return 1; /* 。 */
    }
    return 0;
}

/* The label of the word that ends nearest before start, of two the longer; L_NONE when there is none. */
static int look_up(const Scan *s, int64_t start) {
    uint8_t window[4 * 24 + 4];
    int64_t from = start;
    for (int k = 0; k < REACH && from > 0; k++) {
        from--;
        while (from > 0 && (s->t[from] & 0xC0) == 0x80) from--;
    }
    int size = (int)(start - from), best = -1, longest = 0, label = L_NONE;
    for (int k = 0; k < size; k++) window[k] = (uint8_t)lower(s->t[from + k]);
    memset(window + size, 0, 4);
    for (int k = 0; k + 1 < size; k++) {
        for (int w = WORD_SLOT[slot_of(window + k)]; w >= 0; w = WORDS[w].next) {
            int length = WORDS[w].size, end = k + length;
            if (end > size || memcmp(window + k, WORDS[w].text, (size_t)length) != 0) continue;
            int chars = 0;
            for (int c = 0; c < length; c++) chars += (WORDS[w].text[c] & 0xC0) != 0x80;
            if (end > best || (end == best && chars > longest)) { best = end; longest = chars; label = WORDS[w].label; }
        }
    }
    if (label == L_NONE) return L_NONE;
    if (label == L_NOT) return bridges(window + best, size - best) ? L_NOT : L_NONE;
    return broken(window + best, size - best) ? L_NONE : label;
}

static int label_before(Scan *s, int64_t start) {
    if (s->label_at != start) {
        s->label = look_up(s, start);
        s->label_at = start;
    }
    return s->label;
}

static int named(int label, const char *joined, int n) {
    int digits = 0;
    for (int k = 0; k < n; k++) digits += is_digit((uint8_t)joined[k]);
    for (int k = 0; k < RULE_COUNT; k++) {
        const Rule *r = &RULES[k];
        if (r->label != label || n < r->shortest || n > r->longest) continue;
        if (r->first[0] && !strchr(r->first, joined[0])) continue;
        if (digits >= r->digits && (r->letters || digits == n)) return r->type;
    }
    return -1;
}

static int stands(const Candidate *c, int label) {
    if (c->strength >= PLAUSIBLE) return c->strength > PLAUSIBLE || label != L_NOT;
    if (c->strength == NAMED || label == c->type) return 1;
    return label == L_DOCUMENT && (c->type == T_RESIDENT || c->type == T_FOREIGNER || c->type == T_PASSPORT ||
                                   c->type == T_TRAVEL || c->type == T_MILITARY);
}
#endif
