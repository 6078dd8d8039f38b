/*
 * Requests are written, and replies read, where Apple's structures have each
 * field: the offsets are those of mig_layouts.h, the values pass through
 * mig.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <string.h>

#include "mig.h"

struct place {
	const char *name;
	uint32_t offset, size;
};

struct layout {
	const char *routine;
	uint32_t size;
	struct place fields[16]; /* ends with one that has no name */
};

#define ROUTINE(name_, id_, subsystem_, apple_, twin_) { #name_, id_ },
#define REQUEST(name_, size_, fields_)
#define REPLY(name_, size_, fields_)
static const struct {
	const char *name;
	mach_msg_id_t id;
} ids[] = {
#include "mig_layouts.h"
};
#undef ROUTINE
#undef REQUEST
#undef REPLY

#define ROUTINE(name_, id_, subsystem_, apple_, twin_)
#define F(name_, offset_, size_)       { #name_, offset_, size_ },
#define REQUEST(name_, size_, fields_) { #name_, size_, { fields_{ 0 } } },
#define REPLY(name_, size_, fields_)
static const struct layout requests[] = {
#include "mig_layouts.h"
};
#undef REQUEST
#undef REPLY

#define REQUEST(name_, size_, fields_)
#define REPLY(name_, size_, fields_) { #name_, size_, { fields_{ 0 } } },
static const struct layout replies[] = {
#include "mig_layouts.h"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct layout *
layout_of(const struct layout *table, size_t count, const char *routine)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].routine, routine) == 0)
			return &table[i];
	atf_tc_fail("mig_layouts.h has no %s", routine);
}

/* The fields that carry values, in order. */
static const struct place *
next(const struct place **at)
{
	while ((*at)->name != NULL &&
	    (strcmp((*at)->name, "NDR") == 0 ||
		strcmp((*at)->name, "RetCode") == 0))
		(*at)++;
	return (*at)->name == NULL ? NULL : (*at)++;
}

