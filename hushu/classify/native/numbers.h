/* Tokens, their joints and their neighbours; numbers and telephones. Counterpart of tokens.py, scanner.py, telephone.py. */
#ifndef HUSHU_NUMBERS_H
#define HUSHU_NUMBERS_H

#include "words.h"

enum { MAX_JOINED = 28, MAX_GROUPS = 7, SHORTEST = 7 };

/* The length of a Latin label directly before the digits of a token (tel138…), 0 when there is none. */
static int prefix_of(Bytes t, int64_t n) {
    static const char words[][8] = {"tel", "phone", "mobile", "mob", "cell", "idno", "id", "no", "imei", "vin", "card", "sfz", "sj", "dh", "ip"};
    static const int8_t sizes[] = {3, 5, 6, 3, 4, 4, 2, 2, 4, 3, 4, 3, 2, 2, 2};
    int letters = 0;
    while (letters < 7 && letters < n && !is_digit(t[letters])) letters++;
    if (letters < 2 || letters > 6 || letters == n) return 0;
    for (int k = 0; k < 15; k++) {
        int same_letters = 0;
        if (sizes[k] != letters) continue;
        while (same_letters < letters && lower(t[same_letters]) == words[k][same_letters]) same_letters++;
        if (same_letters == letters) return letters;
    }
    return 0;
}

static int tokenise(Scan *s) {
    s->token_count = 0;
    for (int64_t i = 0; i < s->n;) {
        if (!is_alnum(s->t[i])) { i += STEP[s->t[i]]; continue; }
        int64_t start = i, digits = 0;
        for (int c; i < s->n && (c = is_alnum(s->t[i])); i++) digits += c & DIGIT;
        if (digits && digits < i - start) start += prefix_of(s->t + start, i - start);
        if (!grow((void **)&s->tokens, &s->token_room, s->token_count + 1, sizeof(Token))) return 0;
        Token *token = &s->tokens[s->token_count++];
        token->start = start;
        token->end = i;
        token->size = (uint8_t)(i - start > 255 ? 255 : i - start);
        token->digits = (uint8_t)(digits > 255 ? 255 : digits);
        token->numeric = digits == i - start;
    }
    return 1;
}

/* The one separator between two offsets: blank (also two), dash, point, middle dot; 0 otherwise. */
static int joint_of(const Scan *s, int64_t from, int64_t to) {
    int64_t size = to - from;
    if (size == 1) return s->t[from] == ' ' || s->t[from] == '-' || s->t[from] == '.' ? s->t[from] : 0;
    if (size == 2 && s->t[from] == ' ' && s->t[from + 1] == ' ') return ' ';
    return size == 2 && s->t[from] == 0xC2 && s->t[from + 1] == 0xB7 ? 0xB7 : 0;
}

static int gap(const Scan *s, int64_t index) {
    if (index < 0 || index + 1 >= s->token_count) return 0;
    return joint_of(s, s->tokens[index].end, s->tokens[index + 1].start);
}

static int copy_token(const Scan *s, int64_t index, char *out, int room) {
    const Token *token = &s->tokens[index];
    if (token->end - token->start > room) return -1;
    int n = 0;
    for (int64_t i = token->start; i < token->end; i++) out[n++] = (char)upper(s->t[i]);
    return n;
}

static int neighbour(const Scan *s, int64_t index, int64_t from, int64_t to, int joint) {
    const Token *token = &s->tokens[index];
    int one = to - from == 1 ? s->t[from] : 0;
    if (!token->numeric) return (one == '_' || one == '-') && token->digits ? PLAUSIBLE : 0;
    if (one == '.') return PROVEN;
    if (one == '-' || one == '_') {
        char digits[MAX_TOKEN];
        int n = token->size <= 15 ? copy_token(s, index, digits, 15) : 16;
        return n < 15 && !mobile_prefixed(digits, n) ? PLAUSIBLE : 0;
    }
    return joint && token->size <= 4 && joint_of(s, from, to) == joint ? PROVEN : 0;
}

