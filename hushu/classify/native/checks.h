/* Check characters and formats of strings of capitals and digits; the counterpart of candidates.py. */
#ifndef HUSHU_CHECKS_H
#define HUSHU_CHECKS_H

#include "text.h"
#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define HUSHU_SSE2 1
#endif

enum Type {
    T_RESIDENCE_PERMIT, T_RESIDENT, T_FOREIGNER, T_USCC, T_STUDENT, T_ESTATE, T_CASE, T_EMAIL, T_CREDENTIAL, T_MAC,
    T_IP, T_VIN, T_PLATE, T_MILITARY, T_CARD, T_PHONE, T_IMEI, T_BUSINESS, T_ORG, T_PASSPORT, T_TRAVEL, T_GEO, TYPE_COUNT
};

typedef struct { int count; uint8_t type[6], strength[6]; } Verdicts;

static int32_t TODAY; /* YYYYMMDD */
static int8_t USCC_VALUE[128], VIN_VALUE[128];
static uint8_t PROVINCE_CODE[100], COUNTRY[26 * 26 * 26]; /* COUNTRY comes from the tables: ISO 3166-1 alpha-3 */

static int country_index(const char *d) {
    for (int k = 0; k < 3; k++) if (d[k] < 'A' || d[k] > 'Z') return -1;
    return (d[0] - 'A') * 676 + (d[1] - 'A') * 26 + d[2] - 'A';
}

static void init_checks(void) {
    static const char uscc[] = "0123456789ABCDEFGHJKLMNPQRTUWXY", vin[] = "ABCDEFGHJKLMNPRSTUVWXYZ";
    static const int8_t letters[] = {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9};
    static const uint8_t codes[] = {10, 11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44,
                                    45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82};
    memset(USCC_VALUE, -1, sizeof USCC_VALUE);
    memset(VIN_VALUE, -1, sizeof VIN_VALUE);
    for (int k = 0; uscc[k]; k++) USCC_VALUE[(int)uscc[k]] = (int8_t)k;
    for (int k = 0; k < 10; k++) VIN_VALUE['0' + k] = (int8_t)k;
    for (int k = 0; vin[k]; k++) VIN_VALUE[(int)vin[k]] = letters[k];
    for (size_t k = 0; k < sizeof codes; k++) PROVINCE_CODE[codes[k]] = 1;
}

static inline int two(const char *d) { return (d[0] - '0') * 10 + d[1] - '0'; }

static int all_digits(const char *d, int from, int to) {
    for (int k = from; k < to; k++) if (!is_digit((uint8_t)d[k])) return 0;
    return 1;
}

static int same(const char *d, int n) {
    for (int k = 1; k < n; k++) if (d[k] != d[0]) return 0;
    return 1;
}

static int real_date(int year, int month, int day) {
    static const uint8_t days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1850 || month < 1 || month > 12 || day < 1) return 0;
    if (day > days[month]) {
        int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        if (month != 2 || day != 29 || !leap) return 0;
    }
    return year * 10000 + month * 100 + day <= TODAY;
}

#ifdef HUSHU_SSE2
/* The sum of sixteen digits, each times its weight. */
static inline int weighted_16(const char *d, const int16_t *weights) {
    const __m128i zero = _mm_setzero_si128();
    __m128i x = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)d), _mm_set1_epi8('0'));
    __m128i low = _mm_madd_epi16(_mm_unpacklo_epi8(x, zero), _mm_loadu_si128((const __m128i *)weights));
    __m128i high = _mm_madd_epi16(_mm_unpackhi_epi8(x, zero), _mm_loadu_si128((const __m128i *)(weights + 8)));
    __m128i sum = _mm_add_epi32(low, high);
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
    return _mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1)));
}

static inline int mod_11_2(const char *d) {
    static const int16_t weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4};
    return "10X98765432"[(weighted_16(d, weights) + 2 * (d[16] - '0')) % 11];
}

