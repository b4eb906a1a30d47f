/* Shell completion: what the hidden subcommand offers, that all of it is taken, and the scripts in real shells. */
#include "tests/run_program.h"
#include "tests/scale.h"

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/placeholders.h"
#include "cli/protocols.h"

enum { WORDS_MAX = 8 };

/* gainsay complete -- WORDS, in a directory. */
static struct ran complete_in(const char *directory, const char *const *words)
{
    const char *arguments[WORDS_MAX + 4] = {program_path(), "complete", "--"};
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
        arguments[3 + i] = words[i];
    return run_in(directory, arguments);
}

/* The candidates alone: what stands behind tabs is cut off, in place. */
static char *cut_meanings(char *text)
{
    char *end = text;
    for (const char *from = text; *from; end += *end != '\0') {
        from += *from == '\t' ? strcspn(from, "\n") : 0;
        *end = *from;
        from += *from != '\0';
    }
    *end = '\0';
    return text;
}

/* ---- What is offered ---- */

struct offer {
    const char *words[WORDS_MAX];
    const char *offered; /* all of it, in this order */
};

static const struct offer offers[] = {
    {{"ch"}, "check\n"},
    {{"comp"}, "completion\n"},
    {{"-"}, "--help\n--version\n"},
    {{"shrin"}, "shrink\n"},
    {{"explor"}, ""},
    {{"nonsense", ""}, ""},
    {{"check", ""},
     ":files *.c *.so\nabd\ncausal-log\nchain-replication\ncraq\ncrdt-store\nflexible-paxos\ng-counter\nlww-register\nmulti-leader\nmulti-paxos\nmulti-paxos-kv\nmv-register\nor-set\nor-set-tagged\npaxos\npaxos-actors\npn-counter\nprimary-backup\nquorum-store\nraft\nraft-kv\nsingle-copy-register\ntwo-phase-commit\n"},
    {{"check", "t"}, ":files *.c *.so\ntwo-phase-commit\n"},
    {{"check", "--pre"}, "--preset\n"},
    {{"check", "--se"}, "--set\n"}, /* --seed is hidden */
    {{"check", "--hel"}, "--help\n"},
    {{"check", "raft", "--preset", "f"}, "full\nfull-crash\nfull-reboot\nfour-servers\nfour-terms\nfive-servers\n"},
    {{"check", "raft", "--preset=f"},
     "--preset=full\n--preset=full-crash\n--preset=full-reboot\n--preset=four-servers\n"
     "--preset=four-terms\n--preset=five-servers\n"},
    {{"check", "--strict", "two-phase-commit", "--preset", "sm"}, "small\n"},
    {{"check", "--copies", "raft", "--preset", ""}, ""}, /* that was the number of copies */
    {{"check", "--preset", "quick", "raft", "--set", "t"}, "terms=\n"},
    {{"check", "--preset=quick", "raft", "--set", "t"}, "terms=\n"},
    {{"check", "--", "raft", "--"}, ""},
    {{"check", "--preset", ""}, ""}, /* of which protocol? */
    {{"check", "raft", "--set", ""},
     "servers=\nterms=\nheartbeats=\nproposals=\ncommands=\nhb-empty=\ncandidates=\nsilent-leaders=\n"},
    {{"check", "raft", "--set", "servers="}, "servers=1\nservers=3\nservers=7\n"},
    {{"check", "raft", "--set=servers=7"}, "--set=servers=7\n"},
    {{"check", "raft", "--set", "sirvers="}, ""},
    {{"check", "raft", "--mutant", "vote-"}, "vote-twice\nvote-not-durable\n"},
    {{"check", "raft", "--property", "s"},
     ":files *.c *.so\nstate-machine-safety\nsplit-vote\nsecond-leader-in-a-later-term\nstale-entries-arrive\n"},
    {{"check", "raft", "--allow", "we"}, "well-behaved\n"},
    {{"check", "raft", "--network", ""}, "set\nbag\nfifo\n"},
    {{"check", "two-phase-commit", "--witness", ""}, "committed\naborted\nall\n"},
    {{"check", "two-phase-commit", "--witness", "all", ""}, ":directories\n"},
    {{"check", "two-phase-commit", "--witness", "all", "d", "--network", "b"}, "bag\n"},
    {{"check", "two-phase-commit", "--witness=all", "d", "--network", "b"}, "bag\n"},
    {{"check", "two-phase-commit", "--trace", "x"}, ":files\n"},
    {{"check", "two-phase-commit", "--trace=x"}, ":files\n"},
    {{"check", "two-phase-commit", "--max-states", ""}, ""},
    {{"check", "two-phase-commit", "--no-such-option="}, ""},
    {{"check", "two-phase-commit", "--strict="}, ""},
    {{"describe", "r"}, ":files *.c *.so\nraft\nraft-kv\n"},
    {{"mutants", "a"}, ":files *.c *.so\nabd\nall\n"},
    {{"mutants", "raft", "vote-t"}, "vote-twice\n"},
    {{"mutants", "raft", "vote-twice", "vote-n"}, "vote-not-durable\n"},
    {{"mutants", "all", "v"}, ""},
    {{"replay", ""}, ":files *.trace\n"},
    {{"replay", "a.trace", "b"}, ":files *.trace\n"},
    {{"replay", "a.trace", "--protocol", "r"}, ":files *.c *.so\nraft\nraft-kv\n"},
    {{"completion", ""}, "bash\nzsh\n"},
    {{"help", "comp"}, "completion\n"},
};

