/* Only sizes are looked at; the rest (machine, class, symbols) dlopen tells itself. */
#include "cli/object_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct object {
    int descriptor;
    uint64_t size, needed; /* bytes: there are, and the headers speak of */
};

static void need(struct object *object, uint64_t offset, uint64_t size)
{
    const uint64_t end = size <= UINT64_MAX - offset ? offset + size : UINT64_MAX;
    if (end > object->needed)
        object->needed = end;
}

static void need_segments(struct object *object, const ElfW(Ehdr) * header)
{
    for (uint64_t i = 0; i < header->e_phnum && object->needed <= object->size; i++) {
        ElfW(Phdr) segment;
        const off_t place = (off_t)(header->e_phoff + i * sizeof(segment));
        if (pread(object->descriptor, &segment, sizeof(segment), place) == (ssize_t)sizeof(segment))
            need(object, segment.p_offset, segment.p_filesz);
    }
}

/* Of another class, the headers have another shape: dlopen refuses it. */
static bool is_of_our_class(const ElfW(Ehdr) * header)
{
    return header->e_ident[EI_CLASS] == (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) &&
           header->e_phentsize == sizeof(ElfW(Phdr));
}

static bool is_whole(struct object *object, char *error, size_t error_size)
{
    ElfW(Ehdr) header;
    const ssize_t got = pread(object->descriptor, &header, sizeof(header), 0);
    if (got < SELFMAG || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        snprintf(error, error_size, "not a shared object (no ELF file): make it with cc -shared -fPIC, or give FILE.c");
        return false;
    }
    need(object, 0, sizeof(header));
    if (got == (ssize_t)sizeof(header) && is_of_our_class(&header)) {
        need(object, header.e_phoff, (uint64_t)header.e_phnum * header.e_phentsize);
        need(object, header.e_shoff, (uint64_t)header.e_shnum * header.e_shentsize);
        need_segments(object, &header);
    }
    if (object->needed <= object->size)
        return true;
    snprintf(error, error_size, "truncated: it has %" PRIu64 " bytes, its headers speak of %" PRIu64 ": make it again",
             object->size, object->needed);
    return false;
}

bool object_file_is_whole(const char *path, char *error, size_t error_size)
{
    struct stat status;
    struct object object = {.descriptor = open(path, O_RDONLY | O_CLOEXEC)};
    if (object.descriptor < 0 || fstat(object.descriptor, &status) != 0) {
        snprintf(error, error_size, "%s", strerror(errno));
        if (object.descriptor >= 0)
            close(object.descriptor);
        return false;
    }
    object.size = (uint64_t)status.st_size;
    const bool whole = is_whole(&object, error, error_size);
    close(object.descriptor);
    return whole;
}
