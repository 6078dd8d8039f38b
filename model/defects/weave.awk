# SPDX-License-Identifier: BSD-2-Clause
#
# Put the seeded defects into a copy of the model's sources:
#
#	awk -v top=SOURCES -v out=FOLDER -f weave.awk TABLE... -- FILE...
#
# Each FILE (from the top) is written to FOLDER with a guard around every place
# that a table names, and FOLDER/model/defects/names.h with the names; a file
# that would be the same is left alone.  -v check=yes writes nothing.  A place
# that is not there exactly once is an error: a line on standard error, exit
# status 1.  model/defects/README.md has the form of the tables.

function wrong(where, what)
{
	printf "weave: %s: %s\n", where, what >"/dev/stderr"
	failed = 1
}

# ---- the tables ------------------------------------------------------------

function parse(table,   line, part)
{
	file = name = ""
	while ((getline line <table) > 0) {
		if (line ~ /^(#|$)/)
			continue
		part = substr(line, 3)
		if (line ~ /^@ /) {
			split(part, word, " ")
			file = "model/" word[1]
			place = word[2]
		} else if (line ~ /^- /) {
			old[count] = old[count] part "\n"
			in_old = 1
		} else if (line ~ /^\+ /) {
			new[count] = new[count] part "\n"
			in_old = 0
		} else if (line ~ /^\t/ && in_old)
			old[count] = old[count] line "\n"
		else if (line ~ /^\t/)
			new[count] = new[count] line "\n"
		else if (line ~ /^[a-z][a-z0-9-]*: /) {
			match(line, /^[a-z0-9-]*/)
			name = substr(line, 1, RLENGTH)
			if (name in number)
				wrong(table, name " is there twice")
			number[name] = ++count
			names[count] = name
			in_file[count] = file
			in_place[count] = place
			of_file[file] = of_file[file] " " count
		} else
			wrong(table, "what is this: " line)
	}
	close(table)
}

# ---- text without blanks and comments ----------------------------------------

# Sets bare, and at[i]: where its character i stands in text.
function strip(text,   i, c, n, length_)
{
	bare = ""
	n = 0
	length_ = length(text)
	for (i = 1; i <= length_; i++) {
		c = substr(text, i, 1)
		if (c == "/" && substr(text, i + 1, 1) == "*") {
			i += index(substr(text, i + 2), "*/") + 2
			continue
		}
		if (c == " " || c == "\t" || c == "\n")
			continue
		at[++n] = i
		bare = bare c
	}
}

function read(path,   line, text)
{
	text = ""
	while ((getline line <path) > 0)
		text = text line "\n"
	close(path)
	return text
}

# Where the function begins in text; sets extent.
function find_place(text, place,   start)
{
	if (place == "-") {
		extent = length(text)
		return 1
	}
	start = index(text, "\n" place (place ~ /\(/ ? "" : "("))
	if (start == 0)
		return 0
	extent = index(substr(text, start), "\n}") + 1
	return start
}

# ---- weaving -------------------------------------------------------------------

# Sets first[] and last[] of defect d in text: what stands between backquotes
# in its old text, or else all of that.
function locate(d, text,   start, wanted, i, begin, length_)
{
	start = find_place(text, in_place[d])
	if (start == 0) {
		wrong(in_file[d], names[d] ": no " in_place[d] "()")
		return 0
	}
	strip(old[d])
	wanted = bare
	begin = index(wanted, "`")
	length_ = length(wanted)
	if (begin > 0) {
		sub(/`/, "", wanted)
		length_ = index(wanted, "`") - begin
		sub(/`/, "", wanted)
	} else
		begin = 1
	is_statement[d] = substr(wanted, begin + length_ - 1, 1) ~ /[;}]/
	strip(substr(text, start, extent))
	i = index(bare, wanted)
	if (i == 0 || length_ < 1) {
		wrong(in_file[d], names[d] ": not there: " old[d])
		return 0
	}
	if (index(substr(bare, i + 1), wanted) > 0) {
		wrong(in_file[d], names[d] ": more than once: " old[d])
		return 0
	}
	i += begin - 1
	# Of two statements behind if (...) only one is that if's.
	if (is_statement[d] && i > 1 && substr(bare, i - 1, 1) ~ /[^;{}:]/ &&
	    substr(bare, i, length_ - 1) ~ /;/) {
		wrong(in_file[d], names[d] ": more than the statement of an if")
		return 0
	}
	first[d] = start + at[i] - 1
	last[d] = start + at[i + length_ - 1] - 1
	return 1
}

function guarded(list, was,   part, n, i, d, text)
{
	n = split(list, part, " ")
	text = is_statement[part[1]] ? "{ " : "("
	for (i = 1; i <= n; i++) {
		d = part[i]
		if (is_statement[d])
			text = text "if (DEFECT(" d ")) { " new[d] " } else "
		else
			text = text "DEFECT(" d ") ? (" new[d] ") : "
	}
	gsub(/\n/, " ", text)
	return text (is_statement[part[1]] ? "{ " was " } }" : "(" was "))")
}

# text from one position to another, with the places in it guarded.
function emit(from, to,   result, d, position)
{
	position = from
	while (upcoming <= places && first[order[upcoming]] <= to) {
		d = order[upcoming++]
		if (last[d] > to || first[d] < position) {
			wrong(in_file[d], names[d] ": overlaps with another")
			continue
		}
		result = result substr(source, position, first[d] - position)
		result = result guarded(group[d], emit(first[d], last[d]))
		position = last[d] + 1
	}
	return result substr(source, position, to - position + 1)
}

function weave(file,   part, n, i, j, d)
{
	source = read(top "/" file)
	n = split(of_file[file], part, " ")
	places = 0
	for (i = 1; i <= n; i++) {
		d = part[i]
		if (!locate(d, source))
			continue
		for (j = 1; j <= places; j++)
			if (first[order[j]] == first[d] &&
			    last[order[j]] == last[d])
				break
		if (j <= places) {
			group[order[j]] = group[order[j]] " " d
			continue
		}
		group[d] = d
		for (j = ++places; j > 1 && (first[order[j - 1]] > first[d] ||
		    (first[order[j - 1]] == first[d] &&
		    last[order[j - 1]] < last[d])); j--)
			order[j] = order[j - 1]
		order[j] = d
	}
	upcoming = 1
	return "#include \"model/defects/defect.h\"\n#line 1 \"" top "/" \
	    file "\"\n" tell_rules(emit(1, length(source)))
}

# rules->name as rules[DEFECT(n)].name: whoever asks for a rule is noted, too,
# and n is never on.
function tell_rules(text,   result, name)
{
	while (match(text, /rules->[a-z_0-9]+/)) {
		name = "rule:" substr(text, RSTART + 7, RLENGTH - 7)
		if (!(name in number)) {
			number[name] = count + ++rules
			rule_names[rules] = name
		}
		result = result substr(text, 1, RSTART - 1) "rules[DEFECT(" \
		    number[name] ")]." substr(name, 6)
		text = substr(text, RSTART + RLENGTH)
	}
	return result text
}

# ---- writing -------------------------------------------------------------------

function write(file, text,   path)
{
	if (check || failed)
		return
	path = out "/" file
	if (read(path) == text)
		return
	printf "%s", text >path
	close(path)
}

BEGIN {
	for (i = 1; i < ARGC && ARGV[i] != "--"; i++)
		parse(ARGV[i])
	for (i++; i < ARGC; i++) {
		woven[ARGV[i]] = weave(ARGV[i])
		if (ARGV[i] ~ /\/release\.c$/ &&
		    !sub(/#include "rules\.h"\n/,
			"&\tdefect_move_rule(r);\n", woven[ARGV[i]]))
			wrong(ARGV[i], "no place where rules are known")
	}
	for (d = 1; d <= count; d++) {
		if (!(in_file[d] in woven))
			wrong(in_file[d], names[d] ": no such file")
		if (old[d] == "" || new[d] == "")
			wrong(in_file[d], names[d] ": half of it is missing")
	}
	text = "/* Made by weave.awk. */\n"
	for (d = 1; d <= count; d++)
		text = text "\"" names[d] "\",\n"
	for (d = 1; d <= rules; d++)
		text = text "\"" rule_names[d] "\",\n"
	for (file in woven)
		write(file, woven[file])
	write("model/defects/names.h", text)
	exit failed
}
