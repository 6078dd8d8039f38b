/*
 * Receiving the kernel's reply into a buffer that is too small for it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"

MT_CASE(exchange, reply_that_does_not_fit_is_lost, "mig-receive-small",
    MACH_MSG_C "mach_msg_receive_results()",
    "A reply that is larger than the buffer is destroyed; what the routine "
    "did stays.")
{
	mach_vm_address_t hole = mt_hole(1);
	const uint64_t in[] = { hole, mt_page, PLAIN };
	struct mt_message m;
	mach_msg_size_t size;

	size = mt_mig_request(&mt_migs[MT_MIG_allocate], self, in, &m);
	MT_CHECK(vm->exchange(&m, size, 36), MACH_RCV_TOO_LARGE);
	MT_CHECK_REGION(hole, .size = (int64_t)mt_page,
	    .protection = VM_PROT_DEFAULT);
}

MT_CASE(exchange, trailer_needs_room_too, "mig-receive-small-trailer",
    MACH_MSG_C "mach_msg_receive_results()",
    "The trailer of 8 bytes that follows the reply counts: with room for "
    "the reply alone it does not fit.")
{
	const uint64_t in[] = { mt_pages(1), mt_page };
	struct mt_message m;
	mach_msg_size_t size;

	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self, in, &m);
	MT_CHECK(vm->exchange(&m, size, 36 + 7), MACH_RCV_TOO_LARGE);
	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self, in, &m);
	MT_CHECK(vm->exchange(&m, size, 36 + 8), MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(m.header.msgh_size, 36);
}

MT_CASE(exchange, descriptors_that_do_not_fit_are_released,
    "mig-receive-small-memory", MACH_MSG_C "mach_msg_receive_results()",
    "Memory in a reply that does not fit is gone with it: the map is as "
    "before.")
{
	const uint64_t in[] = { mt_pages(64), 64 * mt_page };
	mach_vm_address_t low = 0, address = 0;
	struct mt_message m;
	mach_msg_size_t size;

	TOUCH_PAGES(in[0], 64, 1);
	MT_REQUIRE(stage->allocate(self, &low, 64 * mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, low, 64 * mt_page), KERN_SUCCESS);
	size = mt_mig_request(&mt_migs[MT_MIG_read], self, in, &m);
	MT_CHECK(vm->exchange(&m, size, 24), MACH_RCV_TOO_LARGE);
	MT_REQUIRE(stage->allocate(self, &address, 64 * mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, low);
}
