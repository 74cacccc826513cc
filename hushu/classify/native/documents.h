/* Numbers of court cases, real-estate certificates and military certificates; counterpart of documents.py. */
#ifndef HUSHU_DOCUMENTS_H
#define HUSHU_DOCUMENTS_H

#include "anchored.h"

static int bracketed_year(const Scan *s, int64_t i, int64_t *after) {
    int64_t open = at(s, i) == '(' || at(s, i) == '[' ? 1 : starts(s, i, "〔") ? 3 : 0, j = i + open;
    if (!open || !((at(s, j) == '1' && at(s, j + 1) == '9') || (at(s, j) == '2' && at(s, j + 1) == '0'))) return 0;
    if (run_of_digits(s, j, 4) < 4) return 0;
    j += 4;
    int64_t close = at(s, j) == ')' || at(s, j) == ']' ? 1 : starts(s, j, "〕") ? 3 : 0;
    *after = j + close;
    return close > 0;
}

/* Han characters (with brackets when allowed) from i: how many; *end becomes the offset after them. */
static int han_run(const Scan *s, int64_t i, int brackets, int *leading, int64_t *end) {
    int count = 0, pure = 1;
    *leading = 0;
    while (count < 40) {
        if (is_han(s, i)) i += 3;
        else if (brackets && (at(s, i) == '(' || at(s, i) == ')')) { i++; pure = 0; }
        else break;
        count++;
        *leading += pure;
    }
    *end = i;
    return count;
}

static int numbered(const Scan *s, int64_t i, int64_t least, int64_t most, int64_t *end) {
    int64_t digits = run_of_digits(s, i, most + 1);
    if (digits < least || digits > most || !starts(s, i + digits, "号")) return 0;
    *end = i + digits + 3;
    return 1;
}

static int64_t court_case(Scan *s, int64_t open, int64_t after) {
    int leading, first, rest;
    int64_t i, end;
    first = han_run(s, after, 1, &leading, &i);
    int head = leading;
    if (!first || !head) return 0;
    int64_t digits = run_of_digits(s, i, 5);
    int parts = 0;
    if (first == head && first <= 4 && digits >= 1 && digits <= 4 && (rest = han_run(s, i + digits, 1, &leading, &end)) > 0)
        parts = rest <= 12 && numbered(s, end, 1, 6, &end);
    if (!parts && first >= 2 && first - (head < 4 ? head : 4) <= 12)
        parts = numbered(s, i, 1, 6, &end);
    if (!parts) return 0;
    if (starts(s, end, "之")) {
        int64_t j = end + 3;
        for (int k = 0; k < 3 && one_of(s, j, "一二三四五六七八九十"); k++) j += 3;
        if (j > end + 3) end = j;
    }
    for (i = open; i < end; i++) {
        if (one_of(s, i, "民刑行执赔破诉调保清知财辖申再终初仲商")) {
            claim(s, open, end, T_CASE, PROVEN);
            break;
        }
    }
    return end;
}

static int64_t certificate(Scan *s, int64_t open, int64_t after) {
    static const char *tails[] = {"不动产权证明第", "不动产证明第", "不动产权第"};
    int leading;
    int64_t end, stop;
    int count = han_run(s, after, 0, &leading, &stop);
    for (int k = 0; k < 3; k++) {
        int size = (int)strlen(tails[k]) / 3;
        if (!ends(s, stop, tails[k])) continue;
        if (count - size < 1 || count - size > 12 || !numbered(s, stop, 1, 10, &end)) return 0;
        claim(s, open - 3, end, T_ESTATE, PROVEN);
        return end;
    }
    return 0;
}

static int64_t old_certificate(Scan *s, int64_t head) {
    int leading;
    int64_t stop, after, end;
    int count = han_run(s, head + 6, 0, &leading, &stop);
    if (count <= 6 && bracketed_year(s, stop, &after)) {
        if (starts(s, after, "字")) after += 3;
        if (!starts(s, after, "第") || !numbered(s, after + 3, 4, 10, &end)) return 0;
    } else {
        if (!ends(s, stop, "第") || count < 1) return 0;
        count -= 1 + (count > 1 && ends(s, stop - 3, "字"));
        if (count > 6 || !numbered(s, stop, 4, 10, &end)) return 0;
    }
    return end;
}

static void military(Scan *s, int64_t character) {
    int64_t i = character + 3;
    if (!is_han(s, character - 3)) return;
    if (starts(s, i, "第")) i += 3;
    int64_t digits = run_of_digits(s, i, 10);
    if (digits < 6 || digits > 9 || is_alnum_at(s, i + digits)) return;
    i += digits;
    if (starts(s, i, "号") && !is_digit_at(s, i + 3)) i += 3;
    claim(s, character - 3, i, T_MILITARY, WEAK);
}

/* The old certificate whose number is the token at i: its head is found going back. */
static void old_certificate_before(Scan *s, int64_t i, int64_t end) {
    int64_t head = i;
    for (int back = 0; back < 20 && head > 0; back++) {
        head--;
        while (head > 0 && (s->t[head] & 0xC0) == 0x80) head--;
        if (is_province(s, head) && starts(s, head + 3, "房") && old_certificate(s, head) == end) {
            claim(s, head, end, T_ESTATE, PROVEN);
            return;
        }
    }
}

static void documents(Scan *s, int64_t first) {
    const Token *token = &s->tokens[first];
    int64_t i = token->start, after;
    int before = at(s, i - 1);
    if (!token->numeric || token->size < 4) return;
    if (token->size == 4 && (before == '(' || before == '[' || before == 0x94)) {
        int64_t open = before == 0x94 ? i - 3 : i - 1;
        if (!bracketed_year(s, open, &after)) return;
        court_case(s, open, after);
        if (is_province(s, open - 3)) certificate(s, open, after);
    } else if (token->size <= 10 && before >= 0x80) {
        int numbered_by = ends(s, i, "第");
        if (numbered_by && starts(s, token->end, "号")) old_certificate_before(s, i, token->end + 3);
        if (numbered_by ? ends(s, i - 3, "字") : ends(s, i, "字")) military(s, i - (numbered_by ? 6 : 3));
    }
}
#endif