Test(completion, offers_what_may_stand_there)
{
    for (size_t i = 0; i < sizeof(offers) / sizeof(*offers); i++) {
        struct ran ran = complete_in(project_root(), offers[i].words);
        EXPECT_STATUS(ran, 0);
        cr_expect(eq(str, cut_meanings(ran.out), (char *)offers[i].offered), "%zu: %s %s", i, offers[i].words[0],
                  offers[i].words[1] ? offers[i].words[1] : "");
        cr_expect(eq(str, ran.err, ""));
        forget(&ran);
    }
}

Test(completion, says_what_a_candidate_means)
{
    struct ran ran = GAINSAY("complete", "--", "check", "raft", "--preset", "one");
    cr_expect(eq(str, ran.out, "one-term\t3 servers, 1 term\n"));
    forget(&ran);
    ran = GAINSAY("complete", "--", "check", "raft", "--set", "servers=7");
    cr_expect(eq(str, ran.out, "servers=7\tthe most\n"));
    forget(&ran);
    ran = GAINSAY("complete", "--", "check", "--cap");
    EXPECT_IN(ran.out, "--capacity\tAt most N messages in a channel");
    forget(&ran);
}

Test(completion, offers_options_where_nothing_else_may_stand)
{
    struct ran ran = GAINSAY("complete", "--", "check", "raft", "");
    EXPECT_IN(ran.out, "--preset\t");
    EXPECT_IN(ran.out, "--quiet\t");
    EXPECT_NOT_IN(ran.out, "--seed");
    forget(&ran);
}

Test(completion, without_words_offers_every_command_that_help_lists)
{
    struct ran offered = GAINSAY("complete", "--"), same = GAINSAY("complete"), helped = GAINSAY("--help");
    for (const struct command *command = commands; command->name; command++) {
        char *line = text_of("%s\t%s\n", command->name, command->summary ? command->summary : "");
        if (command->run && command->summary) {
            EXPECT_IN(offered.out, line);
            EXPECT_IN(helped.out, command->summary);
        } else {
            EXPECT_NOT_IN(offered.out, line);
        }
        free(line);
    }
    cr_expect(eq(str, offered.out, same.out));
    forget(&offered);
    forget(&same);
    forget(&helped);
}

