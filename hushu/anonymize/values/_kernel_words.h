/* Rotations and big-endian words. */
#ifndef HUSHU_WORDS_H
#define HUSHU_WORDS_H

#include <stdint.h>
#include <string.h>

#if (defined(__x86_64__) || defined(__i386__)) && (defined(__GNUC__) || defined(__clang__))
#define HUSHU_X86 1
#include <cpuid.h>
#include <immintrin.h>
#endif

#define ROTL(x, n) (((x) << ((n) & 31)) | ((x) >> (-(n) & 31)))
#define ROTR(x, n) (((x) >> ((n) & 31)) | ((x) << (-(n) & 31)))

static inline uint32_t load_be(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void store_be(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}


#endif
