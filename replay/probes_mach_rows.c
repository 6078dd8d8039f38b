/*
 * The families of rows of the second probes: which call each row made.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "mig.h"
#include "probes_mach.h"
#include "route.h"
#include "trap.h"

/* ---- families ----------------------------------------------------------- */
/* Each gets what stands behind its name; NULL, or why it is not compared. */

static const char *
chunks(const char *row)
{
	mach_vm_address_t a = 0;
	const char *p = strchr(row, '[');
	uint64_t start, end, size = (uint64_t)get(row, "size ");
	unsigned found = 0;
	mach_vm_size_t length;
	vm_region_submap_info_data_64_t info;

	if (p != NULL && get(p, ") t") != get(row, "tag "))
		return "it joined what the process has";
	p = row;
	expect("kr",
	    stage->allocate(self, &a, size,
		VM_FLAGS_ANYWHERE | (int)VM_MAKE_TAG(get(row, "tag "))),
	    get(row, "kr="));
	for (mach_vm_address_t at = a;
	     wrong[0] == '\0' && next(&at, &length, &info) && at < a + size;
	     at += length) {
		found++;
		if (p != NULL)
			p = strchr(p + 1, '[');
		if (p != NULL &&
		    sscanf(p, "[0x%" SCNx64 ",0x%" SCNx64, &start, &end) == 2)
			expect("size", (int64_t)length, (int64_t)(end - start));
	}
	expect("regions", found, get(row, "n=")); /* lists are cut */
	(void)stage->deallocate(self, a, size);
	return NULL;
}

static const char *
entries(const char *row)
{
	memory_object_size_t size = (memory_object_size_t)get(row, "size=");
	mach_port_name_t port = MACH_PORT_NULL;
	const char *behind = strstr(row, "kr=");
	kern_return_t kr;

	if (!starts(row, "flag bit") && !starts(row, "low bit"))
		return "the state before the call is not recorded";
	clear();
	put(PAGES, 4, 240, 10);
	kr = stage->make_memory_entry(self, &size, (uint64_t)get(row, "off="),
	    (vm_prot_t)get(row, "perm="), &port, MACH_PORT_NULL);
	expect("kr", kr, get(row, "kr="));
	expect("size", (int64_t)size, get(behind, "size="));
	if (kr == KERN_SUCCESS)
		expect("port", port != 0, get(behind, "port=") != 0);
	if (port != MACH_PORT_NULL)
		(void)mt_trap_port_deallocate(self, port);
	return NULL;
}

static const char *
reads(const char *row)
{
	uint64_t size = (uint64_t)get(row, "size=");
	const char *to = strstr(row, "dst:");
	mach_msg_type_number_t count = 0;
	vm_region_submap_info_data_64_t info;
	mach_vm_address_t at;
	mach_vm_size_t length;
	vm_offset_t data = 0;
	kern_return_t kr;

	if (to == NULL || strstr(row, "data%P") == NULL)
		return "the state before the call is not recorded";
	clear();
	put(PAGES, 40, 1, 1);
	kr = stage->read(self, PAGES + (uint64_t)get(row, "off="), size, &data,
	    &count);
	expect("kr", kr, get(row, "kr="));
	if (kr != KERN_SUCCESS)
		return NULL;
	expect("cnt", count, get(row, "cnt="));
	expect("data%P", (int64_t)(data % page), get(row, "data%P="));
	expect("byte", mt_read(data).value, get(row, "b0="));
	at = PAGES;
	(void)next(&at, &length, &info);
	expect("src:sm", info.share_mode, get(row, "src:sm"));
	expect("size", (int64_t)length, get(strstr(row, "src:sm"), "size "));
	at = data - data % page;
	(void)next(&at, &length, &info);
	expect("dst:sm", info.share_mode, get(row, "dst:sm"));
	expect("protection", info.protection, VM_PROT_DEFAULT);
	(void)stage->deallocate(self, data, size);
	return NULL;
}

