/* Whether bytes are UTF-8. With SSSE3, after Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte"
   (2021): three table look-ups on neighbouring half bytes find every error. */
#ifndef HUSHU_UTF8_H
#define HUSHU_UTF8_H

#include <stdint.h>
#include <string.h>

typedef const uint8_t *Bytes;

enum { NOT_UTF8 = 0, UTF8 = 1, ASCII = 2 };

static inline int follows(Bytes t, int64_t i, int64_t count) {
    for (int64_t k = 1; k <= count; k++) if ((t[i + k] & 0xC0) != 0x80) return 0;
    return 1;
}

/* The length of the character at i of n bytes, 0 when it is none of UTF-8. */
static inline int64_t character(Bytes t, int64_t i, int64_t n) {
    int c = t[i], next = i + 1 < n ? t[i + 1] : 0;
    if (c < 0x80) return 1;
    if (c < 0xC2 || c > 0xF4) return 0;
    if (c < 0xE0) return i + 2 <= n && follows(t, i, 1) ? 2 : 0;
    if (c < 0xF0) return i + 3 <= n && follows(t, i, 2) && (c != 0xE0 || next >= 0xA0) && (c != 0xED || next <= 0x9F) ? 3 : 0;
    return i + 4 <= n && follows(t, i, 3) && (c != 0xF0 || next >= 0x90) && (c != 0xF4 || next <= 0x8F) ? 4 : 0;
}

static int kind_of_plainly(Bytes t, int64_t n) {
    int kind = ASCII;
    for (int64_t i = 0, size; i < n; i += size) {
        if (!(size = character(t, i, n))) return NOT_UTF8;
        if (size > 1) kind = UTF8;
    }
    return kind;
}

#if defined(__GNUC__) && defined(__x86_64__)
#include <tmmintrin.h>

enum {
    TOO_SHORT = 1, TOO_LONG = 2, OVERLONG_3 = 4, TOO_LARGE = 8, SURROGATE = 16, OVERLONG_2 = 32, TOO_LARGE_1000 = 64, OVERLONG_4 = 64,
    TWO_CONTS = 128, CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS, LARGE = CARRY | TOO_LARGE | TOO_LARGE_1000,
    CONT = TOO_LONG | OVERLONG_2 | TWO_CONTS
};

__attribute__((target("ssse3"))) static inline __m128i errors_in(__m128i now, __m128i before) {
    const __m128i low = _mm_set1_epi8(15);
    const __m128i first_high = _mm_setr_epi8(
        TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, (char)TWO_CONTS, (char)TWO_CONTS, (char)TWO_CONTS,
        (char)TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4);
    const __m128i first_low = _mm_setr_epi8(
        (char)(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), (char)(CARRY | OVERLONG_2), (char)CARRY, (char)CARRY, (char)(CARRY | TOO_LARGE), (char)LARGE,
        (char)LARGE, (char)LARGE, (char)LARGE, (char)LARGE, (char)LARGE, (char)LARGE, (char)LARGE, (char)(LARGE | SURROGATE), (char)LARGE, (char)LARGE);
    const __m128i second_high = _mm_setr_epi8(
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, (char)(CONT | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4),
        (char)(CONT | OVERLONG_3 | TOO_LARGE), (char)(CONT | SURROGATE | TOO_LARGE), (char)(CONT | SURROGATE | TOO_LARGE), TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT);
    __m128i one = _mm_alignr_epi8(now, before, 15), two = _mm_alignr_epi8(now, before, 14), three = _mm_alignr_epi8(now, before, 13);
    __m128i pair = _mm_and_si128(
        _mm_and_si128(_mm_shuffle_epi8(first_high, _mm_and_si128(_mm_srli_epi16(one, 4), low)), _mm_shuffle_epi8(first_low, _mm_and_si128(one, low))),
        _mm_shuffle_epi8(second_high, _mm_and_si128(_mm_srli_epi16(now, 4), low)));
    __m128i third = _mm_subs_epu8(two, _mm_set1_epi8(0xE0 - 0x80)), fourth = _mm_subs_epu8(three, _mm_set1_epi8(0xF0 - 0x80));
    return _mm_xor_si128(_mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8((char)0x80)), pair);
}

__attribute__((target("ssse3"))) static int kind_of_quickly(Bytes t, int64_t n) {
    __m128i before = _mm_setzero_si128(), wrong = before, any = before;
    uint8_t rest[16] = {0};
    int64_t i = 0;
    for (; i + 16 <= n; i += 16) {
        __m128i now = _mm_loadu_si128((const __m128i *)(t + i));
        wrong = _mm_or_si128(wrong, errors_in(now, before));
        any = _mm_or_si128(any, now);
        before = now;
    }
    memcpy(rest, t + i, (size_t)(n - i)); /* the zeros after it end a character too early if it is not whole */
    __m128i now = _mm_loadu_si128((const __m128i *)rest);
    wrong = _mm_or_si128(wrong, errors_in(now, before));
    any = _mm_or_si128(any, now);
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(wrong, _mm_setzero_si128())) != 0xFFFF) return NOT_UTF8;
    return _mm_movemask_epi8(any) ? UTF8 : ASCII;
}

static int kind_of(Bytes t, int64_t n) { return __builtin_cpu_supports("ssse3") ? kind_of_quickly(t, n) : kind_of_plainly(t, n); }
#else
static int kind_of(Bytes t, int64_t n) { return kind_of_plainly(t, n); }
#endif
#endif
