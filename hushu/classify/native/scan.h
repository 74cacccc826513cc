/* One value: its candidates, what it is as a whole, what of it stands in running text. */
#ifndef HUSHU_SCAN_H
#define HUSHU_SCAN_H

#include "documents.h"

/* Fill s->found; without labels (no letter stands before any number) words are not looked up. */
static int gather(Scan *s, int labels, int at_signs, int colons) {
    s->found_count = 0;
    s->label_at = -1;
    if (!tokenise(s)) return 0;
    int64_t quad = -1; /* the last token but one of the IPv4 address just read: its octets join to nothing else */
    for (int64_t k = 0; k < s->token_count; k++) {
        const Token *token = &s->tokens[k];
        int before = at(s, token->start - 1), after = at(s, token->end), size = token->size;
        int joins = after == ' ' || after == '-' || after == '.' || after == 0xC2;
        if (token->digits) {
            if (after == '.') {
                if (size <= 3 && k > quad && ipv4(s, k)) quad = k + 2;
                coordinates(s, k);
            }
            if (size >= SHORTEST || (joins && k > quad)) numbers(s, k, labels);
            if (size >= SHORTEST || after == ')' || after == ' ' || after == '-') telephone(s, k, labels);
            if (before >= 0x80 || before == '(' || before == '[') documents(s, k);
        } else if (joins && size <= 4 && in_capitals(s, token->start, token->end)) {
            numbers(s, k, labels);
        }
        if ((size == 2 || size == 4) && (after == ':' || after == '-' || after == '.')) mac(s, k);
        if (before >= 0x80 || before == ' ' || (size == 6 && after >= 0x80)) plate(s, k, labels);
    }
    if (at_signs) emails(s);
    if (colons) ipv6(s);
    return !s->out_of_memory;
}

/* Bits of the types that the whole text is. */
static uint32_t whole_types(const Scan *s) {
    int64_t end = ends(s, s->n, ".0") ? s->n - 2 : s->n;
    uint32_t types = 0;
    for (int64_t k = 0; k < s->found_count; k++) {
        const Candidate *c = &s->found[k];
        if (c->start == 0 && c->end >= end && c->strength > NAMED) types |= 1u << c->type;
    }
    return types;
}

static int by_rank(const void *left, const void *right) {
    const Candidate *a = left, *b = right;
    if (a->strength != b->strength) return b->strength - a->strength;
    if (a->chars != b->chars) return a->chars < b->chars ? 1 : -1;
    if (a->type != b->type) return a->type - b->type;
    return a->start < b->start ? -1 : a->start > b->start;
}

static int by_place(const void *left, const void *right) {
    const Candidate *a = left, *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

/* Keep the candidates that stand, overlaps resolved, sorted by place. */
static void accept(Scan *s) {
    int64_t standing = 0, taken = 0;
    for (int64_t k = 0; k < s->found_count; k++) {
        Candidate c = s->found[k];
        if (c.strength < PROVEN && !stands(&c, label_before(s, c.start))) continue;
        if (c.type == T_RESIDENT && c.strength == PROVEN && label_before(s, c.start) == T_RESIDENCE_PERMIT) c.type = T_RESIDENCE_PERMIT;
        c.chars = characters(s, c.start, c.end);
        s->found[standing++] = c;
    }
    if (standing > 1) qsort(s->found, (size_t)standing, sizeof(Candidate), by_rank);
    for (int64_t k = 0; k < standing; k++) {
        Candidate c = s->found[k];
        int free = 1;
        /* Taken ones are kept sorted by place, so the neighbours alone can overlap. */
        int64_t place = taken;
        while (place > 0 && s->found[place - 1].start >= c.start) place--;
        if (place > 0 && s->found[place - 1].end > c.start) free = 0;
        if (place < taken && s->found[place].start < c.end) free = 0;
        if (!free) continue;
        memmove(s->found + place + 1, s->found + place, (size_t)(taken - place) * sizeof(Candidate));
        s->found[place] = c;
        taken++;
    }
    s->found_count = taken;
}

/* Whether a value of these bytes could hold anything but a secret. */
static int worth_gathering(int64_t digits, int64_t at_signs, int64_t joints) { return digits || at_signs || joints >= 2; }
#endif
