/* Candidates that a character or a word anchors; the counterpart of anchored.py. */
#ifndef HUSHU_ANCHORED_H
#define HUSHU_ANCHORED_H

#include "numbers.h"

static const char *const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

static uint64_t PROVINCE[1024]; /* a bit for each character of the basic plane */

static void init_provinces(void) {
    for (Bytes p = (Bytes)PROVINCES; *p; p += 3) {
        uint32_t c = point(p, 3);
        PROVINCE[c >> 6] |= 1ull << (c & 63);
    }
}

static int is_province(const Scan *s, int64_t i) {
    if (i < 0 || i + 3 > s->n || s->t[i] < 0xE4 || s->t[i] > 0xE9) return 0;
    uint32_t c = point(s->t + i, 3);
    return PROVINCE[c >> 6] >> (c & 63) & 1;
}

static int one_of(const Scan *s, int64_t i, const char *han) {
    if (i < 0 || i + 3 > s->n || s->t[i] < 0xE3) return 0;
    for (; *han; han += 3) if (memcmp(s->t + i, han, 3) == 0) return 1;
    return 0;
}

/* Whether four octets begin at token first: then they are claimed. */
static int ipv4(Scan *s, int64_t first) {
    if (first + 3 >= s->token_count) return 0;
    int octets[4], most = 0;
    for (int k = 0; k < 4; k++) {
        const Token *token = &s->tokens[first + k];
        if (k < 3 && gap(s, first + k) != '.') return 0;
        if (!token->numeric || token->size > 3 || (token->size > 1 && s->t[token->start] == '0')) return 0;
        octets[k] = 0;
        for (int64_t i = token->start; i < token->end; i++) octets[k] = octets[k] * 10 + s->t[i] - '0';
        if (octets[k] > 255) return 0;
        if (octets[k] > most) most = octets[k];
    }
    if (gap(s, first - 1) == '.' || gap(s, first + 3) == '.') return 0;
    int personal = octets[0] != 0 && octets[0] != 127 && octets[0] != 255 && (most > 30 || octets[0] == 10);
    claim(s, s->tokens[first].start, s->tokens[first + 3].end, T_IP, personal ? PLAUSIBLE : WEAK);
    return 1;
}

static int hexadecimal(const Scan *s, int64_t index, int size) {
    const Token *token = &s->tokens[index];
    if (token->size != size) return 0;
    for (int64_t i = token->start; i < token->end; i++) if (!(CLASS[s->t[i]] & HEXA)) return 0;
    return 1;
}

static int between(const Scan *s, int64_t left) {
    int64_t from = s->tokens[left].end, to = s->tokens[left + 1].start;
    return to - from == 1 ? s->t[from] : 0;
}

static void mac(Scan *s, int64_t first) {
    int size = s->tokens[first].size, count = size == 2 ? 6 : size == 4 ? 3 : 0, lettered = 0;
    if (!count || first + count > s->token_count || is_alnum_at(s, s->tokens[first].end + 1) == 0) return;
    int joint = between(s, first);
    if (size == 2 ? joint != ':' && joint != '-' : joint != '.') return;
    for (int k = 0; k < count; k++) {
        if (!hexadecimal(s, first + k, size) || (k + 1 < count && between(s, first + k) != joint)) return;
        lettered |= !s->tokens[first + k].numeric;
    }
    int64_t last = first + count - 1;
    if (first && between(s, first - 1) == joint && hexadecimal(s, first - 1, size)) return;
    if (last + 1 < s->token_count && between(s, last) == joint && hexadecimal(s, last + 1, size)) return;
    claim(s, s->tokens[first].start, s->tokens[last].end, T_MAC, lettered ? PROVEN : joint == ':' ? PLAUSIBLE : WEAK);
}

static int64_t plate_end(const Scan *s, int64_t first) {
    int64_t last = first;
    if (s->tokens[first].size == 1) {
        while (last - first < 7 && gap(s, last) == ' ' && s->tokens[last + 1].size == 1) last++;
        if (last > first) return last;
    }
    return s->tokens[first].size <= 2 && gap(s, first) ? first + 1 : first;
}

