# SPDX-License-Identifier: BSD-2-Clause
#
# For admin/dates: the releases by which cases date their answers.
#
#	awk -f admin/test-dates.awk RELEASES tests/*.[ch]
#
# RELEASES has lines MACOS TAG.  Prints for each date the id of its case (the
# file's name outside of cases) and the first kernel with the newer answer;
# "none" if every known one has the older, as for what is yet to come.

# -1, 0 or 1 as release a is before, in or after what b says: 14 has 14.5.
function compare(a, b,    x, y, n, i) {
	split(a, x, ".")
	n = split(b, y, ".")
	for (i = 1; i <= n; i++)
		if (x[i] + 0 != y[i] + 0)
			return x[i] + 0 < y[i] + 0 ? -1 : 1
	return 0
}

function put(date, last,    i, c) {
	for (i = 1; i <= n; i++) {
		c = compare(macos[i], date)
		if (c > 0 || (!last && c == 0))
			break
	}
	print id "\t" (i <= n ? macos[i] : "none") "\t" date
}

FILENAME == ARGV[1] {
	macos[++n] = $1
	next
}

FNR == 1 {
	id = FILENAME
	sub(/.*\//, "", id)
	file = id
	in_comment = wants_id = 0
}

{
	line = $0
	if (in_comment) {
		if (!(i = index(line, "*/")))
			next
		line = substr(line, i + 2)
		in_comment = 0
	}
	while (i = index(line, "/*")) {
		rest = substr(line, i + 2)
		line = substr(line, 1, i - 1)
		if (!(i = index(rest, "*/"))) {
			in_comment = 1
			break
		}
		line = line " " substr(rest, i + 2)
	}
}

/^}/ { id = file }
line ~ /^MT_CASE\(/ { wants_id = 1 }
wants_id && match(line, /"[^"]*"/) {
	id = substr(line, RSTART + 1, RLENGTH - 2)
	wants_id = 0
}

{
	# MT_ON_UNTIL(arm64, 14, ...): the date is the number.
	rest = pending line
	pending = ""
	while (match(rest, /UNTIL\(/)) {
		rest = substr(rest, RSTART + RLENGTH)
		sub(/^ *("[^"]*"|[a-z_0-9]*[a-z_][a-z_0-9]*) *, */, "", rest)
		if (match(rest, /^ *[0-9][0-9.]*/)) {
			date = substr(rest, 1, RLENGTH)
			gsub(/ /, "", date)
			put(date, 1)
		} else if (rest ~ /^ *$/)
			pending = "UNTIL("
	}
	rest = line
	while (match(rest, /[.](since|until) = "[^"]*"/)) {
		date = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		last = date ~ /^[.]until/
		gsub(/.*= "|"/, "", date)
		put(date, last)
	}
}
