# From the runs that bench/run made (runs.tsv) the results: prints a table by model, and writes all figures to the file
# `results`, tab-separated. Rates and ratios are of the fastest run, since whatever disturbs a run makes it slower.
#   awk -f bench/table.awk -v results=results.tsv -v builds=builds.tsv runs.tsv
BEGIN { FS = OFS = "\t" }

# model, tool, threads, states, transitions, seconds, cpu seconds, peak bytes, own bytes, options
{
    row = $1 SUBSEP $2 SUBSEP $3
    if (!(row in runs)) {
        order[++rows] = row
        least[row] = $6
    }
    times[row, ++runs[row]] = $6
    if ($6 <= least[row]) {
        least[row] = $6
        cpu[row] = $7
    }
    if ($8 > peak[row])
        peak[row] = $8
    own[row] = $9
    options[row] = $10
    states[row] = $4
    transitions[row] = $5
}

function median(row,    i, j, n, sorted, value) {
    n = runs[row]
    for (i = 1; i <= n; i++) {
        value = times[row, i]
        for (j = i; j > 1 && sorted[j - 1] > value; j--)
            sorted[j] = sorted[j - 1]
        sorted[j] = value
    }
    return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}

# How many times as fast as another row of this model; "" when there is none.
function times_as_fast(row, other) {
    return other in least ? sprintf("%.2f", least[other] / least[row]) : ""
}

# What part of the limit's speed, in percent.
function share(row, limit) {
    return limit in least ? sprintf("%.0f", 100 * least[limit] / least[row]) : ""
}

function grouped(number,    text, out) {
    text = sprintf("%.0f", number)
    for (; length(text) > 3; text = substr(text, 1, length(text) - 3))
        out = "," substr(text, length(text) - 2) out
    return text out
}

function per_state(bytes, row) {
    return bytes ? sprintf("%.0f", bytes / states[row]) : ""
}

function is_limit(tool) {
    return tool ~ /^limit/
}

function print_results(row,    part, model, limit) {
    split(row, part, SUBSEP)
    model = part[1]
    limit = is_limit(part[2]) ? "no row" : part[3]
    print model, part[2], part[3], states[row], transitions[row], sprintf("%.4f", least[row]),
        sprintf("%.4f", median(row)), cpu[row], sprintf("%.0f", states[row] / least[row]),
        sprintf("%.0f", transitions[row] / least[row]), sprintf("%.1f", peak[row] / states[row]),
        own[row] ? sprintf("%.1f", own[row] / states[row]) : "", times_as_fast(row, model SUBSEP "spin" SUBSEP 1),
        times_as_fast(row, model SUBSEP part[2] SUBSEP 1), share(row, model SUBSEP "limit-states" SUBSEP limit),
        share(row, model SUBSEP "limit-transitions" SUBSEP limit), options[row] > results
}

function print_row(row,    part, model, tool, mark, limit) {
    split(row, part, SUBSEP)
    model = part[1]
    tool = part[2]
    limit = is_limit(tool) ? "no row" : part[3]
    mark = part[3] == 1 && cpu[row] < 0.95 * least[row] - 0.01 ? "*" : " "
    marked = marked || mark == "*"
    printf "%-18s %7d %9.3f%s %9.3f %9.2f %8.2f %8.2f %6s %6s %7s %7s %6s %6s\n", tool, part[3], least[row], mark,
        median(row), cpu[row], states[row] / least[row] / 1e6, transitions[row] / least[row] / 1e6,
        per_state(peak[row], row), per_state(own[row], row), times_as_fast(row, model SUBSEP "spin" SUBSEP 1),
        times_as_fast(row, model SUBSEP tool SUBSEP 1), share(row, model SUBSEP "limit-states" SUBSEP limit),
        share(row, model SUBSEP "limit-transitions" SUBSEP limit)
}

function print_heading(row,    part) {
    split(row, part, SUBSEP)
    printf "\n%s: %s states, %s transitions\n", part[1], grouped(states[row]), grouped(transitions[row])
    printf "%-18s %7s %9s  %9s %9s %8s %8s %6s %6s %7s %7s %6s %6s\n", "tool", "threads", "seconds", "median", "cpu s",
        "Mstate/s", "Mtrans/s", "B/st", "own", "x SPIN", "x one", "% lim", "% ltr"
}

function print_options(row,    part) {
    split(row, part, SUBSEP)
    if (!is_limit(part[2]))
        printf "  %s, %s threads: %s\n", part[2], part[3], options[row]
}

END {
    print "model", "tool", "threads", "states", "transitions", "seconds", "seconds_median", "cpu_seconds",
        "states_per_second", "transitions_per_second", "peak_bytes_per_state", "own_bytes_per_state",
        "times_spin_one_thread", "times_one_thread", "percent_of_limit_states", "percent_of_limit_transitions",
        "options" > results
    for (i = 1; i <= rows; i++) {
        split(order[i], part, SUBSEP)
        if (part[1] != model)
            print_heading(order[i])
        model = part[1]
        print_row(order[i])
        print_results(order[i])
        if (model ~ /^two-phase-commit [0-9]*$/)
            largest = model
    }
    print ""
    print "seconds: the fastest of " runs[order[1]] " runs of the whole process; cpu s: its processor time;"
    print "B/st: peak resident memory by states; own: what the tool counts itself;"
    print "x SPIN: times SPIN's speed on one thread; x one: times its own on one;"
    print "% lim, % ltr: the share of the speed of limit-states (as many keys as states are hashed and inserted) and of"
    print "limit-transitions (by as many probes as transitions)"
    if (marked)
        print "*: waited for a processor more than 5 % of its time: the machine was not quiet"
    print "\noptions"
    for (i = 1; i <= rows; i++)
        if (split(order[i], part, SUBSEP) && (part[1] == largest || part[1] !~ /^two-phase-commit/))
            print_options(order[i])
    if ((getline build < builds) > 0) {
        print "\ncompiling, not counted above"
        do {
            split(build, part, "\t")
            printf "  %-16s %5.1f s\n", part[1], part[2] / 1e6
        } while ((getline build < builds) > 0)
    }
    print "\nall figures: " results
}
