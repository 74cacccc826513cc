/* Conventional nulls; the counterpart of is_blank in reference.py, whose words it is given. */
#ifndef HUSHU_NULLS_H
#define HUSHU_NULLS_H

#include "text.h"

enum { MAX_NULLS = 64 };

static uint8_t NULL_WORDS[MAX_NULLS][16];
static uint16_t NULL_LENGTHS[256]; /* by first byte: a bit for each length of a null word */
static uint8_t NULL_FROM[256], NULL_TO[256]; /* by first byte: the words, which come sorted */
static int NULL_COUNT, LONGEST_NULL;

static void add_null(const char *text, int64_t size) {
    uint8_t first = (uint8_t)text[0];
    memset(NULL_WORDS[NULL_COUNT], 0, 16);
    if (!NULL_LENGTHS[first]) NULL_FROM[first] = (uint8_t)NULL_COUNT;
    NULL_TO[first] = (uint8_t)(NULL_COUNT + 1);
    NULL_LENGTHS[first] |= (uint16_t)(1u << size);
    memcpy(NULL_WORDS[NULL_COUNT++], text, (size_t)size);
    if (size > LONGEST_NULL) LONGEST_NULL = (int)size;
}

static inline int is_null_word(Bytes t, int64_t n) {
    if (n > LONGEST_NULL || !(NULL_LENGTHS[lower(t[0])] >> n & 1)) return 0;
    int first = lower(t[0]);
    for (int k = NULL_FROM[first]; k < NULL_TO[first]; k++) {
        int64_t i = 1;
        while (i < n && lower(t[i]) == NULL_WORDS[k][i]) i++;
        if (i == n && !NULL_WORDS[k][n]) return 1;
    }
    return 0;
}
#endif
