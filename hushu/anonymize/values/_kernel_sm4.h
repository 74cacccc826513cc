/* SM4 of independent blocks (GB/T 32907-2016).
 *
 * The portable path looks tables up by secret bytes: its timing could tell a neighbour on the same core
 * something of the key. hushu works in batches on the owner's machine; the AES-NI path has no such tables.
 */
#include "_kernel_words.h"

/* ---- SM4 ----------------------------------------------------------------------------------- */

static const uint8_t SM4_S[256] = {
    0xd6, 0x90, 0xe9, 0xfe, 0xcc, 0xe1, 0x3d, 0xb7, 0x16, 0xb6, 0x14, 0xc2, 0x28, 0xfb, 0x2c, 0x05,
    0x2b, 0x67, 0x9a, 0x76, 0x2a, 0xbe, 0x04, 0xc3, 0xaa, 0x44, 0x13, 0x26, 0x49, 0x86, 0x06, 0x99,
    0x9c, 0x42, 0x50, 0xf4, 0x91, 0xef, 0x98, 0x7a, 0x33, 0x54, 0x0b, 0x43, 0xed, 0xcf, 0xac, 0x62,
    0xe4, 0xb3, 0x1c, 0xa9, 0xc9, 0x08, 0xe8, 0x95, 0x80, 0xdf, 0x94, 0xfa, 0x75, 0x8f, 0x3f, 0xa6,
    0x47, 0x07, 0xa7, 0xfc, 0xf3, 0x73, 0x17, 0xba, 0x83, 0x59, 0x3c, 0x19, 0xe6, 0x85, 0x4f, 0xa8,
    0x68, 0x6b, 0x81, 0xb2, 0x71, 0x64, 0xda, 0x8b, 0xf8, 0xeb, 0x0f, 0x4b, 0x70, 0x56, 0x9d, 0x35,
    0x1e, 0x24, 0x0e, 0x5e, 0x63, 0x58, 0xd1, 0xa2, 0x25, 0x22, 0x7c, 0x3b, 0x01, 0x21, 0x78, 0x87,
    0xd4, 0x00, 0x46, 0x57, 0x9f, 0xd3, 0x27, 0x52, 0x4c, 0x36, 0x02, 0xe7, 0xa0, 0xc4, 0xc8, 0x9e,
    0xea, 0xbf, 0x8a, 0xd2, 0x40, 0xc7, 0x38, 0xb5, 0xa3, 0xf7, 0xf2, 0xce, 0xf9, 0x61, 0x15, 0xa1,
    0xe0, 0xae, 0x5d, 0xa4, 0x9b, 0x34, 0x1a, 0x55, 0xad, 0x93, 0x32, 0x30, 0xf5, 0x8c, 0xb1, 0xe3,
    0x1d, 0xf6, 0xe2, 0x2e, 0x82, 0x66, 0xca, 0x60, 0xc0, 0x29, 0x23, 0xab, 0x0d, 0x53, 0x4e, 0x6f,
    0xd5, 0xdb, 0x37, 0x45, 0xde, 0xfd, 0x8e, 0x2f, 0x03, 0xff, 0x6a, 0x72, 0x6d, 0x6c, 0x5b, 0x51,
    0x8d, 0x1b, 0xaf, 0x92, 0xbb, 0xdd, 0xbc, 0x7f, 0x11, 0xd9, 0x5c, 0x41, 0x1f, 0x10, 0x5a, 0xd8,
    0x0a, 0xc1, 0x31, 0x88, 0xa5, 0xcd, 0x7b, 0xbd, 0x2d, 0x74, 0xd0, 0x12, 0xb8, 0xe5, 0xb4, 0xb0,
    0x89, 0x69, 0x97, 0x4a, 0x0c, 0x96, 0x77, 0x7e, 0x65, 0xb9, 0xf1, 0x09, 0xc5, 0x6e, 0xc6, 0x84,
    0x18, 0xf0, 0x7d, 0xec, 0x3a, 0xdc, 0x4d, 0x20, 0x79, 0xee, 0x5f, 0x3e, 0xd7, 0xcb, 0x39, 0x48};
static const uint32_t SM4_FK[4] = {0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc};
static uint32_t SM4_T[4][256]; /* S-box and linear map in one table per byte */

