/*
 * What a reply of the kernel's says: its header, its trailer, and the
 * descriptors of the memory and the port that it carries.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"

static uint32_t
word(const struct mt_message *m, unsigned offset)
{
	uint32_t value;

	memcpy(&value, m->bytes + offset, sizeof(value));
	return value;
}

static void
read_reply(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t from, mach_vm_size_t size, struct mt_message *m)
{
	const uint64_t in[] = { from, size };
	mach_msg_size_t length;

	memset(m, 0, sizeof(*m));
	length = mt_mig_request(&mt_migs[MT_MIG_read], self, in, m);
	MT_REQUIRE(vm->exchange(m, length, sizeof(*m)), MACH_MSG_SUCCESS);
}

MT_CASE(exchange, reply_came_by_a_send_once_right, "mig-reply-header",
    IPC_KMSG_C "ipc_kmsg_copyout_header()",
    "The header of a reply has a local port, reached by a send-once right, no "
    "remote port and no voucher, and the id of the request and 100; behind it "
    "is the NDR record.")
{
	const uint64_t in[] = { mt_pages(1), mt_page };
	struct mt_message m;
	mach_msg_size_t length;

	memset(&m, 0, sizeof(m));
	length = mt_mig_request(&mt_migs[MT_MIG_deallocate], self, in, &m);
	MT_REQUIRE(vm->exchange(&m, length, sizeof(m)), MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(m.header.msgh_bits,
	    MACH_MSGH_BITS(0, MACH_MSG_TYPE_MOVE_SEND_ONCE));
	MT_CHECK_NUMBER(m.header.msgh_size, 36);
	MT_CHECK_NUMBER(m.header.msgh_remote_port, MACH_PORT_NULL);
	MT_CHECK_TRUE(m.header.msgh_local_port != MACH_PORT_NULL &&
	    m.header.msgh_local_port != self);
	MT_CHECK_NUMBER(word(&m, 16), 0); /* voucher */
	MT_CHECK_NUMBER(m.header.msgh_id, 4901);
	MT_CHECK_TRUE(
	    memcmp(m.bytes + 24, mt_mig_ndr, sizeof(mt_mig_ndr)) == 0);
	MT_CHECK_NUMBER(word(&m, 32), KERN_SUCCESS);
	/* a trailer of format 0 without more */
	MT_CHECK_NUMBER(word(&m, 36), 0);
	MT_CHECK_NUMBER(word(&m, 40), 8);
}

MT_CASE(exchange, memory_in_a_reply_is_to_be_deallocated,
    "mig-reply-memory-descriptor",
    IPC_KMSG_C "ipc_kmsg_copyout_ool_descriptor()",
    "The descriptor of memory in a reply has its address and size, "
    "deallocate set, MACH_MSG_VIRTUAL_COPY and MACH_MSG_OOL_DESCRIPTOR; the "
    "reply ends with the size once more.")
{
	const mach_vm_address_t from = mt_pages(2);
	mach_vm_address_t data;
	struct mt_message m;

	TOUCH_PAGES(from, 2, 0x41);
	read_reply(vm, self, from, mt_page + 5, &m);
	MT_CHECK_NUMBER(m.header.msgh_bits,
	    MACH_MSGH_BITS_COMPLEX |
		MACH_MSGH_BITS(0, MACH_MSG_TYPE_MOVE_SEND_ONCE));
	MT_CHECK_NUMBER(m.header.msgh_size, 56);
	MT_CHECK_NUMBER(word(&m, 24), 1);
	memcpy(&data, m.bytes + DESCRIPTOR, sizeof(data));
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 8], TRUE);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 9], MACH_MSG_VIRTUAL_COPY);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 10], 0);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 11], MACH_MSG_OOL_DESCRIPTOR);
	MT_CHECK_NUMBER(word(&m, DESCRIPTOR + 12), mt_page + 5);
	MT_CHECK_NUMBER(word(&m, 52), mt_page + 5);
	MT_CHECK_BYTE(data, 0x41);
	MT_CHECK_BYTE(data + mt_page, 0x41);
	MT_CHECK(stage->deallocate(self, data, 2 * mt_page), KERN_SUCCESS);
}

MT_CASE(exchange, no_memory_in_a_reply_has_address_zero,
    "mig-reply-memory-none", IPC_KMSG_C "ipc_kmsg_copyout_ool_descriptor()",
    "The descriptor of no bytes in a reply: address and size are 0, the rest "
    "as of memory.")
{
	const mach_vm_address_t from = mt_pages(1);
	struct mt_message m;

	read_reply(vm, self, from, 0, &m);
	MT_CHECK_NUMBER(m.header.msgh_size, 56);
	MT_CHECK_NUMBER(word(&m, DESCRIPTOR), 0);
	MT_CHECK_NUMBER(word(&m, DESCRIPTOR + 4), 0);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 8], TRUE);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 9], MACH_MSG_VIRTUAL_COPY);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 11], MACH_MSG_OOL_DESCRIPTOR);
	MT_CHECK_NUMBER(word(&m, DESCRIPTOR + 12), 0);
	MT_CHECK_NUMBER(word(&m, 52), 0);
}

MT_CASE(exchange, port_in_a_reply_is_a_send_right, "mig-reply-port-descriptor",
    IPC_KMSG_C "ipc_kmsg_copyout_port_descriptor()",
    "The descriptor of a port in a reply: its name, the send right that came "
    "with it, MACH_MSG_PORT_DESCRIPTOR, and zeroes in between; the record of the "
    "data's form, NDR, follows.")
{
	const mach_vm_address_t page = mt_pages(1);
	struct mt_message m = { 0 };
	mach_msg_size_t length;

	TOUCH(page, 1);
	length = mt_mig_request(&mt_migs[MT_MIG_make_memory_entry], self,
	    (const uint64_t[]){ MACH_PORT_NULL, mt_page, page,
		VM_PROT_DEFAULT },
	    &m);
	MT_REQUIRE(vm->exchange(&m, length, sizeof(m)), MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(m.header.msgh_size, 56);
	MT_CHECK_NUMBER(word(&m, 24), 1);
	MT_CHECK_NUMBER(word(&m, DESCRIPTOR + 4), 0);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 8], 0);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 9], 0);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 10], MACH_MSG_TYPE_MOVE_SEND);
	MT_CHECK_NUMBER(m.bytes[DESCRIPTOR + 11], MACH_MSG_PORT_DESCRIPTOR);
	MT_CHECK_TRUE(memcmp(m.bytes + DESCRIPTOR + 12, mt_mig_ndr, 8) == 0);
	MT_CHECK(mt_trap_port_deallocate(self, word(&m, DESCRIPTOR)),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .ref_count = 1);
}