static int money_before(const Scan *s, int64_t i) {
    int before = at(s, i - 1);
    if (before == '$') return 1;
    return before >= 0x80 && (ends(s, i, "¥") || ends(s, i, "￥") || ends(s, i, "€") || ends(s, i, "£"));
}

static int unit_after(const Scan *s, int64_t i) {
    static const char *units[] = {"元", "万", "亿", "件", "吨", "千"};
    if (at(s, i) == '%') return 1;
    if (at(s, i) < 0xE4) return 0;
    for (int k = 0; k < 6; k++) if (starts(s, i, units[k])) return 1;
    return 0;
}

static int signed_start(const Scan *s, int64_t start) {
    int sign = at(s, start - 1);
    if (sign != '+' && sign != '-') return 0;
    int64_t i = start - 1;
    while (i > 0 && i > start - 40 && s->t[i - 1] == ' ') i--;
    return i <= 0 || i <= start - 40;
}

static int closing_zero(const Scan *s, int64_t end) {
    if (!starts(s, end, ".0")) return 0;
    for (int64_t i = end + 2; i < s->n && i < end + 40; i++) if (s->t[i] != ' ') return 0;
    return 1;
}

static int edges(const Scan *s, int64_t first, int64_t last, int joint) {
    int64_t start = s->tokens[first].start, end = s->tokens[last].end;
    int ruled_out = 0, outer;
    if (at(s, start - 1) == '*' || at(s, end) == '*') return PROVEN;
    if (money_before(s, start) || unit_after(s, end) || signed_start(s, start)) ruled_out = PLAUSIBLE;
    if (first > 0) {
        outer = neighbour(s, first - 1, s->tokens[first - 1].end, start, joint);
        if (outer > ruled_out) ruled_out = outer;
    }
    if (last + 1 < s->token_count && !closing_zero(s, end)) {
        outer = neighbour(s, last + 1, end, s->tokens[last + 1].start, joint);
        if (outer > ruled_out) ruled_out = outer;
    }
    return ruled_out;
}

static int in_capitals(const Scan *s, int64_t from, int64_t to) {
    for (int64_t i = from; i < to; i++) if (CLASS[s->t[i]] & LOWER) return 0;
    return 1;
}

/* Organisation codes take one dash before the check character; passports and permits only blanks. */
static int joint_suits(int type, int joint, int groups, int last) {
    if (type == T_ORG) return joint == '-' && groups == 2 && last == 1;
    return (type != T_PASSPORT && type != T_TRAVEL) || joint == ' ';
}

static void verdicts(Scan *s, int64_t first, int64_t last, int joint, const char *joined, int n, int numeric, int labels) {
    Verdicts v = {0};
    int64_t start = s->tokens[first].start, end = s->tokens[last].end;
    if (numeric) of_digits(joined, n, &v);
    else of_mixed(joined, n, &v);
    if (!v.count && !labels) return;
    int ruled_out = edges(s, first, last, joint), certain = 0;
    for (int k = 0; k < v.count; k++) {
        if (joint && !joint_suits(v.type[k], joint, (int)(last - first + 1), s->tokens[last].size)) continue;
        if (v.strength[k] > ruled_out) claim(s, start, end, v.type[k], v.strength[k]);
        certain |= v.strength[k] >= PLAUSIBLE;
        v.strength[k] = 0xFF;
    }
    if (!labels || ruled_out || certain || (last > first && !in_capitals(s, start, end))) return;
    int label = label_before(s, start), type = label == L_NONE ? -1 : named(label, joined, n);
    for (int k = 0; k < v.count; k++) if (v.type[k] == type && v.strength[k] == 0xFF) return;
    if (type >= 0 && (!joint || joint_suits(type, joint, (int)(last - first + 1), s->tokens[last].size))) claim(s, start, end, type, NAMED);
}

