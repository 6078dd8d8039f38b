/*
 * Messages to the kernel with descriptors that are missing, too many or of
 * another kind, and lists of another length than they say.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"

#define MAP_SIZE    100
#define WRITE_SIZE  64
#define REGION_SIZE 48
#define COUNT	    24 /* offset of the number of descriptors */
#define TYPE	    39 /* offset of the first descriptor's type */

/* A request that maps a page anywhere. */
static void
map_request(mach_port_name_t self, mach_port_name_t object,
    struct mt_message *m)
{
	memset(m, 0, sizeof(*m));
	mt_mig_request(&mt_migs[MT_MIG_map], self,
	    (const uint64_t[]){ object, 0, mt_page, 0,
		VM_FLAGS_ANYWHERE | PLAIN, 0, FALSE, VM_PROT_DEFAULT,
		VM_PROT_ALL, VM_INHERIT_COPY },
	    m);
}

/* Write size bytes, saying that they are count. */
static struct answer
write_request(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t to, mach_vm_address_t from, uint32_t size, uint32_t count)
{
	struct mt_message m = { 0 };

	mt_mig_request(&mt_migs[MT_MIG_write], self,
	    (const uint64_t[]){ from, size, to, count }, &m);
	return exchange(vm, &m, WRITE_SIZE);
}

MT_CASE(send, request_with_a_descriptor_is_answered, "mig-descriptor",
    IPC_KMSG_C "ipc_kmsg_copyin_body()",
    "A request with a descriptor as MIG lays it out is answered.")
{
	struct mt_message m;
	struct answer a;

	map_request(self, MACH_PORT_NULL, &m);
	MT_CHECK_NUMBER(m.header.msgh_size, MAP_SIZE);
	a = exchange(vm, &m, MAP_SIZE);
	MT_CHECK(a.code, KERN_SUCCESS);
	MT_CHECK_NUMBER(a.id, 4911);
	MT_CHECK_NUMBER(a.size, 44);
}

MT_CASE(send, simple_request_without_descriptors_is_a_bad_argument,
    "mig-not-complex", MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a simple message to a routine whose request has a "
    "descriptor.")
{
	struct mt_message m;

	map_request(self, MACH_PORT_NULL, &m);
	m.header.msgh_bits &= ~MACH_MSGH_BITS_COMPLEX;
	MT_CHECK(exchange(vm, &m, MAP_SIZE).code, MIG_BAD_ARGUMENTS);
}

MT_CASE(send, complex_request_of_another_size_is_a_bad_argument,
    "mig-complex-size", MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a complex message that is not as long as its "
    "routine's request.")
{
	struct mt_message m;

	map_request(self, MACH_PORT_NULL, &m);
	MT_CHECK(exchange(vm, &m, MAP_SIZE + 4).code, MIG_BAD_ARGUMENTS);
	map_request(self, MACH_PORT_NULL, &m);
	MT_CHECK(exchange(vm, &m, MAP_SIZE - 4).code, MIG_BAD_ARGUMENTS);
}

MT_CASE(send, name_in_a_descriptor_must_denote_a_right, "mig-bogus-port",
    IPC_KMSG_C "ipc_kmsg_copyin_body()",
    "A message with a port descriptor whose name denotes no right is not "
    "sent.")
{
	struct mt_message m;

	map_request(self, 0x00fade03, &m);
	MT_CHECK(exchange(vm, &m, MAP_SIZE).error, MACH_SEND_INVALID_RIGHT);
}

MT_CASE(send, count_of_a_list_must_be_its_size, "mig-ool-count",
    "mach/mach_vm.defs, mach_vm_write: data, CountInOut",
    "MIG_TYPE_ERROR: the count of an out-of-line array is not the size of "
    "its descriptor.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_pages(1);

	TOUCH(from, 0x31);
	MT_CHECK(write_request(vm, self, to, from, 64, 32).code,
	    MIG_TYPE_ERROR);
	MT_CHECK(write_request(vm, self, to, from, 64, 128).code,
	    MIG_TYPE_ERROR);
	MT_CHECK_BYTE(to, 0);
	MT_CHECK(write_request(vm, self, to, from, 64, 64).code, KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0x31);
}

MT_CASE(send, unmapped_out_of_line_memory_is_not_sent, "mig-ool-unmapped",
    IPC_KMSG_C "ipc_kmsg_copyin_body()",
    "A message whose out-of-line memory is not mapped is not sent.")
{
	MT_CHECK(write_request(vm, self, mt_pages(1), mt_hole(1), 64, 64).error,
	    MACH_SEND_INVALID_MEMORY);
}

MT_CASE(send, empty_out_of_line_memory_is_sent, "mig-ool-empty",
    IPC_KMSG_C "ipc_kmsg_copyin_body()",
    "A message with out-of-line memory of size 0 is sent, whatever its "
    "address.")
{
	MT_CHECK(write_request(vm, self, mt_pages(1), mt_hole(1), 0, 0).code,
	    KERN_SUCCESS);
}

MT_CASE(send, count_beyond_the_reply_is_reduced, "mig-info-count",
    "mach/mach_vm.defs, mach_vm_region: infoCnt",
    "A request whose information count is larger than the reply's array is "
    "answered with the flavour's count.")
{
	static const struct {
		uint32_t count;
		kern_return_t code;
	} rows[] = {
		{ 3, KERN_INVALID_ARGUMENT },
		{ 8, KERN_INVALID_ARGUMENT },
		{ 10, KERN_SUCCESS },
		{ 11, KERN_SUCCESS },
		{ 100, KERN_SUCCESS },
	};
	mach_vm_address_t page = mt_pages(1);

	for (unsigned i = 0; i < 5; i++) {
		struct mt_message m = { 0 };

		mt_mig_request(&mt_migs[MT_MIG_region], self,
		    (const uint64_t[]){ page, VM_REGION_BASIC_INFO_64,
			rows[i].count },
		    &m);
		MT_CHECK(exchange(vm, &m, REGION_SIZE).code, rows[i].code);
	}
}