/* Of at least sixteen digits. */
static inline int luhn_sum(const char *d, int n) {
    const __m128i doubled = _mm_set1_epi16(0x00FF); /* the first of each pair: the last but one, the last but three … */
    __m128i x = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(d + n - 16)), _mm_set1_epi8('0'));
    x = _mm_add_epi8(x, _mm_and_si128(x, doubled));
    x = _mm_sub_epi8(x, _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(9)), _mm_set1_epi8(9)));
    x = _mm_sad_epu8(x, _mm_setzero_si128());
    int sum = _mm_cvtsi128_si32(x) + _mm_extract_epi16(x, 4);
    for (int k = 16; k < n; k++) {
        int value = (d[n - 1 - k] - '0') << (k & 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum;
}
#else
static int mod_11_2(const char *d) {
    static const uint8_t weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int k = 0; k < 17; k++) sum += (d[k] - '0') * weights[k];
    return "10X98765432"[sum % 11];
}

static int luhn_sum(const char *d, int n) {
    int sum = 0;
    for (int k = 0; k < n; k++) {
        int value = (d[n - 1 - k] - '0') << (k & 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum;
}
#endif

static int luhn(const char *d, int n) {
    char padded[16];
    if (n >= 16) return luhn_sum(d, n) % 10 == 0;
    memset(padded, '0', sizeof padded);
    memcpy(padded + 16 - n, d, (size_t)n);
    return luhn_sum(padded, 16) % 10 == 0;
}

/* A resident or foreigner number of 18: digits, a real date, the check character. */
static int dated_18(const char *d) {
    return real_date(two(d + 6) * 100 + two(d + 8), two(d + 10), two(d + 12)) && all_digits(d, 0, 17) && mod_11_2(d) == d[17];
}

static int resident_18(const char *d) { return d[0] >= '1' && d[0] <= '8' && dated_18(d); }

static int uscc(const char *d) {
    static const char kinds[][8] = {"1239", "19", "123459", "19", "1239", "129", "129", "19", "1239"};
    static const uint8_t weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    const char *kind = d[0] >= '1' && d[0] <= '9' ? kinds[d[0] - '1'] : d[0] == 'A' ? "19" : d[0] == 'N' ? "1239" : d[0] == 'Y' ? "1" : "";
    if (!strchr(kind, d[1]) || same(d, 18) || !all_digits(d, 2, 8) || !PROVINCE_CODE[two(d + 2)]) return 0;
    int sum = 0;
    for (int k = 0; k < 17; k++) {
        int value = USCC_VALUE[(int)d[k]];
        if (value < 0) return 0;
        sum += value * weights[k];
    }
    return USCC_VALUE[(int)d[17]] == (31 - sum % 31) % 31;
}

static int org_code(const char *d) {
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0, digits = 0;
    for (int k = 0; k < 8; k++) {
        int digit = d[k] <= '9';
        digits += digit;
        sum += (d[k] - '0' - (digit ? 0 : 'A' - '0' - 10)) * weights[k];
    }
    return digits && "0123456789X0"[11 - sum % 11] == d[8];
}

static int business(const char *d) {
    int product = 10;
    if (!PROVINCE_CODE[two(d)]) return 0;
    for (int k = 0; k < 14; k++) {
        int total = (product + d[k] - '0') % 10;
        product = (total ? total : 10) * 2 % 11;
    }
    return (11 - product) % 10 == d[14] - '0';
}

static int vin(const char *d) {
    static const uint8_t weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    for (int k = 0; k < 17; k++) {
        int value = VIN_VALUE[(int)d[k]];
        if (value < 0) return 0;
        sum += value * weights[k];
    }
    return "0123456789X"[sum % 11] == d[8];
}

static int card(const char *d, int n) {
    int head = two(d) * 100 + two(d + 2), first = two(d);
    int issuer = strchr("4569", d[0]) != NULL || (head >= 2221 && head <= 2720) || (head >= 3528 && head <= 3589) ||
                 first == 34 || first == 36 || first == 37 || first == 38;
    return issuer && luhn(d, n);
}

/* Eleven digits of a series allotted by March 2023. */
static int mobile(const char *d) {
    /* By the second digit, a bit for each third one; 162, 165-167 and 170-178 but for 174 among them. */
    static const uint16_t series[] = {0, 0, 0, 0x3FF, 0x3E0, 0x3EF, 0x0E4, 0x1EF, 0x3FF, 0x3EF};
    if (d[0] != '1') return 0;
    if (series[d[1] - '0'] >> (d[2] - '0') & 1) return 1;
    if (d[1] == '6') return d[2] == '1' && d[3] == '9';
    return d[1] == '7' && d[2] == '4' && (d[3] == '0' || d[3] == '1' || d[3] == '9');
}

/* A mobile number with or without 86, as a neighbour that explains a dash. */
static int mobile_prefixed(const char *d, int n) {
    if (n == 11) return mobile(d);
    if (n == 13) return d[0] == '8' && d[1] == '6' && mobile(d + 2);
    return n == 15 && memcmp(d, "0086", 4) == 0 && mobile(d + 4);
}

/* 0, an area code, and seven or eight digits from 2 to 8. */
static int area_and_number(const char *d, int n) {
    int area;
    if (n < 10 || n > 12 || d[0] != '0') return 0;
    if (d[1] == '1') area = d[2] == '0' ? 3 : 0;
    else if (d[1] == '2') area = d[2] != '6' ? 3 : 0;
    else area = d[1] >= '3' ? 4 : 0;
    int rest = n - area;
    return area && (rest == 7 || rest == 8) && d[area] >= '2' && d[area] <= '8';
}

static inline void say(Verdicts *v, int type, int strength) {
    v->type[v->count] = (uint8_t)type;
    v->strength[v->count++] = (uint8_t)strength;
}

static void eighteen(const char *d, int numeric, Verdicts *v) {
    if (resident_18(d)) {
        say(v, T_RESIDENT, PROVEN);
        if (d[0] == '8' && d[1] >= '1' && d[1] <= '3' && memcmp(d + 2, "0000", 4) == 0) say(v, T_RESIDENCE_PERMIT, PROVEN);
    } else if (d[0] == '9' && dated_18(d)) {
        say(v, T_FOREIGNER, PROVEN);
    }
    if (uscc(d)) say(v, T_USCC, numeric ? PLAUSIBLE : PROVEN);
}

static void fifteen(const char *d, Verdicts *v) {
    if (d[0] >= '1' && d[0] <= '8' && PROVINCE_CODE[two(d)] && real_date(1900 + two(d + 6), two(d + 8), two(d + 10)))
        say(v, T_RESIDENT, WEAK);
    if (luhn(d, 15)) say(v, T_IMEI, WEAK);
    if (business(d)) say(v, T_BUSINESS, WEAK);
    if (memcmp(d, "0086", 4) == 0 && mobile(d + 4)) say(v, T_PHONE, PLAUSIBLE);
}

static void of_digits(const char *d, int n, Verdicts *v) {
    if (n < 9 || (n != 17 && same(d, n))) return;
    if (n == 11 && d[0] == '1') {
        if (mobile(d)) say(v, T_PHONE, PLAUSIBLE);
    } else if (d[0] == '0' && n >= 10 && n <= 12) {
        if (area_and_number(d, n)) say(v, T_PHONE, WEAK);
    } else if (n == 9) {
        if (org_code(d)) say(v, T_ORG, WEAK);
        if (d[0] == '1' && (d[1] == '4' || d[1] == '5')) say(v, T_PASSPORT, WEAK);
    } else if (n == 13) {
        if (d[0] == '8' && d[1] == '6' && mobile(d + 2)) say(v, T_PHONE, PLAUSIBLE);
        else if (d[0] == '1' && d[1] == '4' && d[2] <= '4') say(v, T_PHONE, WEAK);
    } else if (n == 15) {
        fifteen(d, v);
    } else if (n >= 16 && n <= 19) {
        if (n == 18) eighteen(d, 1, v);
        if (!same(d, n) && card(d, n)) say(v, T_CARD, d[0] == '6' && d[1] == '2' ? PLAUSIBLE : WEAK);
        if (n == 17 && vin(d)) say(v, T_VIN, WEAK);
    }
}

static int no_io(int c) { return c >= 'A' && c <= 'Z' && c != 'I' && c != 'O'; }

static int passport(const char *d, int n) {
    int digits8 = n == 9 && all_digits(d, 1, 9);
    if (d[0] == 'E' && n == 9 && (digits8 || (no_io(d[1]) && all_digits(d, 2, 9)))) return 1;
    if ((d[0] == 'G' || d[0] == 'K' || d[0] == 'H') && digits8) return 1;
    if (strchr("DSP", d[0]) && (n == 8 || n == 9) && all_digits(d, 1, n)) return 1;
    if (strchr("DSP", d[0]) && d[1] == 'E' && (n == 9 || n == 10) && all_digits(d, 2, n)) return 1;
    if (n == 10 && ((d[0] == 'K' && d[1] == 'J') || (d[0] == 'H' && (d[1] == 'J' || d[1] == 'A')))) return all_digits(d, 2, 10);
    if (d[0] == 'M' && n == 8 && all_digits(d, 1, 8)) return 1;
    return d[0] == 'M' && n == 9 && (d[1] == 'A' || d[1] == 'B') && all_digits(d, 2, 9);
}

static int travel(const char *d, int n) {
    if (d[0] == 'H' || d[0] == 'M') return (n == 9 || n == 11) && all_digits(d, 1, n);
    if (d[0] == 'C') return n == 9 && (all_digits(d, 1, 9) || (no_io(d[1]) && all_digits(d, 2, 9)));
    return (d[0] == 'W' || d[0] == 'L' || d[0] == 'T') && n == 9 && all_digits(d, 1, 9);
}

static int unit_no(const char *d) {
    return all_digits(d, 0, 12) && strchr("GJZ", d[12]) && d[13] >= 'A' && d[13] <= 'Z' && all_digits(d, 14, 19) &&
           strchr("FLQW", d[19]) && all_digits(d, 20, 28);
}

static void of_mixed(const char *d, int n, Verdicts *v) {
    if (n >= 8 && n <= 11) {
        if (n == 9 && org_code(d)) say(v, T_ORG, WEAK);
        if (passport(d, n)) say(v, T_PASSPORT, WEAK);
        if (travel(d, n)) say(v, T_TRAVEL, WEAK);
    } else if (n == 15) {
        int country = country_index(d);
        if (country < 0 || !COUNTRY[country] || !all_digits(d, 3, 15)) return;
        int month = two(d + 9), day = two(d + 11), dated = d[3] >= '1' && d[3] <= '6' && month >= 1 && month <= 12 && day >= 1 && day <= 31;
        say(v, T_FOREIGNER, dated ? PLAUSIBLE : WEAK);
    } else if (n == 17) {
        if (vin(d)) say(v, T_VIN, d[0] == 'L' ? PLAUSIBLE : WEAK);
    } else if (n == 18) {
        eighteen(d, 0, v);
    } else if (n == 19) {
        if (strchr("GJL", d[0]) && resident_18(d + 1)) say(v, T_STUDENT, PROVEN);
        else if (strchr("LJ", d[0]) && all_digits(d, 1, 18)) say(v, T_STUDENT, WEAK);
    } else if (n == 28) {
        if (unit_no(d)) say(v, T_ESTATE, PROVEN);
    }
}
#endif