Test(completion, stays_silent_whatever_it_is_asked)
{
    char *long_word = malloc(100001);
    memset(long_word, 'x', 100000);
    memcpy(long_word, "--set=", 6);
    long_word[100000] = '\0';
    const char *const odd[][WORDS_MAX] = {
        {"check", long_word},
        {"check", "raft", long_word},
        {"check", "raft", "--set", long_word},
        {long_word, ""},
        {"check", "raft", "=", "=="},
        {"check", "raft", "--=", "--"},
        {"--help", ""},
        {"--version", "-"},
        {"complete", "--", "check", ""},
        {"check", "-?", "--"},
        {"check", "\xff\xfe", "\x01"},
        {"", "", ""},
        {"check", "no-such-file.c"},
        {"list", "a", "b", "c", ""},
        {"help", "check", "more", ""},
    };
    for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
        struct ran ran = complete_in(project_root(), odd[i]);
        EXPECT_STATUS(ran, 0);
        cr_expect(eq(str, ran.err, ""), "%zu", i);
        forget(&ran);
    }
    free(long_word);
    char *full = text_of("'%s' complete -- ch >/dev/full && '%s' complete -- ch >&-", program_path(), program_path());
    struct ran ran = run_in(NULL, (const char *const[]){"sh", "-c", full, NULL});
    EXPECT_STATUS(ran, 0);
    cr_expect(eq(str, ran.err, ""));
    forget(&ran);
    free(full);
}

/* A compiler that leaves a mark shows whether it was run; describe shows that the mark would be seen. */
Test(completion, neither_compiles_nor_loads_a_protocol)
{
    char *directory = make_test_directory();
    char *compiler = text_of("%s/cc", directory), *mark = text_of("%s/mark", directory);
    char *script = text_of("#!/bin/sh\ntouch '%s'\nexec cc \"$@\"\n", mark);
    write_file(compiler, script);
    cr_assert(chmod(compiler, 0755) == 0);
    setenv("CC", compiler, 1);
    static const char *const values[] = {"--preset", "--set", "--mutant", "--allow"};
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
        struct ran ran = GAINSAY("complete", "--", "check", "examples/token_ring.c", values[i], "");
        cr_expect(eq(str, ran.out, ""), "%s", values[i]);
        forget(&ran);
    }
    cr_expect(file_exists(mark) == false);
    struct ran ran = GAINSAY("describe", "examples/token_ring.c");
    EXPECT_STATUS(ran, 0);
    cr_expect(file_exists(mark));
    forget(&ran);
    free(compiler);
    free(mark);
    free(script);
    remove_test_directory(directory);
}

/* ---- What is offered is taken ---- */

