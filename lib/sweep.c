/*
 * Running a sweep.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sweep.h"

#include "check_backend.h"
#include "check_state.h"
#include "sweep_stage.h"

enum { DEFAULT_TRIALS = 1200, SHOWN = 6 };

static struct mt_sweep_text sweep;
static struct mt_piece pieces[MT_SWEEP_ANSWERS];
static uint16_t required[MT_SWEEP_TRIALS];

/* ---- answers -------------------------------------------------------------- */

void
mt_sweep_kern(struct mt_sweep_done *d, kern_return_t kr)
{
	const char *name = mt_kern_name(kr);

	d->succeeded = kr == KERN_SUCCESS;
	if (name == NULL) {
		mt_put_hex(d->text, (uint32_t)kr);
		return;
	}
	if (name[0] == 'K' && name[4] == '_')
		name += 5;
	mt_put(d->text, name);
}

void
mt_sweep_errno(struct mt_sweep_done *d, int error)
{
	const char *name = mt_errno_name(error);

	d->succeeded = error == 0;
	if (error == 0)
		mt_put(d->text, "0");
	else if (name != NULL)
		mt_put(d->text, name);
	else
		mt_put_decimal(d->text, error);
}

void
mt_sweep_not_made(struct mt_sweep_done *d)
{
	mt_put(d->text, "-");
}

void
mt_sweep_address(const struct mt_sweep_trial *t, struct mt_sweep_done *d,
    const char *name, mach_vm_address_t address)
{
	mt_put_char(d->text, ' ');
	mt_put(d->text, name);
	mt_put_char(d->text, '=');
	if (address == t->value[0])
		mt_put(d->text, "asked");
	else if (address == t->value[0] - t->value[0] % mt_page)
		mt_put(d->text, "page");
	else if (address - t->window < t->pages * mt_page) {
		mt_put(d->text, "stage+");
		mt_put_unsigned(d->text, address - t->window);
	} else if (address == 0)
		mt_put(d->text, "0");
	else
		mt_put(d->text, "elsewhere");
}

bool
mt_sweep_is_bounded(const struct mt_sweep_trial *t, uint64_t address,
    uint64_t size)
{
	const uint64_t page = mt_page, mask = page - 1;
	const uint64_t start = address & ~mask;
	const uint64_t end = (address + size + mask) & ~mask;

	if (size == 0 || address + size < address || end < start || end == 0)
		return true;
	if (start >= t->window && end <= t->window + t->pages * page)
		return true;
	return end <= mt_system()->minimum || start >> 48 != 0;
}

/* ---- trials --------------------------------------------------------------- */

struct run {
	const struct mt_site *site;
	struct mt_sweep_trial trial;
	mt_sweep_call *call;
	bool record;
	uint32_t made, wrong;
	struct mt_text detail;
};

static void
wrong(struct run *r, uint32_t i, const char *answer)
{
	struct mt_text *t = &r->detail;

	if (r->wrong++ >= SHOWN)
		return;
	mt_put(t, "\ttrial ");
	mt_put_unsigned(t, i);
	mt_put(t, ": ");
	mt_put_trial(t, &sweep, i);
	mt_put(t, "\n\t\trequired  ");
	mt_put_piece(t, pieces[required[i]]);
	mt_put(t, "\n\t\tobserved  ");
	mt_put(t, answer);
	mt_put(t, "\n\t\tagain     -v sweep=trial=");
	mt_put_unsigned(t, i);
	mt_put_char(t, '\n');
}

/* One line of the record, for programs: sweep TAB text. */
static void
write_line(const char *a, struct mt_piece b)
{
	static char buffer[4096];
	struct mt_text t = MT_TEXT(buffer);

	mt_put(&t, "sweep\t");
	mt_put(&t, a);
	mt_put_piece(&t, b);
	mt_put_char(&t, '\n');
	mt_backend_write(MT_RECORDS, buffer, t.length);
}

static void
write_axis(const struct mt_sweep_axis *a)
{
	static char buffer[4000];
	struct mt_text t = MT_TEXT(buffer);

	mt_put_piece(&t, a->name);
	for (unsigned i = 0; i < a->count; i++) {
		mt_put_char(&t, ' ');
		mt_put_piece(&t, a->value[i].name);
	}
	write_line("axis ", (struct mt_piece){ buffer, t.length });
}

static void
write_head(const struct run *r)
{
	write_line("route ",
	    (struct mt_piece){ r->trial.vm->name,
		mt_length(r->trial.vm->name) });
	write_line("sweep ", sweep.name);
	write_line("stage ", sweep.stage);
	for (unsigned a = 0; a < sweep.axes; a++)
		write_axis(&sweep.axis[a]);
}

