# SPDX-License-Identifier: BSD-2-Clause
#
# From the output of `kyua list -v`, the cases that ./run's filters name:
#
#	awk -v route=NAME[,NAME...] -f admin/choose.awk LIST FILTER...
#
# One case a line.  A filter or route that names nothing: one line on stderr
# and exit status 2.

BEGIN {
	filters = 0
	for (i = 2; i < ARGC; i++) {
		filter[++filters] = ARGV[i]
		ARGV[i] = ""
	}
	cases = 0
}

/^[^ ]/ {
	sub(/ \([^()]*\)$/, "")
	name[++cases] = $0
	program[$0] = $0
	sub(/:.*/, "", program[$0])
	known_program[program[$0]] = 1
	via = $0
	sub(/.*__/, "", via)
	if (!(via in routes)) {
		routes[via] = 1
		route_names = route_names (route_names ? ", " : "") via
	}
	route_of[$0] = via
	next
}

/^ +custom\.id = / {
	sub(/^ +custom\.id = /, "")
	id[name[cases]] = $0
}

function stop(text) {
	printf "run: %s\n", text | "cat >&2"
	close("cat >&2")
	status = 2
	exit 2
}

function matches(f, n,	p) {
	p = program[n]
	if (("tests/" f "_test") in known_program)
		return p == "tests/" f "_test"
	if (f in known_program)
		return p == f
	if (f in known_case)
		return n == f
	if (f in known_id)
		return id[n] == f
	return index(n, f) > 0
}

END {
	if (status)
		exit status
	if (cases == 0)
		stop("there are no cases")
	n = split(route, names, ",")
	for (i = 1; i <= n; i++) {
		if (!(names[i] in routes))
			stop("no route " names[i] " (there are " route_names ")")
		listed[names[i]] = 1
	}
	for (i = 1; i <= cases; i++) {
		known_case[name[i]] = 1
		known_id[id[name[i]]] = 1
	}
	for (f = 1; f <= filters; f++) {
		found = 0
		for (i = 1; i <= cases; i++)
			if (matches(filter[f], name[i])) {
				chosen[name[i]] = 1
				found = 1
			}
		if (!found)
			stop("no case matches " filter[f])
	}
	for (i = 1; i <= cases; i++) {
		n = name[i]
		if ((filters == 0 || n in chosen) &&
		    (route == "" || route_of[n] in listed)) {
			print n
			printed = 1
		}
	}
	if (!printed)
		stop("no case of these goes through route " route)
}
