/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ctype.h>
#include <string.h>

#include "site.h"
#include "utf8.h"

void
put_html_n(FILE *f, const char *text, size_t length)
{
	for (; length > 0 && *text != '\0'; text++, length--) {
		switch (*text) {
		case '&':
			fputs("&amp;", f);
			break;
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		default:
			putc((unsigned char)*text < ' ' && *text != '\n' ?
				'?' :
				*text,
			    f);
		}
	}
}

void
put_html(FILE *f, const char *text)
{
	put_html_n(f, text, strlen(text));
}

void
put_words(FILE *f, const char *text)
{
	for (; *text != '\0'; text++)
		put_html_n(f, *text == '_' ? " " : text, 1);
}

static void
put_part_of_address(FILE *f, const char *text)
{
	for (; *text != '\0'; text++) {
		if (isalnum((unsigned char)*text) ||
		    strchr("-._~/", *text) != NULL)
			putc(*text, f);
		else
			fprintf(f, "%%%02X", (unsigned char)*text);
	}
}

void
put_link(FILE *f, const struct behaviour *b)
{
	put_part_of_address(f, b->row->routine);
	fputs(".html#", f);
	put_part_of_address(f, b->anchor);
}

/* "xnu-11417.121.6 osfmk/vm/vm_map.c, vm_map_enter()" is a file of Apple's
 * public repository; documents have no lasting address of their own. */
void
put_source(FILE *f, const char *source)
{
	size_t tag = strcspn(source, " "), path;
	char part[256];

	path = strcspn(source + tag, ",");
	if (strncmp(source, "xnu-", 4) != 0 || path < 3 ||
	    tag + path >= sizeof(part) || memchr(source, '{', tag + path)) {
		put_html(f, source);
		return;
	}
	fputs("<a href=\"https://github.com/apple-oss-distributions/xnu/blob/",
	    f);
	snprintf(part, sizeof(part), "%.*s", (int)tag, source);
	put_part_of_address(f, part);
	putc('/', f);
	snprintf(part, sizeof(part), "%.*s", (int)path - 1, source + tag + 1);
	put_part_of_address(f, part);
	fputs("\">", f);
	put_html(f, source);
	fputs("</a>", f);
}

static bool
is_name(char c)
{
	return isupper((unsigned char)c) || isdigit((unsigned char)c) ||
	    c == '_';
}

/* The families of names that a caller of the API meets. */
static bool
is_constant(const char *name, size_t length)
{
	static const char *const begin[] = { "KERN_", "VM_", "MACH_", "MIG_",
		"EXC_", "MAP_", "MADV_", "PROT_", "MS_", "MAP_MEM_", "SIG",
		"RLIMIT_", "TASK_", "HOST_", "EINVAL", "ENOMEM", "EACCES",
		"EPERM", "EAGAIN", "EFAULT", "ENOSYS" };

	for (size_t i = 0; i < sizeof(begin) / sizeof(*begin); i++)
		if (length >= strlen(begin[i]) &&
		    strncmp(name, begin[i], strlen(begin[i])) == 0)
			return length >= 5 && name[length - 1] != '_';
	return false;
}

size_t
next_constant(const char **text, const char **name)
{
	const char *at = *text;
	size_t length;

	while (*at != '\0') {
		length = 0;
		while (is_name(at[length]))
			length++;
		if (length > 0 && !islower((unsigned char)at[length]) &&
		    is_constant(at, length)) {
			*name = at;
			*text = at + length;
			return length;
		}
		at += length;
		/* To the end of a word of another kind. */
		while (
		    *at != '\0' && (isalnum((unsigned char)*at) || *at == '_'))
			at++;
		while (*at != '\0' && !is_name(*at) &&
		    !islower((unsigned char)*at))
			at++;
	}
	*text = at;
	return 0;
}
