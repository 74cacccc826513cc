/* A generalisation hierarchy as codes, and the loss of publishing an ancestor. See hierarchy.py. */
#ifndef HUSHU_CLASSES_TREE_H
#define HUSHU_CLASSES_TREE_H

#include <stdint.h>
#include <stdlib.h>

#define TABLE_LEAVES 1024 /* up to here ancestor losses are tabulated, leaves x leaves */

typedef struct {
    int32_t leaves, height;
    const int32_t *groups; /* height x leaves */
    const int32_t *loss;   /* height x leaves, millionths */
    int32_t *table;        /* leaves x leaves, or NULL */
} Tree;

static int32_t ancestor_loss(const Tree *tree, int32_t low, int32_t high) {
    if (tree->table) return tree->table[(int64_t)low * tree->leaves + high];
    int32_t level = 0;
    const int32_t *groups = tree->groups;
    while (level < tree->height - 1 && groups[low] != groups[high]) {
        level++;
        groups += tree->leaves;
    }
    return tree->loss[(int64_t)level * tree->leaves + low];
}

static int tabulate(Tree *tree) {
    tree->table = NULL;
    if (tree->leaves > TABLE_LEAVES) return 1;
    int32_t *table = malloc(sizeof(int32_t) * tree->leaves * tree->leaves);
    if (!table) return 0;
    for (int32_t a = 0; a < tree->leaves; a++)
        for (int32_t b = 0; b < tree->leaves; b++) table[a * tree->leaves + b] = ancestor_loss(tree, a, b);
    tree->table = table;
    return 1;
}

#endif