static const char *
copies(const char *row)
{
	const uint64_t to = PAGES + 0x40000;
	const char *dst = strstr(row, "; dst");
	vm_region_submap_info_data_64_t info;
	mach_vm_address_t at = PAGES;
	mach_vm_size_t length;

	if (dst == NULL)
		return "the state before the call is not recorded";
	clear();
	put(PAGES, 20, 240, 1);
	put(to, 20, 2, 100);
	expect("kr",
	    stage->copy(self, PAGES + (uint64_t)get(row, "src+"),
		(uint64_t)get(row, "size="), to + (uint64_t)get(row, "dst+")),
	    get(row, "kr="));
	(void)next(&at, &length, &info);
	expect("src sm", info.share_mode, get(row, "src sm"));
	expect("src size", (int64_t)length,
	    get(strstr(row, "src sm"), "size "));
	at = to;
	(void)next(&at, &length, &info);
	expect("dst sm", info.share_mode, get(dst, "dst sm"));
	expect("dst size", (int64_t)length, get(dst, "size "));
	expect("dst res", info.pages_resident, get(dst, "res"));
	expect("byte", mt_read(to).value, get(dst, "b="));
	return NULL;
}

static const char *
regions(const char *row)
{
	int info[32] = { 0 };
	mach_msg_type_number_t count = (mach_msg_type_number_t)get(row,
	    "count ");
	int flavor = (int)get(row, "flavor ");
	mach_port_name_t name = 0x33;
	mach_vm_address_t at;
	mach_vm_size_t size = 0;
	kern_return_t kr;

	clear();
	put(PAGES, 4, 240, 1);
	at = PAGES;
	kr = stage->region(self, &at, &size, flavor, info, &count, &name);
	expect("kr", kr, get(row, "kr="));
	if (kr == KERN_SUCCESS)
		expect("cnt", count, get(row, "cnt="));
	expect("name", name, get(row, "on="));
	return NULL;
}

static const char *
attributes(const char *row)
{
	vm_machine_attribute_val_t value;
	const char *hole = strstr(row, "hole");
	kern_return_t kr;

	if (hole == NULL)
		return "the state before the call is not recorded";
	clear();
	put(PAGES, 4, 240, 1);
	value = (vm_machine_attribute_val_t)get(row, "value ");
	kr = stage->machine_attribute(self, PAGES, page,
	    (vm_machine_attribute_t)get(row, "attribute "), &value);
	expect("kr", kr, get(row, "kr="));
	value = (vm_machine_attribute_val_t)get(row, "value ");
	kr = stage->machine_attribute(self, A, page,
	    (vm_machine_attribute_t)get(row, "attribute "), &value);
	expect("hole kr", kr, get(hole, "kr="));
	return NULL;
}

static const char *
syncs(const char *row)
{
	const vm_sync_t flags = (vm_sync_t)get(row, "flags ");
	const char *hole = strstr(row, "hole");

	if (hole == NULL)
		return "the state before the call is not recorded";
	clear();
	put(PAGES, 4, 240, 1);
	(void)stage->deallocate(self, PAGES + 2 * page, page);
	expect("kr", stage->msync(self, PAGES, 2 * page, flags),
	    get(row, "kr="));
	expect_bytes(row, PAGES);
	expect("hole kr", stage->msync(self, PAGES, 4 * page, flags),
	    get(hole, "kr="));
	expect_regions(row, A, A + SPAN);
	return NULL;
}

static const char *
behaviors(const char *row)
{
	int64_t tag;

	if (!number(row, "tag ", &tag))
		return "the state before the call is not recorded";
	clear();
	put(PAGES, 4, (unsigned)tag, 1);
	expect("kr",
	    stage->behavior_set(self, PAGES + page, 2 * page,
		(vm_behavior_t)get(row, "value ")),
	    get(row, "kr="));
	expect_regions(row, A, A + SPAN);
	return NULL;
}