/* The strength of a plate with this tail; *taken becomes 1 when the Han character after it belongs to it. */
static int plate_form(const Scan *s, int guangdong_z, const char *tail, int n, int64_t end, int *taken) {
    int letters = 0, usable = 1;
    for (int k = 0; k < n; k++) {
        letters += !is_digit((uint8_t)tail[k]);
        usable &= is_digit((uint8_t)tail[k]) || no_io(tail[k]);
    }
    *taken = 0;
    if (n == 4 && usable && letters < 4) {
        if ((guangdong_z && one_of(s, end, "港澳")) || one_of(s, end, "警学挂试超") || (!letters && one_of(s, end, "领"))) {
            *taken = 1;
            return PROVEN;
        }
    }
    if (n == 5 && usable && letters <= 2) return PROVEN;
    if (n == 6) {
        int small = tail[0] >= 'A' && tail[0] <= 'K' && no_io(tail[0]) && (is_digit((uint8_t)tail[1]) || no_io(tail[1])) && all_digits(tail, 2, 6);
        int large = all_digits(tail, 0, 5) && tail[5] >= 'A' && tail[5] <= 'K' && no_io(tail[5]);
        if (small || large) return PROVEN;
    }
    return n - letters >= 3 ? NAMED : -1;
}

static void plate(Scan *s, int64_t first, int labels) {
    const Token *token = &s->tokens[first];
    int64_t head = token->start;
    if (token->size == 6 && token->numeric) {
        if (ends(s, token->start, "使")) claim(s, token->start - 3, token->end, T_PLATE, WEAK);
        else if (starts(s, token->end, "使")) claim(s, token->start, token->end + 3, T_PLATE, WEAK);
    }
    if (!no_io(upper(s->t[head]))) return;
    if (head > 1 && s->t[head - 1] == ' ') head--;
    head -= 3;
    if (!is_province(s, head)) return;
    char body[40];
    int n = 0, taken;
    int64_t last = plate_end(s, first), end = s->tokens[last].end;
    for (int64_t k = first; k <= last; k++) {
        int size = copy_token(s, k, body + n, 8 - n);
        if (size < 0) return;
        n += size;
    }
    if (at(s, end) == '*' || n < 5 || !no_io(body[0])) return;
    int strength = plate_form(s, starts(s, head, "粤") && body[0] == 'Z', body + 1, n - 1, end, &taken);
    if (strength == PROVEN && !taken && one_of(s, end, "警学挂试超领港澳") && !is_han(s, end + 3)) return;
    if (strength < 0 || (strength == NAMED && (!labels || label_before(s, head) != T_PLATE))) return;
    claim(s, head, end + 3 * taken, T_PLATE, strength);
}

static int email_char(int c) { return CLASS[c] & (ALNUM | MAIL); }

/* The end of the longest domain with a top-level name that begins at i; 0 when there is none. */
static int64_t domain(const Scan *s, int64_t i, int64_t *last_label) {
    int64_t best = 0;
    for (int label = 0;; label++) {
        int64_t j = i;
        if (label) {
            while (j < s->n && (CLASS[s->t[j]] & LETTER) && j - i < 25) j++;
            if (j - i >= 2 && j - i <= 24 && !is_alnum_at(s, j)) { best = j; *last_label = i; }
        }
        for (j = i; j < s->n && (is_alnum(s->t[j]) || s->t[j] == '-'); j++) {}
        if (j == i || j - i > 63 || s->t[i] == '-' || s->t[j - 1] == '-' || at(s, j) != '.') return best;
        i = j + 1;
    }
}

static int file_ending(const Scan *s, int64_t from, int64_t to) {
    static const char *files[] = {"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "html", "py", "so", "jar"};
    int first = lower(s->t[from]);
    if (to - from > 4) return 0;
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        int64_t size = (int64_t)strlen(files[k]), c = 0;
        if (files[k][0] != first || size != to - from) continue;
        while (c < size && lower(s->t[from + c]) == files[k][c]) c++;
        if (c == size) return 1;
    }
    return 0;
}