/* What token first, alone or joined with those that follow, can be. */
static void numbers(Scan *s, int64_t first, int labels) {
    char joined[MAX_JOINED + 4];
    int n = 0, joint = 0, digits = 0, ones = 1, smallest = 255, largest = 0;
    for (int64_t last = first; last < s->token_count && last < first + MAX_JOINED; last++) {
        int size = s->tokens[last].size;
        if (last > first) {
            int between = gap(s, last - 1);
            if (!between || (joint && between != joint)) return;
            joint = between;
            if ((last - 1 > first || s->tokens[first].numeric) && s->tokens[last - 1].size < smallest) smallest = s->tokens[last - 1].size;
        }
        if (n + size > MAX_JOINED) return;
        n += copy_token(s, last, joined + n, MAX_JOINED - n);
        digits += s->tokens[last].digits;
        ones &= size == 1;
        if (size > largest) largest = size;
        if (n < SHORTEST || !digits) continue;
        int64_t groups = last - first + 1;
        if (joint == '.' && (groups < 3 || largest < 4)) continue;
        if (groups > 1 && !ones && (smallest < 2 || groups > MAX_GROUPS)) continue;
        verdicts(s, first, last, joint, joined, n, digits == n, labels);
    }
}

static int64_t run_of_digits(const Scan *s, int64_t i, int64_t most) {
    int64_t k = 0;
    while (k < most && is_digit_at(s, i + k)) k++;
    return k;
}

static int64_t skip_blank_or_dash(const Scan *s, int64_t i, int most) {
    for (int k = 0; k < most && (at(s, i) == ' ' || at(s, i) == '-'); k++) i++;
    return i;
}

static int free_after(const Scan *s, int64_t i) { return !is_alnum_at(s, i) && at(s, i) != '*'; }

/* The end of the extension at i (转8012, ext. 8012, -8012, ×12), i itself when there is none, -1 when glued. */
static int64_t extension(const Scan *s, int64_t i) {
    int64_t j = i;
    if (starts(s, i, "转") || starts(s, i, "轉")) j += 3;
    else if (at(s, i) == '-' || at(s, i) == '*' || at(s, i) == 'x' || at(s, i) == 'X') j += 1;
    else if (starts(s, i, "×")) j += 2;
    else {
        int64_t k = at(s, i) == ' ' ? i + 1 : i;
        if (k + 3 <= s->n && lower(s->t[k]) == 'e' && lower(s->t[k + 1]) == 'x' && lower(s->t[k + 2]) == 't') {
            k += 3;
            if (at(s, k) == '.') k++;
            if (at(s, k) == ' ') k++;
            j = k;
        }
    }
    if (j > i) {
        int64_t digits = run_of_digits(s, j, 6);
        if (digits && free_after(s, j + digits)) return j + digits;
    }
    return free_after(s, i) ? i : -1;
}

/* [2-8] and six or seven digits, a blank or dash before the last four: the digits, the end, or 0. */
static int64_t subscriber(const Scan *s, int64_t i, char *digits, int *n) {
    if (at(s, i) < '2' || at(s, i) > '8') return 0;
    for (int head = 4; head >= 3; head--) {
        if (run_of_digits(s, i, head) < head) continue;
        int64_t j = skip_blank_or_dash(s, i + head, 1);
        if (run_of_digits(s, j, 4) < 4) continue;
        int64_t end = extension(s, j + 4);
        if (end < 0) continue;
        memcpy(digits, s->t + i, (size_t)head);
        memcpy(digits + head, s->t + j, 4);
        *n = head + 4;
        return end;
    }
    return 0;
}

typedef struct { int64_t end; int country, gap, local, valid; } Telephone;