static void sm4_tables(void) {
    for (int i = 0; i < 256; i++) {
        uint32_t b = (uint32_t)SM4_S[i] << 24;
        uint32_t t = b ^ ROTL(b, 2) ^ ROTL(b, 10) ^ ROTL(b, 18) ^ ROTL(b, 24);
        for (int k = 0; k < 4; k++) SM4_T[k][i] = ROTR(t, 8 * k);
    }
}

static void sm4_schedule(const uint8_t key[16], uint32_t rk[32]) {
    uint32_t k[4];
    for (int i = 0; i < 4; i++) k[i] = load_be(key + 4 * i) ^ SM4_FK[i];
    for (int i = 0; i < 32; i++) {
        uint32_t ck = 0;
        for (int j = 0; j < 4; j++) ck = ck << 8 | (uint32_t)((4 * i + j) * 7 & 255);
        uint32_t x = k[(i + 1) & 3] ^ k[(i + 2) & 3] ^ k[(i + 3) & 3] ^ ck;
        x = (uint32_t)SM4_S[x >> 24] << 24 | (uint32_t)SM4_S[x >> 16 & 255] << 16 |
            (uint32_t)SM4_S[x >> 8 & 255] << 8 | SM4_S[x & 255];
        rk[i] = k[i & 3] ^= x ^ ROTL(x, 13) ^ ROTL(x, 23);
    }
}

#define SM4_F(x) (SM4_T[0][(x) >> 24] ^ SM4_T[1][(x) >> 16 & 255] ^ SM4_T[2][(x) >> 8 & 255] ^ SM4_T[3][(x) & 255])
#define SM4_LANES 4 /* blocks in flight: the rounds of one block wait on each other */

static void sm4_portable(const uint32_t rk[32], const uint8_t *in, uint8_t *out, Py_ssize_t n) {
    for (; n > 0; n -= SM4_LANES, in += 16 * SM4_LANES, out += 16 * SM4_LANES) {
        uint32_t x[4][SM4_LANES];
        int lanes = n < SM4_LANES ? (int)n : SM4_LANES;
        memset(x, 0, sizeof x);
        for (int l = 0; l < lanes; l++)
            for (int i = 0; i < 4; i++) x[i][l] = load_be(in + 16 * l + 4 * i);
        for (int r = 0; r < 32; r += 4)
            for (int i = 0; i < 4; i++)
                for (int l = 0; l < SM4_LANES; l++) {
                    uint32_t y = x[(i + 1) & 3][l] ^ x[(i + 2) & 3][l] ^ x[(i + 3) & 3][l] ^ rk[r + i];
                    x[i][l] ^= SM4_F(y);
                }
        for (int l = 0; l < lanes; l++)
            for (int i = 0; i < 4; i++) store_be(out + 16 * l + 4 * i, x[3 - i][l]);
    }
}

#ifdef HUSHU_X86
/* The S-boxes of SM4 and AES are both an inversion in GF(2^8) between affine maps, so AESENCLAST gives
 * SM4's through two more affine maps (nibble tables; derived from the two standards, checked by tests). */
#define SM4_PAIR 2 /* groups of four blocks in flight */

__attribute__((target("aes,ssse3"))) static inline __m128i sm4_affine(__m128i x, __m128i low, __m128i high) {
    const __m128i nibble = _mm_set1_epi8(15);
    __m128i upper = _mm_and_si128(_mm_srli_epi16(x, 4), nibble);
    return _mm_xor_si128(_mm_shuffle_epi8(low, _mm_and_si128(x, nibble)), _mm_shuffle_epi8(high, upper));
}

