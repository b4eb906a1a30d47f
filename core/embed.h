/* Files that become part of the program: templates, style sheets. They stay files of their own kind in the tree (an
 * editor, a compiler or a browser can open them) and are taken in as they are, byte by byte, by the assembler's
 * .incbin, which gcc and clang both have. No generated source, nothing to find at run time.
 *
 *     EMBED(page_style, "cli/html/style.css");
 *     fwrite(page_style, 1, EMBED_SIZE(page_style), out);
 *
 * The path is taken from the directory that the compiler runs in: the root of the project. The compiler does not tell
 * make of such files: the Makefile needs a line, `$(OBJ)/cli/user.o: FILES`, so that a change builds the user again. */
#ifndef GAINSAY_EMBED_H
#define GAINSAY_EMBED_H

#include <stddef.h>
#include <stdint.h>

/* At file scope: `symbol` and `symbol_end` are the file's first byte and the one behind its last, read-only. The latter
 * is a zero, so that a text is a string too. The symbols are seen by all of the program's files and by no plugin:
 * choose names that are nobody else's. path: a string literal without quotes or backslashes. */
#define EMBED(symbol, path)                                           \
    __asm__(".pushsection .rodata\n"                                  \
            ".balign 16\n"                                            \
            ".globl " #symbol "\n.hidden " #symbol "\n"               \
            ".globl " #symbol "_end\n.hidden " #symbol "_end\n"       \
            ".type " #symbol ", STT_OBJECT\n" #symbol ":\n"           \
            ".incbin \"" path "\"\n" #symbol "_end:\n"                \
            ".byte 0\n"                                               \
            ".size " #symbol ", " #symbol "_end - " #symbol "\n"      \
            ".popsection\n");                                         \
    extern __attribute__((visibility("hidden"))) const char symbol[]; \
    extern __attribute__((visibility("hidden"))) const char symbol##_end[]

/* Bytes, without the zero behind them. By way of integers: to the compiler these are two arrays. */
#define EMBED_SIZE(symbol) ((size_t)((uintptr_t)symbol##_end - (uintptr_t)(symbol)))

#endif