static Telephone after_country(const Scan *s, int64_t i, int country) {
    Telephone found = {0, country, 0, 0, 0};
    char digits[16];
    int n = 0;
    if (at(s, i) == '1' && at(s, i + 1) >= '3' && run_of_digits(s, i, 3) == 3) {
        int64_t j = skip_blank_or_dash(s, i + 3, 1), k = j + 4;
        if (run_of_digits(s, j, 4) == 4 && run_of_digits(s, k = skip_blank_or_dash(s, k, 1), 4) == 4) {
            int64_t end = extension(s, k + 4);
            if (end >= 0) {
                memcpy(digits, s->t + i, 3);
                memcpy(digits + 3, s->t + j, 4);
                memcpy(digits + 7, s->t + k, 4);
                found.end = end;
                found.valid = mobile(digits);
                return found;
            }
        }
    }
    int zero = at(s, i) == '0', a = at(s, i + zero), size = a == '1' ? 2 : a == '2' ? 2 : 3;
    if (run_of_digits(s, i + zero, size) < size) return found;
    int b = at(s, i + zero + 1);
    if (a == '0' || (a == '1' && b != '0') || (a == '2' && b == '6')) return found;
    int64_t close = i + zero + size, j = at(s, close) == ')' ? close + 1 : close;
    j = skip_blank_or_dash(s, j, 2);
    digits[0] = '0';
    memcpy(digits + 1, s->t + i + zero, (size_t)size);
    found.end = subscriber(s, j, digits + 1 + size, &n);
    found.local = 1;
    found.gap = j > close;
    found.valid = found.end && (country || zero) && area_and_number(digits, 1 + size + n);
    return found;
}

static int64_t foreign(const Scan *s, int64_t i) {
    int64_t j = i + run_of_digits(s, i, 3), best = 0;
    int digits = (int)(j - i);
    if (at(s, i) == '0' || !digits) return 0;
    for (int group = 0; group < 6; group++) {
        if (at(s, j) != ' ' && at(s, j) != '-') break;
        int bracket = at(s, j + 1) == '(';
        int64_t k = j + 1 + bracket, run = run_of_digits(s, k, bracket ? 4 : 7);
        if (!run || (bracket && at(s, k + run) != ')')) break;
        digits += (int)run;
        j = k + run + bracket;
        if (free_after(s, j)) best = digits >= 8 && digits <= 15 ? j : -1;
        if (!bracket && is_digit_at(s, j)) break;
    }
    return best;
}

static void claim_telephone(Scan *s, int64_t start, int64_t end, int strength) {
    if (money_before(s, start) || unit_after(s, end) || signed_start(s, start)) return;
    if (at(s, end) == '.' && is_digit_at(s, end + 1) && !closing_zero(s, end)) return;
    claim(s, start, end, T_PHONE, strength);
}

static void telephone(Scan *s, int64_t first, int labels) {
    const Token *token = &s->tokens[first];
    int64_t start = token->start, i = start;
    if (!is_digit_at(s, start)) return;
    if (first && neighbour(s, first - 1, s->tokens[first - 1].end, start, 0)) return;
    Telephone found = {0, 0, 0, 0, 0};
    int64_t code = starts(s, i, "0086") ? 4 : starts(s, i, "86") ? 2 : 0;
    if (code) {
        i += code;
        if (at(s, i) == ')') i++;
        found = after_country(s, skip_blank_or_dash(s, i, 2), 1);
    }
    if (!found.end) found = after_country(s, start, 0);
    if (found.end && found.valid) {
        int strength = found.country || found.gap || !found.local ? PLAUSIBLE : WEAK;
        int64_t lead = start;
        if (found.country && at(s, lead - 1) == '+') lead--;
        int closes = memchr(s->t + lead, ')', (size_t)(found.end - lead)) != NULL;
        claim_telephone(s, closes && at(s, lead - 1) == '(' ? lead - 1 : lead, found.end, strength);
        return;
    }
    if (at(s, start - 1) == '+') {
        int64_t end = foreign(s, start);
        if (end) {
            if (end > 0 && !starts(s, start, "86")) claim_telephone(s, start - 1, end, PLAUSIBLE);
            return;
        }
    }
    char digits[16];
    int n = 0;
    int64_t end = labels ? subscriber(s, start, digits, &n) : 0;
    if (end && label_before(s, start) == T_PHONE) claim_telephone(s, start, end, NAMED);
}
#endif
