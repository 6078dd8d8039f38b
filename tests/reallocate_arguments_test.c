/*
 * mach_vm_reallocate: what it refuses, and in which order.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"
#include "reallocate.h"

#define HALF (mt_page / 2)

/* Two pages in a hole of four, asked to become three anywhere but for the
 * arguments of a case.  Nothing may have changed. */
struct request {
	mach_vm_address_t source;
	mach_vm_size_t from;
	mach_vm_address_t address;
	mach_vm_size_t to;
	mach_vm_offset_t mask;
	int options, flags;
};

static struct request
request(mach_port_name_t self)
{
	mach_vm_address_t pages = block(self, 2, 2);

	return (struct request){ .source = pages,
		.from = 2 * mt_page,
		.to = 3 * mt_page,
		.flags = VM_FLAGS_ANYWHERE | PLAIN };
}

static kern_return_t
call(const struct mt_route *vm, mach_port_name_t self, const struct request *r)
{
	mach_vm_address_t address = r->address;

	return vm->reallocate(self, r->source, r->from, &address, r->to,
	    r->mask, r->options, r->flags);
}

static void
check_untouched(mach_vm_address_t pages)
{
	MT_CHECK_LAYOUT(pages, "aa..");
	check_numbers(pages, 2);
}

MT_CASE(reallocate, unknown_flags_are_refused, "reallocate-bad-flags",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "KERN_INVALID_ARGUMENT: flags of mach_vm_reallocate() beyond "
    "VM_FLAGS_ANYWHERE, VM_FLAGS_OVERWRITE and a tag.",
    .needs = "native")
{
	struct request r = request(self);
	unsigned refused = 0;

	for (int bit = 1; bit < 24; bit++) {
		if (1 << bit == VM_FLAGS_OVERWRITE)
			continue;
		r.flags = VM_FLAGS_ANYWHERE | 1 << bit;
		refused += call(vm, self, &r) == KERN_INVALID_ARGUMENT;
	}

	MT_CHECK_NUMBER(refused, 22);
	check_untouched(r.source);
}

MT_CASE(reallocate, unknown_options_are_refused, "reallocate-bad-options",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "KERN_INVALID_ARGUMENT: options of mach_vm_reallocate() beyond "
    "VM_REALLOCATE_ZERO_FILL_SOURCE.",
    .needs = "native")
{
	static const int options[] = { 2, 3, 4, INT32_MIN, -1 };
	struct request r = request(self);

	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		r.options = options[i];
		MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	}
	check_untouched(r.source);
}

MT_CASE(reallocate, new_size_is_whole_pages,
    "reallocate-destination-size-unaligned", "vm_reallocate.html",
    "KERN_INVALID_ARGUMENT: mach_vm_reallocate() with a new size that is not "
    "a multiple of the page size, even where it would end with a page at the "
    "hint.",
    .needs = "native")
{
	struct request r = request(self);

	r.to += HALF;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	r.address = mt_hole(6) + HALF;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	check_untouched(r.source);
}

MT_CASE(reallocate, new_size_of_0_is_refused,
    "reallocate-destination-size-zero",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "KERN_INVALID_ARGUMENT: mach_vm_reallocate() to size 0, even of a source "
    "that is not mapped.",
    .needs = "native")
{
	struct request r = request(self);

	r.to = 0;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	check_untouched(r.source);
	r.source += 2 * mt_page;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
}

MT_CASE(reallocate, old_size_is_whole_pages, "reallocate-source-size-unaligned",
    "vm_reallocate.html",
    "KERN_INVALID_ARGUMENT: mach_vm_reallocate() with an old size that is "
    "not a multiple of the page size.",
    .needs = "native")
{
	struct request r = request(self);

	r.from -= HALF;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	check_untouched(r.source);
}

MT_CASE(reallocate, old_size_of_0_is_refused, "reallocate-source-size-zero",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "KERN_INVALID_ARGUMENT: mach_vm_reallocate() of a range of size 0, "
    "anywhere or to a fixed place.",
    .needs = "native")
{
	struct request r = request(self);

	r.from = 0;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	r.address = mt_hole(4);
	r.flags = VM_FLAGS_FIXED;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	MT_CHECK_HOLE(r.address);
	check_untouched(r.source);
}

/* Of the two codes that a document and the kernel give. */
static bool
refuses(kern_return_t kr)
{
	return kr == KERN_INVALID_ADDRESS || kr == KERN_INVALID_ARGUMENT;
}

MT_CASE(reallocate, unaligned_source_is_refused, "reallocate-source-unaligned",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "mach_vm_reallocate() of a source that is not page aligned fails: with "
    "KERN_INVALID_ARGUMENT, where the manual has KERN_INVALID_ADDRESS.",
    .needs = "native")
{
	struct request r = request(self);

	r.source += HALF;
	MT_CHECK_TRUE(refuses(call(vm, self, &r)));
	check_untouched(r.source - HALF);
	MT_OBSERVE(call(vm, self, &r));
}

