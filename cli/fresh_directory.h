/* A directory that a command fills: one that was not there, or was empty. What is made in it is remembered, so that all
 * of it can be taken away again when something fails half-way. Nothing that exists is ever written to. */
#ifndef GAINSAY_FRESH_DIRECTORY_H
#define GAINSAY_FRESH_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

struct fresh_directory {
    const char *path; /* borrowed */
    char **made;      /* paths, in the order in which they were made; owned */
    size_t count, capacity;
};

/* Makes the directory, or takes an empty one that is there; one in which there is only a .git counts as empty. False:
 * why not, in error, a line that begins with the path; nothing was made. */
bool fresh_directory_make(struct fresh_directory *directory, const char *path, char *error, size_t error_size);

/* Writes a file and the directories on the way to it. name: relative to the directory. False: a line in error. */
bool fresh_directory_write(struct fresh_directory *directory, const char *name, const char *text, size_t size,
                           char *error, size_t error_size);

/* The path of an entry that somebody else is going to write; the directories on the way to it are made and it will be
 * removed with the rest. NULL: a line in error. Owned by the directory. */
const char *fresh_directory_entry(struct fresh_directory *directory, const char *name, char *error, size_t error_size);

/* Removes all that was made, and the directory itself unless it was there before. */
void fresh_directory_remove(struct fresh_directory *directory);

/* Frees what is remembered; the files stay. */
void fresh_directory_free(struct fresh_directory *directory);

#endif