static const char *
behavior_states(const char *row)
{
	uint64_t size = 4 * page, at = PAGES;
	mach_vm_address_t other = A + 0x200000;
	vm_prot_t current, maximum;

	clear();
	if (starts(row, "2 entries")) {
		put(PAGES, 2, 3, 1);
		put(PAGES + 2 * page, 2, 4, 0);
		(void)mt_write(PAGES + 3 * page, 0);
	} else {
		put(PAGES, 4, starts(row, "untouched") ? 240 : 3,
		    starts(row, "untouched") ? -1 : 1);
	}
	if (starts(row, "shared alias") || starts(row, "remap copy"))
		(void)stage->remap(self, &other, size, 0, VM_FLAGS_FIXED, self,
		    PAGES, starts(row, "remap copy"), &current, &maximum,
		    VM_INHERIT_COPY);
	else if (starts(row, "vm_copy source"))
		put(other, 4, 3, 1);
	if (starts(row, "vm_copy source"))
		(void)stage->copy(self, PAGES, size, other);
	else if (starts(row, "r--"))
		(void)stage->protect(self, PAGES, size, FALSE, VM_PROT_READ);
	else if (starts(row, "none"))
		(void)stage->protect(self, PAGES, size, FALSE, VM_PROT_NONE);
	else if (starts(row, "hole"))
		(void)stage->deallocate(self, PAGES + page, page);
	else if (starts(row, "inherit none"))
		(void)stage->inherit(self, PAGES, size, VM_INHERIT_NONE);
	else if (starts(row, "max rw"))
		(void)stage->protect(self, PAGES, size, TRUE, VM_PROT_DEFAULT);
	else if (starts(row, "wired"))
		(void)stage->wire(mach_host_self(), self, PAGES, size,
		    VM_PROT_DEFAULT);
	else if (starts(row, "size 0"))
		size = 0;
	else if (starts(row, "unaligned")) {
		at += page / 2;
		size = page;
	} else if (starts(row, "fork-cow"))
		return "its stage needs a child";
	expect("kr",
	    stage->behavior_set(self, at, size,
		(vm_behavior_t)get(row, "value ")),
	    get(row, "kr="));
	if (!starts(row, "2 entries")) /* its bytes are of another call */
		expect_bytes(row, PAGES);
	expect_regions(row, A, other);
	return NULL;
}

/* "cur/max" of remap_new by name, and what else it asks for. */
static const char *
remaps_new(const char *row)
{
	static const struct {
		const char *name;
		vm_prot_t current, maximum;
		unsigned pages;
		boolean_t copy;
	} calls[] = {
		{ "r/r |", 1, 1, 4, FALSE },
		{ "rw/rw |", 3, 3, 4, FALSE },
		{ "rw/rw copy |", 3, 3, 4, TRUE },
		{ "none/none |", 0, 0, 4, FALSE },
		{ "none/none copy |", 0, 0, 4, TRUE },
		{ "rw/r |", 3, 1, 1, FALSE },
		{ "8 |", 8, 8, 1, FALSE },
		{ "max 7 |", 3, 7, 1, FALSE },
		{ "max 6 |", 2, 6, 1, FALSE },
		{ "rx/rx |", 5, 5, 1, FALSE },
		{ "rx/rx copy |", 5, 5, 1, TRUE },
		{ "none/rw |", 0, 3, 1, FALSE },
		{ "none/r |", 0, 1, 1, FALSE },
		{ "r/r +0x800 |", 1, 1, 1, FALSE },
		{ "r/r bad inherit |", 1, 1, 1, FALSE },
		{ "r/r size 0 |", 1, 1, 0, FALSE },
		{ "0x10 |", 0x10, 0x10, 1, FALSE },
		{ "inherit none |", 1, 1, 1, FALSE },
	};
	mach_vm_address_t at = A + 0x200000;
	vm_inherit_t inheritance = VM_INHERIT_COPY;
	vm_prot_t current, maximum;

	for (unsigned i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (!starts(row, calls[i].name))
			continue;
		if (strstr(row, "kr=0xfffffed1") != NULL)
			return "libSystem has no such function there";
		current = calls[i].current;
		maximum = calls[i].maximum;
		if (strstr(row, "bad inherit") != NULL)
			inheritance = 3;
		else if (strstr(row, "inherit none") != NULL)
			inheritance = VM_INHERIT_NONE;
		clear();
		put(PAGES, 4, 240, 1);
		if (starts(row, "rx/rx"))
			(void)stage->protect(self, PAGES, page, FALSE,
			    VM_PROT_READ);
		expect("kr",
		    stage->remap_new(self, &at, calls[i].pages * page, 0,
			VM_FLAGS_FIXED, self,
			PAGES + (strstr(row, "+0x800") != NULL ? 0x800 : 0),
			calls[i].copy, &current, &maximum, inheritance),
		    get(row, "kr="));
		expect("out", (int64_t)at, get(row, "out="));
		expect("cur", current, get(row, "cur="));
		expect("max", maximum, get(row, "max="));
		expect_regions(row, A + 0x200000, A + SPAN);
		return NULL;
	}
	return "the arguments of the call are not recorded";
}