static const struct place *
find(const struct layout *l, const char *name)
{
	for (const struct place *p = l->fields; p->name != NULL; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

/* Different in each byte and from field to field. */
static uint64_t
value_of(unsigned n)
{
	return UINT64_C(0x0706050403020100) + n * UINT64_C(0x1010101010101010);
}

static uint8_t array[MT_MIG_LIST];

static void
fill_array(unsigned n)
{
	for (size_t i = 0; i < sizeof(array); i++)
		array[i] = (uint8_t)(i * 7 + (i >> 8) + n);
}

static uint64_t
number_at(const struct mt_message *m, uint32_t offset, uint32_t size)
{
	uint64_t number = 0;

	ATF_REQUIRE(offset + size <= sizeof(m->bytes));
	memcpy(&number, m->bytes + offset, size);
	return number;
}

static void
set_at(struct mt_message *m, uint32_t offset, uint32_t size, uint64_t number)
{
	ATF_REQUIRE(offset + size <= sizeof(m->bytes));
	memcpy(m->bytes + offset, &number, size);
}

#define CHECK_AT(must_, m_, p_, offset_, size_)                         \
	ATF_CHECK_MSG(number_at(m_, (p_)->offset + (offset_), size_) == \
		((must_) & (UINT64_MAX >> (64 - 8 * (size_)))),         \
	    "%s: %s is not at %u", r->name, (p_)->name, (p_)->offset)

#define REQUIRE_SIZE(p_, size_)                                   \
	ATF_REQUIRE_MSG((p_) != NULL && (p_)->size == (size_),    \
	    "%s: a field of %d bytes is %d bytes of %s", r->name, \
	    (int)(size_), (p_) == NULL ? 0 : (int)(p_)->size,     \
	    (p_) == NULL ? "nothing" : (p_)->name)

/* The place has size bytes, and they are the number. */
static void
check_number(const struct mt_mig *r, const struct mt_message *m,
    const struct place *p, uint32_t size, uint64_t number)
{
	REQUIRE_SIZE(p, size);
	CHECK_AT(number, m, p, 0, size);
}

static unsigned
count_of(const char *layout, const char *kinds)
{
	return (unsigned)strspn(layout, kinds);
}

ATF_TC_WITHOUT_HEAD(ids_are_apples);
ATF_TC_BODY(ids_are_apples, tc)
{
	for (unsigned i = 0; i < MT_MIG_COUNT; i++) {
		mach_msg_id_t id = -1;

		for (unsigned j = 0; j < COUNT(ids); j++)
			if (strcmp(ids[j].name, mt_migs[i].name) == 0)
				id = ids[j].id;
		ATF_CHECK_MSG(id == mt_migs[i].id, "%s is %d, not %d",
		    mt_migs[i].name, (int)id, (int)mt_migs[i].id);
	}
	(void)tc;
}

static void
check_request(const struct mt_mig *r)
{
	const struct layout *l = layout_of(requests, COUNT(requests), r->name);
	const struct place *at = l->fields, *p;
	unsigned ports = count_of(r->request, "PO"), n = 0;
	struct mt_message m;
	uint64_t values[24];
	mach_msg_size_t size;

	for (const char *c = r->request; *c != '\0'; c++) {
		values[n] = value_of(n);
		if (*c == 'L' || *c == 'b') {
			values[n] = (uintptr_t)array;
			fill_array(1);
		}
		n++;
		if (*c == 'b')
			values[n++] = MT_MIG_BYTES;
		else if (*c == 'O') {
			values[n] = value_of(n);
			n++;
		}
	}
	memset(&m, 0xee, sizeof(m));
	size = mt_mig_request(r, 0x1103, values, &m);
	ATF_CHECK_MSG(size == l->size && m.header.msgh_size == l->size,
	    "%s: a request of %u bytes, not %u", r->name, size, l->size);
	ATF_CHECK_EQ(r->id, m.header.msgh_id);
	ATF_CHECK_EQ(0x1103, m.header.msgh_remote_port);
	ATF_CHECK_EQ_MSG(ports > 0,
	    (m.header.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0, "%s", r->name);
	if (ports > 0)
		ATF_CHECK_EQ_MSG(ports, number_at(&m, 24, 4), "%s", r->name);
	if ((p = find(l, "NDR")) != NULL)
		ATF_CHECK_MSG(memcmp(m.bytes + p->offset, mt_mig_ndr, 8) == 0,
		    "%s: NDR is not at %u", r->name, p->offset);

	n = 0;
	for (const char *c = r->request; *c != '\0'; c++) {
		p = next(&at);
		switch (*c) {
		case 'P':
			REQUIRE_SIZE(p, 12);
			CHECK_AT(values[n], &m, p, 0, 4);
			CHECK_AT(MACH_MSG_TYPE_COPY_SEND, &m, p, 10, 1);
			CHECK_AT(MACH_MSG_PORT_DESCRIPTOR, &m, p, 11, 1);
			n++;
			break;
		case 'O':
			REQUIRE_SIZE(p, 16);
			CHECK_AT(values[n], &m, p, 0, 8);
			CHECK_AT(MACH_MSG_OOL_DESCRIPTOR, &m, p, 11, 1);
			CHECK_AT(values[n + 1], &m, p, 12, 4);
			n += 2;
			break;
		case 'q':
			check_number(r, &m, p, 8, values[n++]);
			break;
		case 'i':
			check_number(r, &m, p, 4, values[n++]);
			break;
		case 'L':
			REQUIRE_SIZE(p, MT_MIG_LIST);
			ATF_CHECK(memcmp(m.bytes + p->offset, array,
				      MT_MIG_LIST) == 0);
			n++;
			break;
		case 'b':
			check_number(r, &m, p, 4, MT_MIG_BYTES);
			p = next(&at);
			REQUIRE_SIZE(p, MT_MIG_BYTES);
			ATF_CHECK(memcmp(m.bytes + p->offset, array,
				      MT_MIG_BYTES) == 0);
			n += 2;
			break;
		default:
			atf_tc_fail("%s: %c is no field of a request", r->name,
			    *c);
		}
	}
	p = next(&at);
	ATF_CHECK_MSG(p == NULL, "%s: no %s", r->name, p ? p->name : "");
}

ATF_TC_WITHOUT_HEAD(requests_are_written_as_apple_lays_them_out);
ATF_TC_BODY(requests_are_written_as_apple_lays_them_out, tc)
{
	for (unsigned i = 0; i < MT_MIG_COUNT; i++)
		check_request(&mt_migs[i]);
	(void)tc;
}

/* A reply as the kernel would send it: each field's value at its place. */
static void
lay_out_reply(const struct mt_mig *r, const struct layout *l,
    struct mt_message *m)
{
	unsigned ports = count_of(r->reply, "po"), n = 0;
	const struct place *p;

	memset(m, 0xee, sizeof(*m));
	m->header.msgh_bits = ports > 0 ? MACH_MSGH_BITS_COMPLEX : 0;
	m->header.msgh_size = l->size;
	m->header.msgh_id = r->id + 100;
	if (ports > 0)
		set_at(m, 24, 4, ports);
	for (p = l->fields; p->name != NULL; p++) {
		size_t length = strlen(p->name);

		if (strcmp(p->name, "NDR") == 0)
			memcpy(m->bytes + p->offset, mt_mig_ndr, 8);
		else if (strcmp(p->name, "RetCode") == 0)
			set_at(m, p->offset, 4, KERN_SUCCESS);
		else if (length > 3 &&
		    strcmp(p->name + length - 3, "Cnt") == 0 &&
		    p[1].name != NULL)
			set_at(m, p->offset, 4, p[1].size / 4);
		else if (p->size > 16)
			memcpy(m->bytes + p->offset, array, p->size);
		else if (p->size == 16) {
			set_at(m, p->offset, 8, value_of(n));
			set_at(m, p->offset + 12, 4, value_of(n + 1));
			n += 2;
		} else
			set_at(m, p->offset, p->size < 8 ? p->size : 8,
			    value_of(n++));
	}
}

static void
check_reply(const struct mt_mig *r)
{
	const struct layout *l = layout_of(replies, COUNT(replies), r->name);
	const struct place *at = l->fields, *p;
	uint64_t values[24] = { 0 };
	uint8_t got[MT_MIG_LIST] = { 0 };
	struct mt_message m;
	unsigned n = 0;
	kern_return_t answer;

	fill_array(2);
	for (const char *c = r->reply; *c != '\0'; c++) {
		if (*c == 'L' || *c == 'v')
			values[n] = (uintptr_t)got;
		n++;
		if (*c == 'v')
			values[n++] = MT_MIG_WORDS;
		else if (*c == 'o')
			n++;
	}
	lay_out_reply(r, l, &m);
	answer = mt_mig_reply(r, &m, values);
	ATF_CHECK_MSG(answer == KERN_SUCCESS, "%s: %d", r->name, (int)answer);

	n = 0;
	for (const char *c = r->reply; *c != '\0'; c++) {
		p = next(&at);
		switch (*c) {
		case 'p':
			REQUIRE_SIZE(p, 12);
			CHECK_AT(values[n], &m, p, 0, 4);
			n++;
			break;
		case 'o':
			REQUIRE_SIZE(p, 16);
			CHECK_AT(values[n], &m, p, 0, 8);
			CHECK_AT(values[n + 1], &m, p, 12, 4);
			n += 2;
			break;
		case 'q':
			check_number(r, &m, p, 8, values[n++]);
			break;
		case 'i':
			check_number(r, &m, p, 4, values[n++]);
			break;
		case 'L':
			REQUIRE_SIZE(p, MT_MIG_LIST);
			ATF_CHECK(memcmp(got, array, MT_MIG_LIST) == 0);
			n++;
			break;
		case 'v':
			REQUIRE_SIZE(p, 4);
			p = next(&at);
			ATF_REQUIRE(p != NULL && p->size <= 4 * MT_MIG_WORDS);
			ATF_CHECK_EQ_MSG(p->size / 4, values[n + 1], "%s",
			    r->name);
			ATF_CHECK_MSG(memcmp(got, array, p->size) == 0, "%s",
			    r->name);
			n += 2;
			break;
		default:
			atf_tc_fail("%s: %c is no field of a reply", r->name,
			    *c);
		}
	}
	p = next(&at);
	ATF_CHECK_MSG(p == NULL, "%s: no %s", r->name, p ? p->name : "");
}

ATF_TC_WITHOUT_HEAD(replies_are_read_as_apple_lays_them_out);
ATF_TC_BODY(replies_are_read_as_apple_lays_them_out, tc)
{
	for (unsigned i = 0; i < MT_MIG_COUNT; i++)
		check_reply(&mt_migs[i]);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(replies_of_other_shapes_are_refused);
ATF_TC_BODY(replies_of_other_shapes_are_refused, tc)
{
	const struct mt_mig *r = &mt_migs[MT_MIG_allocate];
	const struct layout *l = layout_of(replies, COUNT(replies), r->name);
	struct mt_message good, m;
	uint64_t value = 5;

	lay_out_reply(r, l, &good);
	m = good;
	m.header.msgh_id++;
	ATF_CHECK_EQ(MIG_REPLY_MISMATCH, mt_mig_reply(r, &m, &value));
	for (mach_msg_size_t size = 0; size < 64; size += 4) {
		m = good;
		m.header.msgh_size = size;
		if (size != l->size)
			ATF_CHECK_EQ(MIG_TYPE_ERROR,
			    mt_mig_reply(r, &m, &value));
	}
	m = good;
	m.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
	ATF_CHECK_EQ(MIG_TYPE_ERROR, mt_mig_reply(r, &m, &value));
	m = good;
	set_at(&m, 32, 4, KERN_NO_SPACE);
	m.header.msgh_size = 36;
	ATF_CHECK_EQ(KERN_NO_SPACE, mt_mig_reply(r, &m, &value));
	ATF_CHECK_EQ(5, value);
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ids_are_apples);
	ATF_TP_ADD_TC(tp, requests_are_written_as_apple_lays_them_out);
	ATF_TP_ADD_TC(tp, replies_are_read_as_apple_lays_them_out);
	ATF_TP_ADD_TC(tp, replies_of_other_shapes_are_refused);
	return atf_no_error();
}