MT_CASE(reallocate, unaligned_place_is_refused, "reallocate-fixed-unaligned",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "mach_vm_reallocate() to a fixed place that is not page aligned fails: "
    "with KERN_INVALID_ARGUMENT, where the manual has KERN_INVALID_ADDRESS.",
    .needs = "native")
{
	struct request r = request(self);

	r.address = mt_hole(4) + HALF;
	r.flags = VM_FLAGS_FIXED;
	MT_CHECK_TRUE(refuses(call(vm, self, &r)));
	check_untouched(r.source);
	MT_OBSERVE(call(vm, self, &r));
}

MT_CASE(reallocate, null_source_is_refused, "reallocate-source-null",
    REALLOCATE_C "vm_map_relocate()",
    "KERN_INVALID_ADDRESS: mach_vm_reallocate() of address 0, where nothing "
    "can be mapped.",
    .needs = "native")
{
	struct request r = request(self);

	r.source = 0;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ADDRESS);
}

MT_CASE(reallocate, unmapped_source_is_refused, "reallocate-source-unmapped",
    "vm_reallocate.html",
    "KERN_INVALID_ADDRESS: mach_vm_reallocate() of a range in which nothing "
    "is mapped.",
    .needs = "native")
{
	struct request r = request(self);

	r.source = mt_hole(4);
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(r.source, "....");
}

MT_CASE(reallocate, source_beyond_the_map_is_refused,
    "reallocate-source-beyond-map", REALLOCATE_C "vm_map_relocate()",
    "KERN_INVALID_ADDRESS: mach_vm_reallocate() of a source above the end of "
    "the map.",
    .needs = "native")
{
	struct request r = request(self);

	r.source = UINT64_C(1) << 60;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ADDRESS);
}

MT_CASE(reallocate, hole_in_the_source_is_refused, "reallocate-source-hole",
    "vm_reallocate.html",
    "KERN_INVALID_ADDRESS: mach_vm_reallocate() of a range with a hole in "
    "it, or at its end; nothing moves, whether the source is to be freed or "
    "filled.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 4, 2);
	struct request r = { .source = pages,
		.to = 6 * mt_page,
		.flags = VM_FLAGS_ANYWHERE };

	PUNCH(pages + mt_page, 1);
	for (r.options = VM_REALLOCATE_DEALLOCATE_SOURCE;
	     r.options <= VM_REALLOCATE_ZERO_FILL_SOURCE; r.options++)
		for (r.from = 2 * mt_page; r.from <= 4 * mt_page;
		     r.from += mt_page)
			MT_CHECK(call(vm, self, &r), KERN_INVALID_ADDRESS);

	MT_CHECK_LAYOUT(pages, "a.bb..");
	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x13);
}

MT_CASE(reallocate, range_does_not_shrink, "reallocate-shrinks-not",
    "vm_reallocate.html",
    "KERN_INVALID_ARGUMENT: mach_vm_reallocate() to a size below the old "
    "one.",
    .needs = "native")
{
	struct request r = request(self);

	r.to = mt_page;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	r.address = mt_hole(4);
	r.flags = VM_FLAGS_FIXED;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	check_untouched(r.source);
}

MT_CASE(reallocate, hint_that_wraps_is_refused, "reallocate-hint-wraps",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "KERN_INVALID_ARGUMENT: the hint of mach_vm_reallocate() and the new "
    "size wrap around the end of all addresses.",
    .needs = "native")
{
	struct request r = request(self);

	r.address = LAST_PAGE;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	check_untouched(r.source);
}

MT_CASE(reallocate, place_must_fit_the_mask, "reallocate-fixed-against-mask",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "KERN_INVALID_ADDRESS: mach_vm_reallocate() to a fixed place that has "
    "bits of the alignment mask.",
    .needs = "native")
{
	struct request r = request(self);

	r.address = mt_hole_aligned(8, MIB) + mt_page;
	r.flags = VM_FLAGS_FIXED;
	r.mask = MIB - 1;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ADDRESS);
	check_untouched(r.source);
	MT_CHECK_LAYOUT(r.address - mt_page, "........");
}

MT_CASE(reallocate, place_must_be_in_the_map, "reallocate-fixed-beyond-map",
    REALLOCATE_C "vm_map_relocate()",
    "KERN_NOT_SUPPORTED: mach_vm_reallocate() to a fixed place outside the "
    "map, to be overwritten or not.",
    .needs = "native")
{
	struct request r = request(self);

	for (unsigned i = 0; i < 4; i++) {
		r.address = i / 2 == 0 ? 0 : UINT64_C(1) << 60;
		r.flags = VM_FLAGS_FIXED |
		    (i % 2 == 0 ? 0 : VM_FLAGS_OVERWRITE);
		MT_CHECK(call(vm, self, &r), KERN_NOT_SUPPORTED);
	}
	check_untouched(r.source);
}

