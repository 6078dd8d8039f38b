/*
 * What mach_vm_remap refuses, and sources that are not whole pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

static mach_vm_address_t
four(void)
{
	mach_vm_address_t pages = mt_pages(4);

	NUMBER_PAGES(pages, 4, 1);
	return pages;
}

/* Remap to anywhere; a failure leaves all results alone. */
static kern_return_t
remap(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t *address, int flags, mach_vm_address_t source,
    mach_vm_size_t size, boolean_t copy, vm_inherit_t inheritance)
{
	vm_prot_t current = 0x77, maximum = 0x77;
	mach_vm_address_t before = *address;
	kern_return_t kr = vm->remap(self, address, size, 0,
	    flags | VM_FLAGS_ANYWHERE, self, source, copy, &current, &maximum,
	    inheritance);

	if (kr != KERN_SUCCESS) {
		MT_CHECK_ADDRESS(*address, before);
		MT_CHECK_NUMBER(current, 0x77);
		MT_CHECK_NUMBER(maximum, 0x77);
	}
	return kr;
}

MT_CASE(remap, resilient_media_is_accepted_with_copy,
    "remap-resilient-media-10.14", VM_USER_C "mach_vm_remap()",
    "VM_FLAGS_RESILIENT_MEDIA is accepted by mach_vm_remap() with copy; "
    "until macOS 10.14 it was refused.")
{
	mach_vm_address_t pages = four(), at = 0;

	MT_CHECK(remap(vm, self, &at, VM_FLAGS_RESILIENT_MEDIA, pages, mt_page,
		     TRUE, VM_INHERIT_COPY),
	    KERN_SUCCESS, MT_UNTIL(10.14, KERN_INVALID_ARGUMENT));
}

MT_CASE(remap, hole_in_the_source_leaves_the_target, "remap-src-hole-overwrite",
    VM_MAP_C "vm_map_copy_extract()",
    "VM_FLAGS_OVERWRITE in mach_vm_remap() leaves the target when the "
    "source has a hole.")
{
	mach_vm_address_t pages = four(), to = mt_pages(4), at = to;
	vm_prot_t current, maximum;

	TOUCH(to, 0x7f);
	PUNCH(pages + 3 * mt_page, 1);
	MT_CHECK(vm->remap(self, &at, 4 * mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, self, pages, FALSE,
		     &current, &maximum, VM_INHERIT_COPY),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0x7f);
	MT_CHECK_LAYOUT(to, "aaaa");
}

MT_CASE(remap, size_that_rounds_to_zero_is_refused, "remap-overflow-round",
    VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() of a size that rounds up to 2^64 is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t at = 0;

	MT_CHECK(remap(vm, self, &at, 0, four(), UINT64_MAX, FALSE,
		     VM_INHERIT_COPY),
	    KERN_INVALID_ARGUMENT);
}