__attribute__((target("aes,ssse3"))) static inline __m128i sm4_round(__m128i x) {
    const __m128i pre_low = _mm_setr_epi8(0x3e, -0x4e, 0x0e, -0x7e, -0x45, 0x37, -0x75, 0x07, -0x5f, 0x2d, -0x6f, 0x1d,
                                          0x24, -0x58, 0x14, -0x68);
    const __m128i pre_high = _mm_setr_epi8(0x00, -0x24, 0x2e, -0x0e, -0x3b, 0x19, -0x15, 0x37, 0x08, -0x2c, 0x26, -0x06,
                                           -0x33, 0x11, -0x1d, 0x3f);
    const __m128i post_low = _mm_setr_epi8(0x47, -0x01, -0x73, 0x35, 0x79, -0x3f, -0x4d, 0x0b, 0x20, -0x68, -0x16, 0x52,
                                           0x1e, -0x5a, -0x2c, 0x6c);
    const __m128i post_high = _mm_setr_epi8(0x00, -0x20, 0x50, -0x50, -0x63, 0x7d, -0x33, 0x2d, -0x40, 0x20, -0x70, 0x70,
                                            0x5d, -0x43, 0x0d, -0x13);
    const __m128i unshift = _mm_setr_epi8(0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3);
    const __m128i left8 = _mm_setr_epi8(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
    const __m128i left16 = _mm_setr_epi8(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    const __m128i left24 = _mm_setr_epi8(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
    x = _mm_aesenclast_si128(sm4_affine(x, pre_low, pre_high), _mm_set1_epi8(15));
    x = sm4_affine(_mm_shuffle_epi8(x, unshift), post_low, post_high);
    __m128i y = _mm_xor_si128(x, _mm_xor_si128(_mm_shuffle_epi8(x, left8), _mm_shuffle_epi8(x, left16)));
    y = _mm_xor_si128(_mm_slli_epi32(y, 2), _mm_srli_epi32(y, 30));
    return _mm_xor_si128(x, _mm_xor_si128(y, _mm_shuffle_epi8(x, left24)));
}

/* Rows of four words become columns, and back. */
__attribute__((target("ssse3"))) static inline void sm4_turn(__m128i x[4]) {
    __m128i a = _mm_unpacklo_epi32(x[0], x[1]), b = _mm_unpacklo_epi32(x[2], x[3]);
    __m128i c = _mm_unpackhi_epi32(x[0], x[1]), d = _mm_unpackhi_epi32(x[2], x[3]);
    x[0] = _mm_unpacklo_epi64(a, b);
    x[1] = _mm_unpackhi_epi64(a, b);
    x[2] = _mm_unpacklo_epi64(c, d);
    x[3] = _mm_unpackhi_epi64(c, d);
}

__attribute__((target("aes,ssse3"))) static void sm4_aesni(const uint32_t rk[32], const uint8_t *in, uint8_t *out,
                                                           Py_ssize_t n) {
    const __m128i swap = _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    const Py_ssize_t step = 4 * SM4_PAIR;
    for (; n >= step; n -= step, in += 16 * step, out += 16 * step) {
        __m128i x[SM4_PAIR][4];
        for (int g = 0; g < SM4_PAIR; g++) {
            for (int i = 0; i < 4; i++)
                x[g][i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(in + 64 * g + 16 * i)), swap);
            sm4_turn(x[g]);
        }
        for (int r = 0; r < 32; r += 4)
            for (int i = 0; i < 4; i++)
                for (int g = 0; g < SM4_PAIR; g++) {
                    __m128i t = _mm_xor_si128(x[g][(i + 1) & 3], x[g][(i + 2) & 3]);
                    t = _mm_xor_si128(t, _mm_xor_si128(x[g][(i + 3) & 3], _mm_set1_epi32((int)rk[r + i])));
                    x[g][i] = _mm_xor_si128(x[g][i], sm4_round(t));
                }
        for (int g = 0; g < SM4_PAIR; g++) {
            __m128i y[4] = {x[g][3], x[g][2], x[g][1], x[g][0]};
            sm4_turn(y);
            for (int i = 0; i < 4; i++)
                _mm_storeu_si128((__m128i *)(out + 64 * g + 16 * i), _mm_shuffle_epi8(y[i], swap));
        }
    }
    sm4_portable(rk, in, out, n);
}
#endif

static void sm4_blocks(const uint32_t rk[32], const uint8_t *in, uint8_t *out, Py_ssize_t n) {
#ifdef HUSHU_X86
    if (__builtin_cpu_supports("aes") && __builtin_cpu_supports("ssse3")) {
        sm4_aesni(rk, in, out, n);
        return;
    }
#endif
    sm4_portable(rk, in, out, n);
}
