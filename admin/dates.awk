# SPDX-License-Identifier: BSD-2-Clause
#
# For admin/dates: of a file of XNU's source the functions that are wanted, or
# all of it, without comments and with single spaces, appended as one line to
# dir/FILE:FUNCTION with % for /.
#
#	awk -v tag=TAG -v dir=DIR/ -v file=PATH -f admin/dates.awk WHERE FILE
#
# WHERE has lines PATH or PATH:FUNCTION.  A function's name begins its line, or
# follows its type, and its last line begins with a brace.

FNR == NR {
	split($0, part, ":")
	if (part[1] == file) {
		if (part[2] == "")
			whole = 1
		else
			wanted[part[2]] = 1
	}
	next
}

# The line without comments; in_comment says that one goes on.
function code(line,    out, i) {
	out = ""
	for (;;) {
		if (in_comment) {
			i = index(line, "*/")
			if (i == 0)
				return out
			line = substr(line, i + 2)
			in_comment = 0
			out = out " "
		}
		i = index(line, "/*")
		if (i == 0)
			break
		out = out substr(line, 1, i - 1)
		line = substr(line, i + 2)
		in_comment = 1
	}
	out = out line
	i = index(out, "//")
	return i == 0 ? out : substr(out, 1, i - 1)
}

{
	line = code($0)
	gsub(/[ \t\r]+/, " ", line)
	if (whole)
		all = all " " line
	if (name == "" && line ~ /^[A-Za-z_]/ && (i = index(line, "(")) > 1) {
		head = substr(line, 1, i - 1)
		sub(/ $/, "", head)
		sub(/^.*[ *]/, "", head)
		if (head in wanted) {
			name = head
			body = ""
			open = 0
		}
	}
	if (name != "") {
		body = body " " line
		if (line ~ /\{/)
			open = 1
		if (!open && line ~ /;/) # a declaration
			name = ""
		else if (open && line ~ /^\}/) {
			text[name] = text[name] " " body
			name = ""
		}
	}
}

function put(where, s) {
	gsub(/\//, "%", where)
	gsub(/ +/, " ", s)
	print tag "\t" s >>(dir where)
}

END {
	if (whole)
		put(file, all)
	for (n in text)
		put(file ":" n, text[n])
}
