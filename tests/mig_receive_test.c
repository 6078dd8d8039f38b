/*
 * Receiving the kernel's reply into a buffer that is too small for it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"

MT_CASE(exchange, reply_that_does_not_fit_is_lost, "mig-receive-small",
    MACH_MSG_C "mach_msg_receive_results()",
    "MACH_RCV_TOO_LARGE: a reply larger than the receive buffer is "
    "destroyed; what the routine did remains.")
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

MT_CASE(exchange, trailer_must_fit_too, "mig-receive-small-trailer",
    MACH_MSG_C "mach_msg_receive_results()",
    "The 8 bytes of the trailer must fit the receive buffer: "
    "MACH_RCV_TOO_LARGE in a buffer for the reply alone.")
{
	const uint64_t in[] = { mt_pages(1), mt_page };
	struct mt_message m;
	mach_msg_size_t size;

	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self, in, &m);
	MT_CHECK(vm->exchange(&m, size, 36 + 7), MACH_RCV_TOO_LARGE);
	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self, in, &m);
	MT_CHECK(vm->exchange(&m, size, 36 + 8), MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(m.header.msgh_size, 36);
	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self, in, &m);
	MT_CHECK(vm->exchange(&m, size, 65536), MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(m.header.msgh_size, 36);
}

/* Send what stands at a page that can be read alone, and receive there. */
static mach_msg_return_t
exchange_at(mach_port_name_t self, mach_vm_address_t page, mach_msg_size_t size)
{
	mach_msg_header_t *h = (mach_msg_header_t *)(uintptr_t)page;
	const mach_port_name_t reply = mt_trap_reply_port();
	const mach_msg_size_t limit = sizeof(struct mt_message);

	h->msgh_local_port = reply;
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	if (!mt_has_message2(mt_system()))
		return mt_trap_msg(h, MACH_SEND_MSG | MACH_RCV_MSG, size, limit,
		    reply, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
	return mt_trap_msg2(h,
	    MT_MSG2_SEND | MT_MSG2_TO_KERNEL | MT_MSG2_RECEIVE,
	    (uint64_t)size << 32 | h->msgh_bits,
	    (uint64_t)reply << 32 | h->msgh_remote_port,
	    (uint64_t)(uint32_t)h->msgh_id << 32, (uint64_t)reply << 32, limit,
	    0);
}

MT_CASE(raw, reply_that_cannot_be_written_is_lost, "mig-receive-read-only",
    IPC_KMSG_C "ipc_kmsg_put()",
    "MACH_RCV_INVALID_DATA: the reply finds no memory that can be written; what "
    "the routine did remains.")
{
	const uint64_t page = mt_pages(1), gone = mt_pages(1);
	struct mt_message m;
	mach_msg_size_t size;

	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self,
	    (const uint64_t[]){ gone, mt_page }, &m);
	memcpy((void *)(uintptr_t)page, &m, size);
	MT_CHECK(exchange_at(self, page, size), MACH_RCV_INVALID_DATA);
	MT_CHECK_HOLE(gone);
}

MT_CASE(raw, memory_of_a_reply_that_is_lost_stays,
    "mig-receive-read-only-memory", MACH_MSG_C "mach_msg_receive_results()",
    "MACH_RCV_INVALID_DATA leaves the memory of a reply that cannot be written "
    "in the map, where nobody knows of it.")
{
	const uint64_t page = mt_pages(1), from = mt_pages(64);
	mach_vm_address_t low = 0;
	struct mt_message m;
	mach_msg_size_t size;

	TOUCH_PAGES(from, 64, 1);
	MT_REQUIRE(stage->allocate(self, &low, 64 * mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, low, 64 * mt_page), KERN_SUCCESS);
	size = mt_mig_request(&mt_migs[MT_MIG_read], self,
	    (const uint64_t[]){ from, 64 * mt_page }, &m);
	memcpy((void *)(uintptr_t)page, &m, size);
	MT_CHECK(exchange_at(self, page, size), MACH_RCV_INVALID_DATA);
	MT_CHECK_BYTE(low, 1);
	MT_CHECK_BYTE(low + 64 * mt_page - 1, 0);
}

MT_CASE(exchange, memory_in_a_reply_that_does_not_fit_is_released,
    "mig-receive-small-memory", MACH_MSG_C "mach_msg_receive_results()",
    "MACH_RCV_TOO_LARGE releases the memory that the reply carries: the map "
    "is as before.")
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

MT_CASE(exchange, port_in_a_reply_that_does_not_fit_is_released,
    "mig-receive-small-port", MACH_MSG_C "mach_msg_receive_results()",
    "MACH_RCV_TOO_LARGE releases the port that the reply carries: memory whose "
    "entry nobody has received is referenced by its region alone.")
{
	mach_vm_address_t page = mt_pages(1);
	const uint64_t in[] = { MACH_PORT_NULL, mt_page, page,
		VM_PROT_DEFAULT };
	struct mt_message m;
	mach_msg_size_t size;

	TOUCH(page, 1);
	size = mt_mig_request(&mt_migs[MT_MIG_make_memory_entry], self, in, &m);
	MT_CHECK(vm->exchange(&m, size, sizeof(m)), MACH_MSG_SUCCESS);
	MT_CHECK_REGION(page, .ref_count = 2);

	page = mt_pages(1);
	TOUCH(page, 1);
	size = mt_mig_request(&mt_migs[MT_MIG_make_memory_entry], self,
	    (const uint64_t[]){ MACH_PORT_NULL, mt_page, page,
		VM_PROT_DEFAULT },
	    &m);
	MT_CHECK(vm->exchange(&m, size, 24), MACH_RCV_TOO_LARGE);
	MT_CHECK_REGION(page, .ref_count = 1);
}

/* Send to nobody, and receive from port, in one call. */
static mach_msg_return_t
send_and_receive(struct mt_message *m, mach_port_name_t port)
{
	m->header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0);
	m->header.msgh_remote_port = MACH_PORT_NULL;
	m->header.msgh_local_port = MACH_PORT_NULL;
	if (!mt_has_message2(mt_system()))
		return mt_trap_msg(&m->header, MACH_SEND_MSG | MACH_RCV_MSG, 40,
		    sizeof(*m), port, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
	return mt_trap_msg2(&m->header,
	    MT_MSG2_SEND | MT_MSG2_TO_USER | MT_MSG2_RECEIVE,
	    UINT64_C(40) << 32 | m->header.msgh_bits, 0, 0,
	    (uint64_t)port << 32, sizeof(*m), 0);
}

MT_CASE(raw, nothing_is_received_when_the_message_is_not_sent,
    "mig-receive-after-send", MACH_MSG_C "mach_msg_overwrite_trap()",
    "A call that sends and receives ends with the error of a message that "
    "cannot be sent, MACH_SEND_INVALID_DEST; one that waits in the port stays "
    "there.")
{
	const mach_port_name_t port = port_with_message(0x515254);
	struct mt_message m = { 0 };

	MT_CHECK(send_and_receive(&m, port), MACH_SEND_INVALID_DEST);
	MT_CHECK(receive_from(port, &m), MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(m.header.msgh_id, 0x515254);
}