/* One address and size through many routines, in nothing. */
static const char *
ranges(const char *row)
{
	const uint64_t a = (uint64_t)get(row, "addr=");
	const uint64_t size = (uint64_t)get(row, "size=");
	mach_vm_address_t buffer = A + 0x40000;
	vm_machine_attribute_val_t value = MATTR_VAL_GET;
	mach_msg_type_number_t count = 0;
	vm_offset_t data;

	if (strstr(row, "beh6") == NULL)
		return "the state before the call is not recorded";
	clear();
#define CALL(word_, call_)                                      \
	do {                                                    \
		const char *p_ = strstr(row, word_);            \
		if (p_ != NULL)                                 \
			expect(word_, (call_), get(p_, "kr=")); \
	} while (0)
	CALL(" beh6", stage->behavior_set(self, a, size, VM_BEHAVIOR_FREE));
	CALL("beh99", stage->behavior_set(self, a, size, 99));
	CALL("msync2", stage->msync(self, a, size, 2));
	CALL("msync3", stage->msync(self, a, size, 3));
	CALL("msync0x22", stage->msync(self, a, size, 0x22));
	CALL("attr(1,get)", stage->machine_attribute(self, a, size, 1, &value));
	value = MATTR_VAL_CACHE_FLUSH;
	CALL("attr(1,6)", stage->machine_attribute(self, a, size, 1, &value));
	CALL("inh0", stage->inherit(self, a, size, VM_INHERIT_COPY));
	CALL("wire1",
	    stage->wire(mach_host_self(), self, a, size, VM_PROT_READ));
	CALL("wire0",
	    stage->wire(mach_host_self(), self, a, size, VM_PROT_NONE));
	put(buffer, 4, 240, 1);
	CALL("rd", stage->read(self, a, size, &data, &count));
	if (size < page)
		CALL("wr",
		    stage->write(self, a, (vm_offset_t)buffer,
			(mach_msg_type_number_t)size));
#undef CALL
	return NULL;
}