MT_CASE(reallocate, any_mask_is_accepted, "reallocate-mask-any",
    REALLOCATE_C "vm_map_relocate()",
    "The alignment mask of mach_vm_reallocate() may have any bits; those "
    "below the page size mean nothing.",
    .needs = "native")
{
	const mach_vm_offset_t large = (UINT64_C(1) << 33) - 1;
	mach_vm_address_t pages = block(self, 1, 0), address = NOWHERE;

	MT_CHECK(vm->reallocate(self, pages, mt_page, &address, 2 * mt_page,
		     0x3ff, 0, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	pages = address;
	address = NOWHERE;
	MT_CHECK(vm->reallocate(self, pages, mt_page, &address, 4 * mt_page,
		     4 * MIB | MIB, 0, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(address & (4 * MIB | MIB), 0);
	MT_CHECK_BYTE(address, 0x11);
	pages = address;
	address = NOWHERE;
	MT_CHECK(vm->reallocate(self, pages, 4 * mt_page, &address, 5 * mt_page,
		     large, 0, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(address & large, 0);
}

MT_CASE(reallocate, first_defect_decides,
    "reallocate-flags-before-options-before-ranges",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "mach_vm_reallocate() with two defects answers for the first of: flags, "
    "options, destination, its mask, source, sizes, what is mapped.",
    .needs = "native")
{
	const mach_vm_address_t odd = mt_hole_aligned(8, MIB) + mt_page;
	struct request r = request(self), good = r;

	/* Against the mask: KERN_INVALID_ADDRESS, unless something before. */
	r.address = odd;
	r.mask = MIB - 1;
	r.flags = VM_FLAGS_FIXED | VM_FLAGS_PERMANENT;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	r.flags = VM_FLAGS_FIXED;
	r.options = 2;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	r.options = 0;
	r.to += HALF;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	r.to = mt_page; /* shrinks, and the source is not aligned */
	r.source += HALF;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ADDRESS);
	/* Shrinks, and the source is not mapped. */
	r = good;
	r.source = odd;
	r.to = mt_page;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	/* Not mapped, and the place is outside the map or occupied. */
	r.to = 3 * mt_page;
	r.flags = VM_FLAGS_FIXED;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ADDRESS);
	r.address = good.source;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ADDRESS);
	/* Shrinks, and would overwrite its source. */
	r = good;
	r.to = mt_page;
	r.address = good.source;
	r.flags = VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
	check_untouched(good.source);
}

MT_CASE(reallocate, out_parameter_is_kept_on_failure,
    "reallocate-out-on-failure", REALLOCATE_C "vm_map_reallocate()",
    "mach_vm_reallocate() that fails leaves the caller's address as it was.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(4), address = hole;

	MT_CHECK(grow(vm, self, hole, 2, &address, 3, VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_ADDRESS(address, hole);
}

MT_CASE(reallocate, translated_processes_cannot, "reallocate-rosetta",
    REALLOCATE_C "vm_map_relocate()",
    "KERN_NOT_SUPPORTED: mach_vm_reallocate() in a map whose pages are "
    "smaller than the kernel's.",
    .needs = "translated")
{
	struct request r = request(self);

	MT_CHECK(call(vm, self, &r), KERN_NOT_SUPPORTED);
	r.from += HALF;
	MT_CHECK(call(vm, self, &r), KERN_INVALID_ARGUMENT);
}

MT_CASE(send, reallocate_is_no_routine_before_it_exists, "reallocate-absent",
    XNU26 "osfmk/mach/mach_vm.defs",
    "MIG_BAD_ID: the message of mach_vm_reallocate(), 4829, until macOS "
    "26.3.",
    .until = "26.3")
{
	struct answer a = header_only(vm, self, 4829);

	MT_CHECK(a.error, MACH_MSG_SUCCESS);
	MT_CHECK(a.code, MIG_BAD_ID);
}

/* The message of two pages that are to be three. */
static struct answer
message(const struct mt_route *vm, mach_port_name_t self, int more)
{
	mach_vm_address_t pages = block(self, 2, 2);
	struct mt_message m;
	mach_msg_size_t size = mt_mig_request(&mt_migs[MT_MIG_reallocate], self,
	    (const uint64_t[]){ pages, 2 * mt_page, 0, 3 * mt_page, 0, 0,
		VM_FLAGS_ANYWHERE },
	    &m);

	MT_CHECK_NUMBER(size, 80);
	m.header.msgh_size = (mach_msg_size_t)((int)size + more);
	return exchange(vm, &m, m.header.msgh_size);
}

MT_CASE(send, reallocate_has_a_message_of_80_bytes, "reallocate-id",
    XNU26 "osfmk/mach/mach_vm.defs",
    "The message of mach_vm_reallocate() has id 4829 and 80 bytes; its reply "
    "44, and 36 when it fails.",
    .since = "26.4", .needs = "native")
{
	struct answer a = message(vm, self, 0);

	MT_CHECK(a.code, KERN_SUCCESS);
	MT_CHECK_NUMBER(a.id, 4929);
	MT_CHECK_NUMBER(a.size, 44);
	a = message(vm, self, 4);
	MT_CHECK(a.code, MIG_BAD_ARGUMENTS);
	MT_CHECK_NUMBER(a.size, 36);
	MT_CHECK(message(vm, self, -4).code, MIG_BAD_ARGUMENTS);
}
