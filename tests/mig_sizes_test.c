/*
 * Messages to the kernel that are not what its servers expect: sizes, ids,
 * the kind of message, the record of number formats.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"

#define ALLOCATE_SIZE 52 /* of its request */

/* Ask for a page anywhere in a message of this size. */
static struct answer
allocate_of_size(const struct mt_route *vm, mach_port_name_t self,
    mach_msg_size_t size)
{
	struct mt_message m = { 0 };

	mt_mig_request(&mt_migs[MT_MIG_allocate], self,
	    (const uint64_t[]){ 0, mt_page, VM_FLAGS_ANYWHERE | PLAIN }, &m);
	return exchange(vm, &m, size);
}

MT_CASE(send, whole_request_is_answered, "mig-request", MIG_TYPE_CHECK,
    "A request as MIG lays it out is answered by a reply whose id is 100 "
    "higher.")
{
	struct answer a = allocate_of_size(vm, self, ALLOCATE_SIZE);

	MT_CHECK(a.error, MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(a.id, 4900);
	MT_CHECK_NUMBER(a.size, 44);
	MT_CHECK(a.code, KERN_SUCCESS);
}

MT_CASE(send, short_request_is_refused, "mig-wrong-size", MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a message shorter than its routine's request.")
{
	static const mach_msg_size_t sizes[] = { 24, 28, 32, 48 };

	for (unsigned i = 0; i < 4; i++) {
		struct answer a = allocate_of_size(vm, self, sizes[i]);

		MT_CHECK(a.error, MACH_MSG_SUCCESS);
		MT_CHECK(a.code, MIG_BAD_ARGUMENTS);
	}
}

MT_CASE(send, long_request_is_refused, "mig-wrong-size-long", MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a message longer than its routine's request.")
{
	static const mach_msg_size_t sizes[] = { 56, 60, 100, 512 };

	for (unsigned i = 0; i < 4; i++) {
		struct answer a = allocate_of_size(vm, self, sizes[i]);

		MT_CHECK(a.error, MACH_MSG_SUCCESS);
		MT_CHECK(a.code, MIG_BAD_ARGUMENTS);
	}
}

MT_CASE(send, reply_of_a_failed_routine_ends_with_its_code,
    "mig-reply-on-error", "mach/mig_errors.h, mig_reply_error_t",
    "The reply of a routine that failed ends with the return code: 36 "
    "bytes.")
{
	struct mt_message m;
	struct answer a;

	a = allocate_of_size(vm, self, 24);
	MT_CHECK_NUMBER(a.id, 4900);
	MT_CHECK_NUMBER(a.size, 36);

	mt_mig_request(&mt_migs[MT_MIG_allocate], self,
	    (const uint64_t[]){ 0, mt_page, VM_FLAGS_FIXED }, &m);
	a = exchange(vm, &m, ALLOCATE_SIZE);
	MT_CHECK_NUMBER(a.size, 36);
	MT_CHECK(a.code, KERN_INVALID_ADDRESS);
}

MT_CASE(send, size_that_is_no_multiple_of_4_is_not_sent, "mig-size-words",
    IPC_KMSG_C "ipc_kmsg_get_and_inflate_from_user()",
    "MACH_SEND_MSG_TOO_SMALL: the size of a message is not a multiple of 4.")
{
	for (mach_msg_size_t size = 49; size < 52; size++)
		MT_CHECK(allocate_of_size(vm, self, size).error,
		    MACH_SEND_MSG_TOO_SMALL);
}

MT_CASE(send, message_shorter_than_a_header_is_not_sent, "mig-size-header",
    IPC_KMSG_C "ipc_kmsg_get_and_inflate_from_user()",
    "MACH_SEND_MSG_TOO_SMALL: a message shorter than its header.")
{
	MT_CHECK(allocate_of_size(vm, self, 20).error, MACH_SEND_MSG_TOO_SMALL);
	MT_CHECK(allocate_of_size(vm, self, 4).error, MACH_SEND_MSG_TOO_SMALL);
}

MT_CASE(send, ndr_record_is_ignored, "mig-ndr-ignored", MIG_TYPE_CHECK,
    "The kernel ignores the NDR record of a request.")
{
	static const uint8_t bytes[] = { 0xff, 0x00, 0x01 };

	for (unsigned i = 0; i < 3; i++) {
		struct mt_message m;

		mt_mig_request(&mt_migs[MT_MIG_allocate], self,
		    (const uint64_t[]){ 0, mt_page, VM_FLAGS_ANYWHERE | PLAIN },
		    &m);
		memset(m.bytes + sizeof(m.header), bytes[i], 8);
		MT_CHECK(exchange(vm, &m, ALLOCATE_SIZE).code, KERN_SUCCESS);
	}
}

MT_CASE(send, complex_request_without_descriptors_is_refused,
    "mig-complex-simple", MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a complex message to a routine without descriptors.")
{
	struct mt_message m = { 0 };
	struct answer a;

	mt_mig_request(&mt_migs[MT_MIG_allocate], self,
	    (const uint64_t[]){ 0, mt_page, VM_FLAGS_ANYWHERE | PLAIN }, &m);
	memset(m.bytes + sizeof(m.header), 0, 8);
	m.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
	a = exchange(vm, &m, ALLOCATE_SIZE);
	MT_CHECK(a.error, MACH_MSG_SUCCESS);
	MT_CHECK(a.code, MIG_BAD_ARGUMENTS);
}

MT_CASE(send, unknown_ids_are_refused, "mig-unknown-id",
    XNU "osfmk/kern/ipc_kobject.c, ipc_kobject_server_internal()",
    "MIG_BAD_ID: a message id that no server of the kernel has.")
{
	static const mach_msg_id_t ids[] = { 0, 1, 99, 4700, 4799, 4850, 4899,
		5000, -1, INT32_MAX };

	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct answer a = header_only(vm, self, ids[i]);

		MT_CHECK(a.error, MACH_MSG_SUCCESS);
		MT_CHECK(a.code, MIG_BAD_ID);
		MT_CHECK_NUMBER(a.id, (int32_t)((uint32_t)ids[i] + 100));
		MT_CHECK_NUMBER(a.size, 36);
	}
}

MT_CASE(send, every_routine_checks_its_size, "mig-wrong-size-each",
    MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a message of a header alone, to each routine of the "
    "subsystem mach_vm.")
{
	for (mach_msg_id_t id = 4800; id <= 4820; id++)
		MT_CHECK(header_only(vm, self, id).code, MIG_BAD_ARGUMENTS);
	MT_CHECK(header_only(vm, self, 4821).code, MIG_BAD_ARGUMENTS,
	    MT_UNTIL(11.2, MIG_BAD_ID));
	for (mach_msg_id_t id = 4822; id <= 4823; id++)
		MT_CHECK(header_only(vm, self, id).code, MIG_BAD_ARGUMENTS,
		    MT_UNTIL(12, MIG_BAD_ID));
	MT_CHECK(header_only(vm, self, 4824).code, MIG_BAD_ID,
	    MT_UNTIL(15, MIG_BAD_ARGUMENTS), MT_UNTIL(12, MIG_BAD_ID));
	MT_CHECK(header_only(vm, self, 4825).code, MIG_BAD_ARGUMENTS,
	    MT_UNTIL(13, MIG_BAD_ID));
	MT_CHECK(header_only(vm, self, 4826).code, MIG_BAD_ARGUMENTS,
	    MT_UNTIL(15.3, MIG_BAD_ID));
	MT_CHECK(header_only(vm, self, 4827).code, MIG_BAD_ARGUMENTS,
	    MT_UNTIL(15.4, MIG_BAD_ID));
	/* it has no argument: a header is its whole request */
	MT_CHECK(header_only(vm, self, 4828).code, KERN_SUCCESS,
	    MT_UNTIL(15, MIG_BAD_ID));
	MT_CHECK(header_only(vm, self, 4829).code, MIG_BAD_ARGUMENTS,
	    MT_UNTIL(26.3, MIG_BAD_ID));
}

MT_CASE(send, older_subsystem_is_served, "mig-vm-map-subsystem", MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a message of a header alone, to each routine of the "
    "older subsystem vm_map, which the kernel serves too; MIG_BAD_ID beside "
    "them.")
{
	static const mach_msg_id_t none[] = { 3799, 3820, 3827, 3829, 3832 };

	for (unsigned i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		MT_CHECK(header_only(vm, self, none[i]).code, MIG_BAD_ID);
	MT_CHECK(header_only(vm, self, 3800).code, MIG_BAD_ARGUMENTS);
	MT_CHECK(header_only(vm, self, 3812).code, MIG_BAD_ARGUMENTS);
	MT_CHECK(header_only(vm, self, 3833).code, MIG_BAD_ARGUMENTS,
	    MT_UNTIL(26.3, MIG_BAD_ID));
}

/* A message of the older subsystem with an address of 32 bits, then nothing. */
static kern_return_t
older(const struct mt_route *vm, mach_port_name_t self, mach_msg_id_t id,
    mach_msg_size_t size)
{
	struct mt_message m = { 0 };

	mt_mig_request(&mt_migs[MT_MIG_page_query], self,
	    (const uint64_t[]){ 0 }, &m);
	m.header.msgh_id = id;
	m.header.msgh_size = size;
	return exchange(vm, &m, size).code;
}

MT_CASE(send, region_info_is_of_debugging_kernels, "region-info-debug",
    VM_DEBUG_C "vm32_mach_vm_region_info()",
    "mach_vm_region_info(), mach_vm_region_info_64() and "
    "vm_mapped_pages_info() are KERN_FAILURE in a kernel that is not made for "
    "debugging.")
{
	MT_CHECK(older(vm, self, 3818, 36), KERN_FAILURE);
	MT_CHECK(older(vm, self, 3819, 24), KERN_FAILURE);
	MT_CHECK(older(vm, self, 3823, 36), KERN_FAILURE);
}

MT_CASE(send, older_subsystem_has_addresses_of_32_bits,
    "mig-vm-map-subsystem-32", XNU "osfmk/mach/vm32_map.defs, subsystem 3800",
    "MIG_BAD_ARGUMENTS: a message to the older subsystem vm_map with an address "
    "of 64 bits, as mach/vm_map.h lays it out.")
{
	MT_CHECK(older(vm, self, 3817, 40), MIG_BAD_ARGUMENTS);
	MT_CHECK(older(vm, self, 3818, 40), MIG_BAD_ARGUMENTS);
	MT_CHECK(older(vm, self, 3823, 40), MIG_BAD_ARGUMENTS);
}

MT_CASE(send, request_to_another_kind_of_port_is_refused, "mig-wrong-target",
    VM_USER_C "mach_vm_allocate_external()",
    "A request of the subsystem mach_vm that is sent to another kind of "
    "kernel port finds no map.")
{
	const mach_port_name_t ports[] = { mach_host_self(),
		mt_trap_thread_self() };

	for (unsigned i = 0; i < 2; i++) {
		struct answer a = allocate_of_size(vm, ports[i], ALLOCATE_SIZE);

		MT_CHECK(a.error, MACH_MSG_SUCCESS);
		MT_CHECK(a.code, KERN_INVALID_ARGUMENT);
	}
}

MT_CASE(send, message_to_the_null_port_is_not_sent, "mig-null-target",
    IPC_KMSG_C "ipc_kmsg_get_and_inflate_from_user()",
    "MACH_SEND_INVALID_DEST: a message to MACH_PORT_NULL.")
{
	MT_CHECK(allocate_of_size(vm, MACH_PORT_NULL, ALLOCATE_SIZE).error,
	    MACH_SEND_INVALID_DEST);
	MT_CHECK(allocate_of_size(vm, 0x00fade03, ALLOCATE_SIZE).error,
	    MACH_SEND_INVALID_DEST);
}

MT_CASE(send, size_is_judged_before_the_target, "mig-wrong-size-target",
    MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a message of a header alone, to a routine of the "
    "subsystem mach_vm, also when it is sent to a host's or a thread's port.")
{
	const mach_port_name_t ports[] = { mach_host_self(),
		mt_trap_thread_self() };

	for (unsigned i = 0; i < 2; i++)
		for (mach_msg_id_t id = 4800; id <= 4820; id++) {
			struct answer a = header_only(vm, ports[i], id);

			MT_CHECK(a.error, MACH_MSG_SUCCESS);
			MT_CHECK(a.code, MIG_BAD_ARGUMENTS);
			MT_CHECK_NUMBER(a.size, 36);
		}
}