/* Runs `check PROTOCOL OPTION CANDIDATE` for each candidate: none may be refused. Returns how many there were. */
static size_t expect_taken(const char *protocol, const char *option, const char *beginning)
{
    size_t count = 0;
    char *rest = NULL;
    struct ran offered = GAINSAY("complete", "--", "check", protocol, option, beginning);
    cut_meanings(offered.out);
    for (char *line = strtok_r(offered.out, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (line[0] == ':')
            continue;
        count++;
        if (line[strlen(line) - 1] == '=') {
            cr_expect(expect_taken(protocol, option, line) > 0, "%s has no values", line);
            continue;
        }
        struct ran ran = GAINSAY("check", protocol, option, line, "--max-states", "1", "--quiet");
        cr_expect(ran.status != 2, "%s %s %s: %s", protocol, option, line, ran.err);
        forget(&ran);
    }
    forget(&offered);
    return count;
}

Test(completion, offers_only_what_is_taken)
{
    static const char *const values[] = {"--preset", "--set", "--mutant", "--property", "--allow", "--network"};
    enum { VALUES = sizeof(values) / sizeof(*values) };
    for (size_t p = 0; builtin_protocols[p]; p++)
        for (size_t i = IS_SLOW ? p % VALUES : 0; i < VALUES; i += IS_SLOW ? VALUES : 1)
            cr_expect(expect_taken(builtin_protocols[p]->name, values[i], "") > 0, "%s %s", builtin_protocols[p]->name,
                      values[i]);
}

/* ---- The tables ---- */

static void expect_known(const char *command, const char *usage)
{
    char placeholder[PLACEHOLDER_SIZE];
    for (size_t place = 0; place < 4 && placeholder_at(usage, place, placeholder); place++)
        cr_expect(placeholder_is_known(placeholder), "%s: %s is not among the placeholders of cli/placeholders.c",
                  command, placeholder);
}

static bool expect_known_value(const struct argp_option *option, void *context)
{
    if (option->arg && !(option->flags & OPTION_HIDDEN))
        expect_known(context, option->arg);
    return false;
}

Test(completion, knows_the_placeholders_of_every_command)
{
    for (const struct command *command = commands; command->name; command++) {
        if (!command->run || !command->summary)
            continue;
        cr_assert(command->argp != NULL, "%s: its line in the table of commands names no argp", command->name);
        arguments_visit(command->argp, expect_known_value, (void *)command->name);
        if (command->argp->args_doc)
            expect_known(command->name, command->argp->args_doc);
    }
    cr_expect(placeholder_is_known("PRESETS") == false);
}

Test(completion, finds_placeholders_by_their_place)
{
    char placeholder[PLACEHOLDER_SIZE];
    cr_expect(placeholder_at("PROTOCOL|all [MUTANT...]", 0, placeholder));
    cr_expect(eq(str, placeholder, "PROTOCOL|all"));
    cr_expect(placeholder_at("PROTOCOL|all [MUTANT...]", 7, placeholder));
    cr_expect(eq(str, placeholder, "MUTANT"));
    cr_expect(placeholder_at("GOAL|all DIR", 1, placeholder));
    cr_expect(eq(str, placeholder, "DIR"));
    cr_expect(placeholder_at("GOAL|all DIR", 2, placeholder) == false);
    cr_expect(placeholder_at("", 0, placeholder) == false);
    cr_expect(placeholder_allows("GOAL|all", "all"));
    cr_expect(placeholder_allows("GOAL|all", "GOA") == false);
}

/* ---- The shells ---- */

static bool has_program(const char *name)
{
    char *script = text_of("command -v %s", name);
    struct ran ran = run_in(NULL, (const char *const[]){"sh", "-c", script, NULL});
    const bool found = ran.status == 0;
    forget(&ran);
    free(script);
    return found;
}

/* For the scripts that run `gainsay`: finds the program that is tested. */
static void put_program_first_along_path(void)
{
    char *directory = text_of("%s", program_path());
    *strrchr(directory, '/') = '\0';
    char *path = text_of("%s:%s", directory, getenv("PATH"));
    setenv("PATH", path, 1);
    free(directory);
    free(path);
}

static char *make_directory_of_files(void)
{
    static const char *const names[] = {"a.trace", "b c.trace", "mine.c", "notes.txt"};
    char *directory = make_test_directory();
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char *path = text_of("%s/%s", directory, names[i]);
        write_file(path, "");
        free(path);
    }
    char *inner = text_of("%s/traces", directory);
    cr_assert(mkdir(inner, 0777) == 0);
    free(inner);
    return directory;
}

Test(completion, prints_the_scripts_of_the_tree)
{
    static const char *const shells[] = {"bash", "zsh"};
    for (size_t i = 0; i < 2; i++) {
        char *path = text_of("%s/cli/completion/gainsay.%s", project_root(), shells[i]);
        char *script = read_file(path);
        struct ran ran = GAINSAY("completion", shells[i]);
        EXPECT_STATUS(ran, 0);
        cr_expect(eq(str, ran.out, script));
        forget(&ran);
        free(script);
        free(path);
    }
}

struct shell_offer {
    const char *point; /* of the cursor, in bytes behind the program's name; "0": at the end */
    const char *words[WORDS_MAX];
    const char *offered; /* sorted; NULL: options */
};