static const char *
coalesces(const char *row)
{
	const uint64_t other = A + 0x200000, four = 4 * page;
	mach_vm_address_t at = other;
	vm_prot_t current, maximum;
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;
	bool untouched = strstr(row, "untouched") != NULL;
	kern_return_t kr = KERN_SUCCESS;

	clear();
	put(A, 4, 240, untouched ? -1 : 1);
	if (starts(row, "remap share")) {
		kr = stage->remap(self, &at, four, 0, VM_FLAGS_FIXED, self, A,
		    FALSE, &current, &maximum, VM_INHERIT_COPY);
	} else if (starts(row, "remap copy")) {
		kr = stage->remap(self, &at, four, 0, VM_FLAGS_FIXED, self, A,
		    TRUE, &current, &maximum, VM_INHERIT_COPY);
	} else if (starts(row, "vm_copy source")) {
		put(other, 4, 240, untouched ? -1 : 1);
		kr = stage->copy(self, A, four, other);
	} else if (starts(row, "vm_copy dest")) {
		put(other, 4, 240, 1);
		kr = stage->copy(self, other, four, A);
	} else if (starts(row, "mach_vm_read")) {
		kr = stage->read(self, A, four, &data, &count);
	} else if (starts(row, "wire/unwire")) {
		kr = stage->wire(mach_host_self(), self, A, four,
		    VM_PROT_DEFAULT);
		(void)stage->wire(mach_host_self(), self, A, four,
		    VM_PROT_NONE);
	} else if (starts(row, "prot copy")) {
		kr = stage->protect(self, A, four, FALSE,
		    VM_PROT_DEFAULT | VM_PROT_COPY);
	} else if (starts(row, "FREE behavior")) {
		kr = stage->behavior_set(self, A, four, VM_BEHAVIOR_FREE);
	} else if (starts(row, "REUSABLE")) {
		kr = stage->behavior_set(self, A, four, VM_BEHAVIOR_REUSABLE);
	} else if (!starts(row, "control")) {
		return "the state before the call is not recorded";
	}
	expect("stage", kr, KERN_SUCCESS);
	if (strstr(row, "freed") != NULL)
		(void)stage->deallocate(self, other, four);
	at = A + four;
	expect("kr", stage->allocate(self, &at, four, (int)VM_MAKE_TAG(240)),
	    get(row, "kr="));
	expect_regions(row, A, A + 0x100000);
	if (data != 0)
		(void)stage->deallocate(self, data, four);
	return NULL;
}

/* ---- messages ----------------------------------------------------------- */

static const char *
messages(const char *row)
{
	const uint64_t in[] = { A + 0x8000, page, 0 };
	const char *reply = strstr(row, "reply id=");
	mach_msg_size_t size = (mach_msg_size_t)get(row, "size=");
	mach_msg_return_t error;
	struct mt_message m;
	int code;

	if (!starts(row, "allocate") && !starts(row, "unknown/other"))
		return "the message is not recorded, or its reply is the one before";
	if (strstr(row, "port") != NULL || strstr(row, "receive") != NULL)
		return "the message is not recorded";
	clear();
	memset(&m, 0, sizeof(m));
	(void)mt_mig_request(&mt_migs[MT_MIG_allocate], self, in, &m);
	if (strstr(row, "NDR all ff") != NULL)
		memset(m.bytes + sizeof(m.header), 0xff, 8);
	else if (strstr(row, "NDR zero") != NULL)
		memset(m.bytes + sizeof(m.header), 0, 8);
	else if (strstr(row, "NDR big") != NULL)
		m.bytes[sizeof(m.header) + 4] = 0;
	m.header.msgh_id = (mach_msg_id_t)get(row, "id=");
	m.header.msgh_size = size;
	if (get(row, "complex=") == 1) {
		m.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
		memset(m.bytes + sizeof(m.header), 0, 4);
	}
	error = mt_mig_any(&m, size);
	expect("kr", error, get(row, "kr="));
	if (error != MACH_MSG_SUCCESS || reply == NULL)
		return NULL;
	expect("reply id", m.header.msgh_id, get(reply, "id="));
	expect("reply size", m.header.msgh_size, get(reply, "size="));
	memcpy(&code, m.bytes + 32, sizeof(code));
	expect("ret", code, get(reply, "ret="));
	return NULL;
}

const struct family families[] = {
	{ "alloc-chunk | ", chunks },
	{ "attr | ", attributes },
	{ "behavior | ", behaviors },
	{ "behavior-state | ", behavior_states },
	{ "coal-after | ", coalesces },
	{ "copy-size | ", copies },
	{ "entry | ", entries },
	{ "mig | ", messages },
	{ "msync | ", syncs },
	{ "ranges | ", ranges },
	{ "read | ", reads },
	{ "region | ", regions },
	{ "remapnew | ", remaps_new },
	{ NULL, NULL },
};