/* "17 SUCCESS": trial 17 and those behind it up to the next line. */
static void
record(uint32_t i, struct mt_piece answer)
{
	static char last[512];
	char buffer[16];
	struct mt_text t = MT_TEXT(buffer), kept = MT_TEXT(last);

	if (i > 0 &&
	    mt_piece_equal(answer, (struct mt_piece){ last, mt_length(last) }))
		return;
	mt_put_piece(&kept, answer);
	mt_put_unsigned(&t, i);
	mt_put_char(&t, ' ');
	write_line(buffer, answer);
}

static void
make(struct run *r, uint32_t i)
{
	static char buffer[512];
	struct mt_text t = MT_TEXT(buffer);
	struct mt_sweep_done d = { .text = &t };
	const struct mt_piece must = pieces[required[i]];
	struct mt_piece answer;

	mt_sweep_values(&sweep, i, r->trial.window, mt_page, r->trial.value);
	if (must.length == 1 && must.start[0] == '-') {
		if (r->record)
			record(i, must);
		return;
	}
	d.address = r->trial.value[0];
	d.size = sweep.axes > 1 ? r->trial.value[1] : 0;
	r->call(&r->trial, &d);
	r->made++;
	if (!mt_equal(buffer, "-") && !mt_sweep_put_stage(&r->trial, &d)) {
		if (stage->deallocate(r->trial.self, r->trial.window,
			r->trial.pages * mt_page) != KERN_SUCCESS)
			mt_stop_case("the stage cannot be removed");
		mt_sweep_build(r->site, &r->trial);
	}
	answer = (struct mt_piece){ buffer, t.length };
	if (r->record)
		record(i, answer);
	if (!mt_piece_equal(must, answer))
		wrong(r, i, buffer);
}

/* Digits, else 0. */
static uint32_t
number(const char *s)
{
	uint32_t n = 0;

	for (; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + (uint32_t)(*s - '0');
	return n;
}

/* One in `step` trials, as if drawn, but always the same ones. */
static bool
is_drawn(uint32_t i, uint32_t step)
{
	uint32_t x = i * UINT32_C(2654435761);

	return (x ^ x >> 15) % step == 0;
}

static void
make_all(struct run *r)
{
	const char *which = mt_backend_variable("sweep");
	uint32_t most = DEFAULT_TRIALS, step;

	if (which != NULL && which[0] == 't') {
		uint32_t i = number(which + 6);

		if (i >= sweep.trials)
			mt_stop_case("the sweep has no such trial");
		make(r, i);
		return;
	}
	r->record = which != NULL && which[0] == 'r';
	if (which != NULL && (r->record || which[0] == 'a'))
		most = sweep.trials;
	else if (which != NULL && number(which) > 0)
		most = number(which);
	step = (sweep.trials + most - 1) / most;
	if (r->record)
		write_head(r);
	for (uint32_t i = 0; i < sweep.trials; i++)
		if (is_drawn(i, step))
			make(r, i);
}

static void
judge(struct run *r)
{
	char buffer[128];
	struct mt_text t = MT_TEXT(buffer);

	mt_put_unsigned(&t, r->made);
	mt_put(&t, " trials, wrong ");
	mt_put_unsigned(&t, r->wrong);
	mt_record_at(r->site, buffer, mt_verdict(r->site, r->wrong == 0));
	if (r->wrong == 0)
		return;
	t = MT_TEXT(buffer);
	mt_put(&t, r->site->call);
	mt_put(&t, ": of ");
	mt_put_unsigned(&t, r->made);
	mt_put(&t, " trials wrong ");
	mt_put_unsigned(&t, r->wrong);
	mt_fail(r->site, buffer, r->detail.data);
}

void
mt_sweep_at(const struct mt_site *site, const struct mt_route *vm,
    mach_port_name_t self, const char *text, const char *name,
    mt_sweep_call *call)
{
	static char detail[6000];
	const struct mt_system *s = mt_system();
	const struct mt_sweep_flavour flavour = { s->release,
		s->translated ? "rosetta" : s->arch };
	struct run r = { .site = site, .call = call };
	const char *problem = mt_sweep_read(&sweep, text, name);
	unsigned count;

	if (problem == NULL)
		problem = mt_sweep_answers(&sweep, &flavour, pieces, &count,
		    required);
	if (problem != NULL)
		mt_stop_case(problem);
	r.detail = MT_TEXT(detail);
	r.trial = (struct mt_sweep_trial){ .vm = vm,
		.self = self,
		.pages = sweep.stage.length,
		.letters = sweep.stage.start,
		.window = mt_hole_at(site, (unsigned)sweep.stage.length, 1) };
	mt_sweep_build(site, &r.trial);
	mt_sweep_note_stage(&r.trial);
	make_all(&r);
	judge(&r);
}
