/* What a class must show in a sensitive column: l-diversity and t-closeness, as in classes.py. */
#ifndef HUSHU_CLASSES_RULES_H
#define HUSHU_CLASSES_RULES_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-9 /* see criteria.py */

typedef struct {
    const int32_t *codes; /* n */
    int32_t width, height, diversity, closeness;
    double l, c, t;          /* l, t < 0: not asked */
    const double *reference; /* width */
    const int32_t *levels;   /* height x width */
} Rule;

static int descending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

static double diversity(const Rule *rule, const double *count, double total, double *work) {
    double value = 0;
    if (rule->diversity == 0) {
        for (int32_t v = 0; v < rule->width; v++) value += count[v] > 0;
    } else if (rule->diversity == 1) {
        for (int32_t v = 0; v < rule->width; v++)
            if (count[v] > 0) value -= count[v] / total * log(count[v] / total);
        value = exp(value);
    } else {
        memcpy(work, count, sizeof(double) * rule->width);
        qsort(work, rule->width, sizeof(double), descending);
        double tail = total;
        for (int32_t v = 0; v < rule->width && work[v] > 0; v++) {
            value += work[0] < rule->c * tail;
            tail -= work[v];
        }
    }
    return value;
}

static double closeness(const Rule *rule, const double *count, double total, double *work, int32_t *parents) {
    double distance = 0;
    int32_t width = rule->width;
    for (int32_t v = 0; v < width; v++) work[v] = count[v] / total - rule->reference[v];
    if (rule->closeness == 0) {
        for (int32_t v = 0; v < width; v++) distance += fabs(work[v]);
        return distance / 2;
    }
    if (rule->closeness == 1) {
        double sum = 0;
        for (int32_t v = 0; v + 1 < width; v++) distance += fabs(sum += work[v]);
        return distance / (width > 1 ? width - 1 : 1);
    }
    double *surplus = work + width, *lack = work + 2 * width, *child = work + 3 * width;
    for (int32_t level = 1; level < rule->height; level++) {
        const int32_t *below = rule->levels + (int64_t)(level - 1) * width, *above = below + width;
        memset(surplus, 0, sizeof(double) * 3 * width);
        for (int32_t v = 0; v < width; v++) {
            child[below[v]] += work[v];
            parents[below[v]] = above[v];
        }
        int32_t groups = 0;
        for (int32_t v = 0; v < width; v++)
            if (below[v] >= groups) groups = below[v] + 1;
        for (int32_t g = 0; g < groups; g++) {
            if (child[g] > 0) surplus[parents[g]] += child[g];
            else lack[parents[g]] -= child[g];
        }
        for (int32_t v = 0; v < width; v++)
            distance += (double)level / (rule->height - 1) * (surplus[v] < lack[v] ? surplus[v] : lack[v]);
    }
    return distance;
}

static int side_holds(const Rule *rule, const double *count, double total, double *work, int32_t *parents) {
    if (rule->l >= 0 && diversity(rule, count, total, work) < rule->l - TOLERANCE) return 0;
    return !(rule->t >= 0 && closeness(rule, count, total, work, parents) > rule->t + TOLERANCE);
}

#endif
