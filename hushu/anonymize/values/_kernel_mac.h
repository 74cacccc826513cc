/* HMAC-SHA256 (FIPS 180-4) and HMAC-SM3 (GB/T 32905-2016) with cached key states (RFC 2104). */
#include "_kernel_words.h"

/* ---- SHA-256 ------------------------------------------------------------------------------- */

static const uint32_t SHA_IV[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint32_t SHA_K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static void sha256_portable(uint32_t s[8], const uint8_t *block) {
    uint32_t w[64], a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (int i = 0; i < 16; i++) w[i] = load_be(block + 4 * i);
    for (int i = 16; i < 64; i++) {
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (ROTR(x, 7) ^ ROTR(x, 18) ^ (x >> 3)) +
               (ROTR(y, 17) ^ ROTR(y, 19) ^ (y >> 10));
    }
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = h + (ROTR(e, 6) ^ ROTR(e, 11) ^ ROTR(e, 25)) + ((e & f) ^ (~e & g)) + SHA_K[i] + w[i];
        uint32_t t2 = (ROTR(a, 2) ^ ROTR(a, 13) ^ ROTR(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
    }
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
}

#ifdef HUSHU_X86
__attribute__((target("sha,sse4.1,ssse3"))) static void sha256_shani(uint32_t s[8], const uint8_t *block) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i t = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)s), 0xB1);
    __m128i st1 = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(s + 4)), 0x1B);
    __m128i st0 = _mm_alignr_epi8(t, st1, 8);
    st1 = _mm_blend_epi16(st1, t, 0xF0);
    const __m128i old0 = st0, old1 = st1;
    __m128i w[4];
    for (int i = 0; i < 4; i++)
        w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), swap);
    for (int i = 0; i < 16; i++) {
        __m128i m = w[i & 3];
        if (i >= 4) {
            m = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
            m = _mm_add_epi32(m, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
            m = _mm_sha256msg2_epu32(m, w[(i + 3) & 3]);
            w[i & 3] = m;
        }
        m = _mm_add_epi32(m, _mm_loadu_si128((const __m128i *)(SHA_K + 4 * i)));
        st1 = _mm_sha256rnds2_epu32(st1, st0, m);
        st0 = _mm_sha256rnds2_epu32(st0, st1, _mm_shuffle_epi32(m, 0x0E));
    }
    st0 = _mm_add_epi32(st0, old0);
    st1 = _mm_add_epi32(st1, old1);
    t = _mm_shuffle_epi32(st0, 0x1B);
    st1 = _mm_shuffle_epi32(st1, 0xB1);
    _mm_storeu_si128((__m128i *)s, _mm_blend_epi16(t, st1, 0xF0));
    _mm_storeu_si128((__m128i *)(s + 4), _mm_alignr_epi8(st1, t, 8));
}
#endif

/* ---- SM3 ----------------------------------------------------------------------------------- */

static const uint32_t SM3_IV[8] = {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
                                   0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e};

static uint32_t SM3_K[64]; /* T_j <<< j, filled when the module is loaded */

static void sm3_tables(void) {
    for (int j = 0; j < 64; j++) {
        uint32_t t = j < 16 ? 0x79cc4519u : 0x7a879d8au;
        SM3_K[j] = ROTL(t, j);
    }
}

#define SM3_ROUND(j, FF, GG)                                            \
    do {                                                                \
        uint32_t a12 = ROTL(a, 12), ss1 = ROTL(a12 + e + SM3_K[j], 7);  \
        uint32_t tt1 = (FF) + d + (ss1 ^ a12) + (w[j] ^ w[(j) + 4]);    \
        uint32_t tt2 = (GG) + h + ss1 + w[j];                           \
        d = c; c = ROTL(b, 9); b = a; a = tt1;                          \
        h = g; g = ROTL(f, 19); f = e;                                  \
        e = tt2 ^ ROTL(tt2, 9) ^ ROTL(tt2, 17);                         \
    } while (0)

static void sm3_compress(uint32_t s[8], const uint8_t *block) {
    uint32_t w[68], a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (int i = 0; i < 16; i++) w[i] = load_be(block + 4 * i);
    for (int i = 16; i < 68; i++) {
        uint32_t x = w[i - 16] ^ w[i - 9] ^ ROTL(w[i - 3], 15);
        w[i] = x ^ ROTL(x, 15) ^ ROTL(x, 23) ^ ROTL(w[i - 13], 7) ^ w[i - 6];
    }
    for (int j = 0; j < 16; j++) SM3_ROUND(j, a ^ b ^ c, e ^ f ^ g);
    for (int j = 16; j < 64; j++) SM3_ROUND(j, (a & b) | (a & c) | (b & c), (e & f) | (~e & g));
    s[0] ^= a; s[1] ^= b; s[2] ^= c; s[3] ^= d; s[4] ^= e; s[5] ^= f; s[6] ^= g; s[7] ^= h;
}

#ifdef HUSHU_X86
/* SM3 of eight messages at once, one 32-bit lane each. */
typedef uint32_t lanes __attribute__((vector_size(32)));
#define LANES 8
#define LROTL(x, n) (((x) << (n)) | ((x) >> (32 - (n))))

