/* SPDX-License-Identifier: BSD-2-Clause */
#include "check_backend.h"
#include "record.h"
#include "system.h"

#ifndef PACKAGE_VERSION /* the build gives it */
#define PACKAGE_VERSION ""
#endif

static void
put_escaped(struct mt_text *t, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		switch (c) {
		case '\t':
			mt_put(t, "\\t");
			break;
		case '\n':
			mt_put(t, "\\n");
			break;
		case '\r':
			mt_put(t, "\\r");
			break;
		case '\\':
			mt_put(t, "\\\\");
			break;
		default:
			if (c < 0x20 || c == 0x7f) {
				mt_put(t, "\\x");
				mt_put_char(t, "0123456789abcdef"[c >> 4]);
				mt_put_char(t, "0123456789abcdef"[c & 0xf]);
			} else
				mt_put_char(t, *s);
		}
	}
}

static void
put_field(struct mt_text *t, const char *s)
{
	mt_put_char(t, '\t');
	put_escaped(t, s);
}

static void
put_key(struct mt_text *t, const char *key, const char *value)
{
	mt_put_char(t, '\t');
	mt_put(t, key);
	mt_put_char(t, '=');
	put_escaped(t, value != NULL ? value : "");
}

static void
put_key_bool(struct mt_text *t, const char *key, bool value)
{
	put_key(t, key, value ? "yes" : "no");
}

static void
put_key_number(struct mt_text *t, const char *key, uint64_t value, bool hex)
{
	put_key(t, key, "");
	if (hex)
		mt_put_hex(t, value);
	else
		mt_put_unsigned(t, value);
}

void
mt_put_system_record(struct mt_text *t)
{
	const struct mt_system *s = mt_system();

	mt_put(t, "mt-system\t1");
	put_key(t, "system", s->name);
	put_key(t, "release", s->release);
	put_key(t, "build", s->build);
	put_key(t, "kernel", s->kernel);
	put_key(t, "arch", s->arch);
	put_key(t, "machine", s->machine);
	put_key_bool(t, "translated", s->translated);
	put_key_bool(t, "extrapolated", s->extrapolated);
	put_key_bool(t, "virtual_machine", s->virtual_machine);
	put_key_bool(t, "privileged", s->privileged);
	put_key_number(t, "page", s->page, false);
	put_key_number(t, "kernel_page", s->kernel_page, false);
	put_key_number(t, "minimum", s->minimum, true);
	put_key_number(t, "maximum", s->maximum, true);
	put_key(t, "boot_args", s->boot_args);
	put_key(t, "sip", s->sip);
	put_key(t, "suite", PACKAGE_VERSION);
	put_key(t, "commit", mt_backend_variable("commit"));
}

static bool is_brief;

/* Whose record it is, and of which system. */
static void
put_origin(struct mt_text *t, const struct mt_record *r)
{
	const struct mt_system *s = mt_system();

	put_field(t, r->id);
	put_field(t, r->routine);
	mt_put_char(t, '.');
	put_escaped(t, r->name);
	put_field(t, r->route);
	put_field(t, s->name);
	put_field(t, s->release);
	put_field(t, s->build);
	put_field(t, s->arch);
	put_field(t, "");
	mt_put_unsigned(t, s->page);
}

void
mt_put_record(struct mt_text *t, const struct mt_record *r)
{
	mt_put(t, "mt");
	if (!is_brief)
		put_origin(t, r);
	put_field(t, r->call);
	put_field(t, r->answer);
	put_field(t, r->verdict);
}

static char line[8192];

/* The newline must not get lost: a line that is cut is still a line. */
static void
write_line(struct mt_text *t)
{
	t->data[t->length++] = '\n';
	mt_backend_write(MT_RECORDS, t->data, t->length);
}

static bool written;

void
mt_record_briefly(void)
{
	written = is_brief = true;
}

void
mt_record_system(void)
{
	struct mt_text t = mt_text_begin(line, sizeof(line) - 1);

	if (written)
		return;
	written = true;
	mt_put_system_record(&t);
	write_line(&t);
}

void
mt_record(const struct mt_record *r)
{
	struct mt_text t = mt_text_begin(line, sizeof(line) - 1);

	mt_put_record(&t, r);
	write_line(&t);
}