static const struct shell_offer bash_offers[] = {
    {"0", {"ch"}, "check\n"},
    {"0",
     {"check", ""},
     "abd\ncausal-log\nchain-replication\ncraq\ncrdt-store\nflexible-paxos\ng-counter\nlww-register\nmine.c\nmulti-leader\nmulti-paxos\nmulti-paxos-kv\nmv-register\nor-set\nor-set-tagged\npaxos\npaxos-actors\npn-counter\nprimary-backup\nquorum-store\nraft\nraft-kv\nsingle-copy-register\ntraces\ntwo-phase-commit\n"},
    {"0",
     {"check", "raft", "--preset", "f"},
     "five-servers\nfour-servers\nfour-terms\nfull\nfull-crash\nfull-reboot\n"},
    {"0",
     {"check", "raft", "--preset", "+", "=", "+", "f"},
     "five-servers\nfour-servers\nfour-terms\nfull\nfull-crash\nfull-reboot\n"},
    {"0", {"check", "raft", "--set", "servers", "+", "="}, "1\n3\n7\n"},
    {"0", {"check", "raft", "--set", "servers", "+", "=", "+", "7"}, "7\n"},
    {"0", {"check", "raft", "--set", "\"servers"}, "servers=\n"},
    {"0", {"check", "raft", "--strict", ""}, NULL},
    {"3", {"check"}, "check\n"}, /* the cursor behind "ch" */
    {"0", {"replay", ""}, "a.trace\nb c.trace\ntraces\n"},
    {"0", {"replay", "b\\ c"}, "b c.trace\n"},
    {"0", {"show", "a.trace", "--format", "t"}, "text\n"},
    {"0", {"check", "raft", "--trace", "+", "=", "+", "n"}, "notes.txt\n"},
    {"0", {"check", "raft", "--trace", "n"}, "notes.txt\n"},
    {"0", {"check", "raft", "--witness", "all", ""}, "traces\n"},
    {"0", {"check", "raft", "--max-states", ""}, ""},
};

Test(completion, completes_in_bash)
{
    if (!has_program("bash"))
        cr_skip_test("bash is not installed");
    char *directory = make_directory_of_files(), *script = text_of("%s/tests/data/completion.bash", project_root());
    for (size_t i = 0; i < sizeof(bash_offers) / sizeof(*bash_offers); i++) {
        const char *arguments[WORDS_MAX + 8] = {"bash", "--norc", script, program_path(), bash_offers[i].point};
        for (size_t k = 0; k < WORDS_MAX && bash_offers[i].words[k]; k++)
            arguments[5 + k] = bash_offers[i].words[k];
        struct ran ran = run_in(directory, arguments);
        EXPECT_STATUS(ran, 0);
        cr_expect(eq(str, ran.err, ""), "%zu", i);
        if (bash_offers[i].offered)
            cr_expect(eq(str, ran.out, (char *)bash_offers[i].offered), "%zu", i);
        else
            EXPECT_IN(ran.out, "\n--mutant\n");
        forget(&ran);
    }
    free(script);
    remove_test_directory(directory);
}

static const struct {
    const char *line, *completed;
} zsh_lines[] = {
    {"gainsay ch", "gainsay check "},
    {"gainsay check raft --preset o", "gainsay check raft --preset one-term "},
    {"gainsay check raft --preset=o", "gainsay check raft --preset=one-term "},
    {"gainsay check raft --set t", "gainsay check raft --set terms="},
    {"gainsay check raft --set=servers=7", "gainsay check raft --set=servers=7 "},
    {"gainsay check mi", "gainsay check mine.c "},
    {"gainsay replay a", "gainsay replay a.trace "},
    {"gainsay replay b", "gainsay replay b\\ c.trace "},
    {"gainsay check raft --trace=n", "gainsay check raft --trace=notes.txt "},
    {"gainsay check raft --witness all t", "gainsay check raft --witness all traces/"},
    {"gainsay check raft --max-states ", "gainsay check raft --max-states "},
};

Test(completion, completes_in_zsh, .timeout = 120)
{
    if (!has_program("zsh"))
        cr_skip_test("zsh is not installed");
    put_program_first_along_path();
    char *directory = make_directory_of_files(), *script = text_of("%s/tests/data/completion.zsh", project_root());
    char *result = text_of("%s/result", directory);
    struct ran ran = run_in(project_root(), (const char *const[]){"zsh", "-n", "cli/completion/gainsay.zsh", NULL});
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    for (size_t i = 0; i < sizeof(zsh_lines) / sizeof(*zsh_lines); i++) {
        ran = run_in(directory,
                     (const char *const[]){"timeout", "60", "zsh", "-f", script, zsh_lines[i].line, result, NULL});
        EXPECT_STATUS(ran, 0);
        cr_assert(file_exists(result), "%s: %s%s", zsh_lines[i].line, ran.out, ran.err);
        char *completed = read_file(result);
        completed[strcspn(completed, "\n")] = '\0';
        cr_expect(eq(str, completed, (char *)zsh_lines[i].completed));
        remove(result);
        free(completed);
        forget(&ran);
    }
    free(result);
    free(script);
    remove_test_directory(directory);
}