__attribute__((target("avx2"))) static void sm3_lanes(lanes s[8], const uint8_t blocks[LANES][64]) {
    lanes w[68], a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (int i = 0; i < 16; i++)
        for (int l = 0; l < LANES; l++) w[i][l] = load_be(blocks[l] + 4 * i);
    for (int i = 16; i < 68; i++) {
        lanes x = w[i - 16] ^ w[i - 9] ^ LROTL(w[i - 3], 15);
        w[i] = x ^ LROTL(x, 15) ^ LROTL(x, 23) ^ LROTL(w[i - 13], 7) ^ w[i - 6];
    }
    for (int j = 0; j < 64; j++) {
        lanes a12 = LROTL(a, 12), ss1 = a12 + e + SM3_K[j];
        ss1 = LROTL(ss1, 7);
        lanes ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
        lanes gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
        lanes tt1 = ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4]), tt2 = gg + h + ss1 + w[j];
        d = c; c = LROTL(b, 9); b = a; a = tt1;
        h = g; g = LROTL(f, 19); f = e;
        e = tt2 ^ LROTL(tt2, 9) ^ LROTL(tt2, 17);
    }
    s[0] ^= a; s[1] ^= b; s[2] ^= c; s[3] ^= d; s[4] ^= e; s[5] ^= f; s[6] ^= g; s[7] ^= h;
}
#endif

/* ---- HMAC of a column ---------------------------------------------------------------------- */

typedef void (*compress_fn)(uint32_t[8], const uint8_t *);

typedef struct {
    compress_fn compress;
    int lanes; /* eight short messages can be digested at once */
    uint32_t inner[8], outer[8]; /* states after the key block: one compression saved on each side */
} mac_key;

static int have_shani(void) {
#ifdef HUSHU_X86
    unsigned a, b, c, d;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1))
        return __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
#endif
    return 0;
}

static void mac_init(mac_key *m, int sm3, const uint8_t key[32]) {
    uint8_t pad[64];
    m->compress = sm3 ? sm3_compress : sha256_portable;
    m->lanes = 0;
#ifdef HUSHU_X86
    if (!sm3 && have_shani()) m->compress = sha256_shani;
    m->lanes = sm3 && __builtin_cpu_supports("avx2");
#endif
    memcpy(m->inner, sm3 ? SM3_IV : SHA_IV, 32);
    memcpy(m->outer, sm3 ? SM3_IV : SHA_IV, 32);
    memset(pad, 0x36, 64);
    for (int i = 0; i < 32; i++) pad[i] ^= key[i];
    m->compress(m->inner, pad);
    memset(pad, 0x5c, 64);
    for (int i = 0; i < 32; i++) pad[i] ^= key[i];
    m->compress(m->outer, pad);
}

/* Write the last block of a message of `total` bytes whose final n < 56 bytes are at data. */
static void last_block(uint8_t block[64], const uint8_t *data, size_t n, uint64_t total) {
    memset(block, 0, 64);
    memcpy(block, data, n);
    block[n] = 0x80;
    store_be(block + 56, (uint32_t)(total * 8 >> 32));
    store_be(block + 60, (uint32_t)(total * 8));
}

static void mac_digest(const mac_key *m, const uint8_t *data, size_t n, uint8_t out[32]) {
    uint8_t block[64];
    uint32_t s[8];
    uint64_t total = (uint64_t)n + 64;
    memcpy(s, m->inner, 32);
    for (; n >= 64; data += 64, n -= 64) m->compress(s, data);
    if (n >= 56) { /* the length does not fit behind the message */
        memset(block, 0, 64);
        memcpy(block, data, n);
        block[n] = 0x80;
        m->compress(s, block);
        memset(block, 0, 56);
        store_be(block + 56, (uint32_t)(total * 8 >> 32));
        store_be(block + 60, (uint32_t)(total * 8));
    } else {
        last_block(block, data, n, total);
    }
    m->compress(s, block);
    for (int i = 0; i < 8; i++) store_be(out + 4 * i, s[i]);
    last_block(block, out, 32, 64 + 32);
    memcpy(s, m->outer, 32);
    m->compress(s, block);
    for (int i = 0; i < 8; i++) store_be(out + 4 * i, s[i]);
}

#ifdef HUSHU_X86
/* HMAC-SM3 of eight messages, each shorter than 56 bytes. */
__attribute__((target("avx2"))) static void mac_lanes(const mac_key *m, const uint8_t *data[LANES],
                                                      const size_t n[LANES], uint8_t out[LANES][32]) {
    uint8_t blocks[LANES][64];
    lanes s[8];
    for (int l = 0; l < LANES; l++) last_block(blocks[l], data[l], n[l], n[l] + 64);
    for (int i = 0; i < 8; i++) s[i] = (lanes){0} + m->inner[i];
    sm3_lanes(s, (const uint8_t(*)[64])blocks);
    for (int l = 0; l < LANES; l++) {
        for (int i = 0; i < 8; i++) store_be(out[l] + 4 * i, s[i][l]);
        last_block(blocks[l], out[l], 32, 64 + 32);
    }
    for (int i = 0; i < 8; i++) s[i] = (lanes){0} + m->outer[i];
    sm3_lanes(s, (const uint8_t(*)[64])blocks);
    for (int l = 0; l < LANES; l++)
        for (int i = 0; i < 8; i++) store_be(out[l] + 4 * i, s[i][l]);
}
#endif
