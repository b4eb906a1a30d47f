/* What a suite says: a row per run, the failures explained, a last line for grep. */
#ifndef GAINSAY_SUITE_TABLE_H
#define GAINSAY_SUITE_TABLE_H

#include "cli/suite_result.h"

/* Widths of the columns whose contents are known before. */
struct suite_table {
    int name, subject;
};

void suite_table_header(struct suite_table *table, const struct suite_run *const *runs, size_t count);
void suite_table_row(const struct suite_table *table, const struct suite_result *result);

/* Why it failed, and how to see it again. */
void suite_table_explain(const struct suite_result *result, const char *path);

#endif