static int inside_url(const Scan *s, int64_t start) {
    int64_t from = start;
    for (int k = 0; k < 64 && from > 0; k++) {
        from--;
        while (from > 0 && (s->t[from] & 0xC0) == 0x80) from--;
    }
    for (int64_t i = start - 1; i >= from; i--) {
        if (s->t[i] == ' ') return 0;
        if (s->t[i] == ':' && i + 3 <= start && s->t[i + 1] == '/' && s->t[i + 2] == '/') return 1;
    }
    return 0;
}

static void emails(Scan *s) {
    int64_t previous = 0;
    for (Bytes p = s->t; (p = memchr(p, '@', (size_t)(s->t + s->n - p))) != NULL; p++) {
        int64_t sign = p - s->t, start = sign, last_label = 0, dots = 0;
        while (start > previous && email_char(s->t[start - 1]) && sign - start <= 64) start--;
        if (start == sign || sign - start > 64 || !is_alnum(s->t[start]) || (start == previous && start > 0 && email_char(s->t[start - 1]))) continue;
        int64_t end = domain(s, sign + 1, &last_label);
        if (!end) continue;
        previous = end;
        for (int64_t i = start; i < sign; i++) dots += s->t[i] == '.' && (s->t[i + 1] == '.' || s->t[i + 1] == '@');
        if (dots || end - start > 254 || file_ending(s, last_label, end) || inside_url(s, start)) continue;
        claim(s, start, end, T_EMAIL, PROVEN);
    }
}

static int valid_ipv6(Bytes t, int64_t n) {
    int groups = 0, size = 0, doubled = 0;
    if (n < 2 || (t[0] == ':' && t[1] != ':') || (t[n - 1] == ':' && t[n - 2] != ':')) return 0;
    for (int64_t i = 0; i < n; i++) {
        if (t[i] != ':') {
            if (++size > 4) return 0;
            groups += size == 1;
            continue;
        }
        if (i + 1 < n && t[i + 1] == ':') {
            if (doubled++ || (i + 2 < n && t[i + 2] == ':')) return 0;
            i++;
        }
        size = 0;
    }
    return doubled ? groups <= 7 : groups == 8;
}

static void ipv6(Scan *s) {
    int64_t after = 0;
    for (Bytes p = s->t; (p = memchr(p, ':', (size_t)(s->t + s->n - p))) != NULL; p = s->t + after) {
        int64_t start = p - s->t, end = start, digits = 0, colons = 0;
        while (start > after && ((CLASS[s->t[start - 1]] & HEXA) || s->t[start - 1] == ':')) start--;
        while (end < s->n && ((CLASS[s->t[end]] & HEXA) || s->t[end] == ':')) end++;
        after = end;
        if (is_alnum_at(s, start - 1)) start = (Bytes)memchr(s->t + start, ':', (size_t)(end - start)) - s->t + 1;
        if (is_alnum_at(s, end)) for (end--; s->t[end] != ':'; end--) {}
        if (start < end && s->t[start] == ':' && at(s, start + 1) != ':') start++;
        if (start < end && s->t[end - 1] == ':' && !(end - 2 >= start && s->t[end - 2] == ':')) end--;
        for (int64_t i = start; i < end; i++) {
            digits += is_digit(s->t[i]);
            colons += s->t[i] == ':';
        }
        if (digits && colons >= 2 && valid_ipv6(s->t + start, end - start)) claim(s, start, end, T_IP, end - start > 7 ? PROVEN : WEAK);
    }
}

