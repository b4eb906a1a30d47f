/* What the fuzzers start from, and damage to it, in an ordinary build: see tests/fuzz_inputs/. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz_inputs/suite_input.h"
#include "tests/fuzz_inputs/trace_input.h"
#include "tests/test_trace_model.h"

/* Calls visit for each file of the corpus; returns how many. */
static int visit_corpus(const char *reader, void (*visit)(char *text, size_t size))
{
    const char *root = getenv("GAINSAY_ROOT");
    struct dirent **entries;
    char *directory, *path;
    int visited = 0;
    cr_assert(asprintf(&directory, "%s/tests/fuzz_inputs/%s", root ? root : ".", reader) > 0);
    const int count = scandir(directory, &entries, NULL, alphasort);
    cr_assert(count > 0, "%s", directory);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            cr_assert(asprintf(&path, "%s/%s", directory, entries[i]->d_name) > 0);
            char *text = read_text_file(path);
            visit(text, strlen(text));
            visited++;
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    free(directory);
    return visited;
}

/* What is done with each file's bytes. */
static void (*try_input)(const uint8_t *data, size_t size);
static size_t stride; /* between places that are damaged */

static void try_whole(char *text, size_t size)
{
    try_input((const uint8_t *)text, size);
}

static void try_truncated(char *text, size_t size)
{
    for (size_t cut = 0; cut < size; cut += stride)
        try_input((const uint8_t *)text, cut);
}

static void try_damaged(char *text, size_t size)
{
    static const char damage[] = {'\0', '\n', '"', '9', '{', '\x80', '=', '['};
    for (size_t at = 0; at < size; at += stride) {
        const char byte = text[at];
        text[at] = damage[at / stride % sizeof(damage)];
        try_input((const uint8_t *)text, size);
        text[at] = byte;
    }
}

/* Both abort where an answer is not what the headers promise. */
Test(fuzz_inputs, first_traces_whole_truncated_and_damaged_are_answered, .timeout = 60)
{
    try_input = trace_input_try;
    stride = 3;
    cr_expect(visit_corpus("trace", try_whole) >= 5);
    visit_corpus("trace", try_truncated);
    visit_corpus("trace", try_damaged);
}

/* Wider apart: the plan asks a child for each run. */
Test(fuzz_inputs, first_suites_whole_truncated_and_damaged_are_answered, .timeout = 60)
{
    try_input = suite_input_try;
    stride = 23;
    cr_expect(visit_corpus("suite", try_whole) >= 3);
    visit_corpus("suite", try_truncated);
    visit_corpus("suite", try_damaged);
}