/* Bit 1: a longitude of China, bit 2: a latitude; of the number whose whole part is token index. 0: neither. */
static int coordinate(const Scan *s, int64_t index) {
    if (index + 1 >= s->token_count) return 0;
    const Token *whole = &s->tokens[index], *part = &s->tokens[index + 1];
    if (!whole->numeric || !part->numeric || whole->size > 3 || part->size < 4 || part->size > 15 || gap(s, index) != '.') return 0;
    if (is_alnum_at(s, whole->start - 1) || at(s, whole->start - 1) == '.') return 0;
    if (at(s, part->end) == '.' && is_digit_at(s, part->end + 1)) return 0;
    int degrees = 0, rest = 0;
    for (int64_t i = whole->start; i < whole->end; i++) degrees = degrees * 10 + s->t[i] - '0';
    for (int64_t i = part->start; i < part->end; i++) rest |= s->t[i] - '0';
    return 4 | (degrees >= 73 && (degrees < 136 || (degrees == 136 && !rest)) ? 1 : 0) |
           (degrees >= 3 && (degrees < 54 || (degrees == 54 && !rest)) ? 2 : 0);
}

static int pair_gap(const Scan *s, int64_t from, int64_t to) {
    for (int lead = 0; lead < 2; lead++) {
        int64_t i = from;
        if (lead && at(s, i++) != ' ') break;
        if (i >= to) continue;
        int c = s->t[i];
        if (c == ',' || c == ';' || c == ' ' || c == '/') i++;
        else if (starts(s, i, "、")) i += 3;
        else continue;
        if (i == to || (i + 1 == to && s->t[i] == ' ')) return 1;
    }
    return 0;
}

static void coordinates(Scan *s, int64_t first) {
    int here = coordinate(s, first);
    if (!here) return;
    const Token *token = &s->tokens[first];
    int64_t end = s->tokens[first + 1].end;
    if (first + 3 < s->token_count && pair_gap(s, end, s->tokens[first + 2].start)) {
        int there = coordinate(s, first + 2);
        if (((here & 1) && (there & 2)) || ((here & 2) && (there & 1))) claim(s, token->start, s->tokens[first + 3].end, T_GEO, PLAUSIBLE);
    }
    if (here & 3) claim(s, token->start, end, T_GEO, WEAK);
}

static int key_word_before(const Scan *s, int64_t i) {
    static const char *words[] = {"password", "passwd", "pwd", "secret", "token", "key"};
    if (i > 0 && (s->t[i - 1] == ' ' || (s->t[i - 1] >= '\t' && s->t[i - 1] <= '\r'))) i--;
    if (at(s, i - 1) == '"') i--;
    if (ends(s, i, "密码") || ends(s, i, "口令")) return 1;
    for (int k = 0; k < 6; k++) {
        int64_t size = (int64_t)strlen(words[k]), c = 0;
        while (c < size && i - size >= 0 && lower(s->t[i - size + c]) == words[k][c]) c++;
        if (c == size) return 1;
    }
    return 0;
}

static uint8_t SECRET_HINT[256];

static void init_hints(void) {
    for (const char *c = "=:$ealgsxbEALGSXB"; *c; c++) SECRET_HINT[(int)*c] = 1;
}

/* Whether the head of a key or token begins at i, where a run of letters and digits does. */
static int secret_head(const Scan *s, int64_t i) {
    static const char *heads[] = {"eyj", "akia", "asia", "akid", "aiza", "ltai", "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
                                  "glpat-", "sk-", "xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "begin "};
    int c = lower(s->t[i]);
    for (size_t k = 0; k < sizeof heads / sizeof *heads; k++) {
        int64_t m = 0;
        if (heads[k][0] != c) continue;
        while (heads[k][m] && lower(s->t[i + m]) == heads[k][m]) m++;
        if (!heads[k][m] && (c != 'b' || at(s, i - 1) == '-')) return 1;
    }
    return 0;
}

/* Whether the text could hold a secret: such texts are left to the reference. */
static int hints_at_secret(const Scan *s) {
    for (int64_t i = 0; i < s->n; i++) {
        int c = s->t[i];
        if (!SECRET_HINT[c]) continue;
        if ((c == '=' || c == ':') && key_word_before(s, i)) return 1;
        if (c == '$' && (at(s, i + 2) == '$' || at(s, i + 3) == '$')) return 1;
        if ((CLASS[c] & LETTER) && i + 15 <= s->n && !is_alnum_at(s, i - 1) && secret_head(s, i)) return 1;
    }
    return 0;
}
#endif
