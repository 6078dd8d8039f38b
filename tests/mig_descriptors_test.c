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
/* Offsets of what the first descriptor says. */
#define DEALLOCATE  36
#define HOW	    37 /* memory is copied */
#define DISPOSITION 38

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

MT_CASE(send, body_must_hold_the_descriptors_that_it_counts, "mig-body-short",
    IPC_KMSG_C "ipc_kmsg_measure_descriptors_from_user()",
    "MACH_SEND_MSG_TOO_SMALL: a complex message ends before or within a "
    "descriptor that its body counts; one that ends with it is sent.")
{
	struct mt_message m;

	map_request(self, MACH_PORT_NULL, &m);
	MT_CHECK(exchange(vm, &m, DESCRIPTOR + 4).error,
	    MACH_SEND_MSG_TOO_SMALL);
	/* not even the count */
	map_request(self, MACH_PORT_NULL, &m);
	MT_CHECK(exchange(vm, &m, DESCRIPTOR - 4).error,
	    MACH_SEND_MSG_TOO_SMALL);
	/* which counts before the destination */
	map_request(self, MACH_PORT_NULL, &m);
	m.header.msgh_remote_port = 0x00fade03;
	MT_CHECK(exchange(vm, &m, DESCRIPTOR - 4).error,
	    MACH_SEND_MSG_TOO_SMALL);
	/* memory takes four bytes more than a port */
	map_request(self, MACH_PORT_NULL, &m);
	m.bytes[TYPE] = MACH_MSG_OOL_DESCRIPTOR;
	MT_CHECK(exchange(vm, &m, DESCRIPTOR + 12).error,
	    MACH_SEND_MSG_TOO_SMALL);
	map_request(self, MACH_PORT_NULL, &m);
	MT_CHECK(exchange(vm, &m, DESCRIPTOR + 12).code, MIG_BAD_ARGUMENTS);
}

MT_CASE(send, unknown_descriptor_is_an_invalid_type, "mig-descriptor-type",
    IPC_KMSG_C "ipc_kmsg_user_desc_type_is_valid()",
    "MACH_SEND_INVALID_TYPE: a message with a descriptor of a type that "
    "there is not.")
{
	struct mt_message m;

	map_request(self, MACH_PORT_NULL, &m);
	m.bytes[TYPE] = 0x7f;
	MT_CHECK(exchange(vm, &m, MAP_SIZE).error, MACH_SEND_INVALID_TYPE);
}

MT_CASE(send, volatile_memory_is_of_the_wrong_type, "mig-ool-volatile",
    IPC_KMSG_C "ipc_kmsg_user_desc_type_is_valid()",
    "mach_vm_write()'s request with MACH_MSG_OOL_VOLATILE_DESCRIPTOR, 3, in the "
    "place of MACH_MSG_OOL_DESCRIPTOR: MIG_TYPE_ERROR; since macOS 14.6 "
    "mach_msg2 does not send it, MACH_SEND_INVALID_TYPE.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_pages(1);
	struct mt_message m = { 0 };
	struct answer a;

	TOUCH(from, 0x31);
	mt_mig_request(&mt_migs[MT_MIG_write], self,
	    (const uint64_t[]){ from, 64, to, 64 }, &m);
	m.bytes[TYPE] = 3;
	a = exchange(vm, &m, WRITE_SIZE);
	MT_CHECK(a.error, MACH_SEND_INVALID_TYPE,
	    MT_UNTIL(14.5, MACH_MSG_SUCCESS), MT_VIA(mig, MACH_MSG_SUCCESS));
	if (a.error == MACH_MSG_SUCCESS)
		MT_CHECK(a.code, MIG_TYPE_ERROR);
	MT_CHECK_BYTE(to, 0);
}

MT_CASE(send, unknown_disposition_is_an_invalid_right,
    "mig-descriptor-disposition",
    IPC_KMSG_C "ipc_kmsg_copyin_port_descriptor()",
    "MACH_SEND_INVALID_RIGHT: a port descriptor whose disposition is none of "
    "MACH_MSG_TYPE_MOVE_RECEIVE to MACH_MSG_TYPE_MAKE_SEND_ONCE, if its name "
    "is a name; of MACH_PORT_NULL none is asked, but the routine answers "
    "MIG_TYPE_ERROR.")
{
	static const uint8_t unknown[] = { 0, 15, 22, 0xff };
	struct mt_message m;

	for (unsigned i = 0; i < sizeof(unknown); i++) {
		map_request(self, self, &m);
		m.bytes[DISPOSITION] = unknown[i];
		MT_CHECK(exchange(vm, &m, MAP_SIZE).error,
		    MACH_SEND_INVALID_RIGHT);
	}
	for (unsigned i = 0; i < sizeof(unknown); i++) {
		map_request(self, mt_trap_reply_port(), &m);
		m.bytes[DISPOSITION] = unknown[i];
		MT_CHECK(exchange(vm, &m, MAP_SIZE).error,
		    MACH_SEND_INVALID_RIGHT);
	}
	map_request(self, MACH_PORT_NULL, &m);
	m.bytes[DISPOSITION] = 15;
	MT_CHECK(exchange(vm, &m, MAP_SIZE).code, MIG_TYPE_ERROR);
}

MT_CASE(send, disposition_must_fit_the_right, "mig-descriptor-right",
    IPC_KMSG_C "ipc_kmsg_copyin_port_descriptor()",
    "MACH_SEND_INVALID_RIGHT: a port descriptor that takes a receive or a "
    "send-once right from a name that is a send right alone, or makes a right "
    "from it; a copy of the send right is taken.")
{
	static const uint8_t missing[] = { MACH_MSG_TYPE_MOVE_RECEIVE,
		MACH_MSG_TYPE_MOVE_SEND_ONCE, MACH_MSG_TYPE_MAKE_SEND,
		MACH_MSG_TYPE_MAKE_SEND_ONCE };
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;
	struct mt_message m;

	MT_REQUIRE(stage->make_memory_entry(self, &size, 0,
		       VM_PROT_ALL | MAP_MEM_NAMED_CREATE, &entry,
		       MACH_PORT_NULL),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < sizeof(missing); i++) {
		map_request(self, entry, &m);
		m.bytes[DISPOSITION] = missing[i];
		MT_CHECK(exchange(vm, &m, MAP_SIZE).error,
		    MACH_SEND_INVALID_RIGHT);
	}
	map_request(self, entry, &m);
	m.bytes[DISPOSITION] = MACH_MSG_TYPE_COPY_SEND;
	MT_CHECK(exchange(vm, &m, MAP_SIZE).code, KERN_SUCCESS);
}

MT_CASE(send, right_that_is_moved_is_gone, "mig-descriptor-moved",
    MIG_TYPE_CHECK,
    "mach_vm_map() takes an object that a send right was moved, copied or made "
    "for, and says KERN_INVALID_OBJECT only then; any other right in its place "
    "is MIG_TYPE_ERROR. A right that is moved is gone in either case.")
{
	mach_port_name_t port = allocated_port(self), entry = MACH_PORT_NULL;
	mach_port_name_t once;
	memory_object_size_t size = mt_page;
	struct mt_message m;

	MT_REQUIRE(stage->make_memory_entry(self, &size, 0,
		       VM_PROT_ALL | MAP_MEM_NAMED_CREATE, &entry,
		       MACH_PORT_NULL),
	    KERN_SUCCESS);
	map_request(self, entry, &m);
	m.bytes[DISPOSITION] = MACH_MSG_TYPE_MOVE_SEND;
	MT_CHECK(exchange(vm, &m, MAP_SIZE).code, KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, entry), KERN_INVALID_NAME);

	once = received_right(self, port, MACH_MSG_TYPE_MAKE_SEND_ONCE);
	map_request(self, once, &m);
	m.bytes[DISPOSITION] = MACH_MSG_TYPE_MOVE_SEND_ONCE;
	MT_CHECK(exchange(vm, &m, MAP_SIZE).code, MIG_TYPE_ERROR);
	MT_CHECK(mt_trap_port_deallocate(self, once), KERN_INVALID_NAME);

	map_request(self, port, &m);
	m.bytes[DISPOSITION] = MACH_MSG_TYPE_MAKE_SEND;
	MT_CHECK(exchange(vm, &m, MAP_SIZE).code, KERN_INVALID_OBJECT);
	map_request(self, port, &m);
	m.bytes[DISPOSITION] = MACH_MSG_TYPE_MAKE_SEND_ONCE;
	MT_CHECK(exchange(vm, &m, MAP_SIZE).code, MIG_TYPE_ERROR);
	MT_CHECK(mt_trap_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, 0),
	    KERN_SUCCESS);
	map_request(self, port, &m);
	m.bytes[DISPOSITION] = MACH_MSG_TYPE_MOVE_RECEIVE;
	MT_CHECK(exchange(vm, &m, MAP_SIZE).code, MIG_TYPE_ERROR);
	MT_CHECK(mt_trap_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, 0),
	    KERN_INVALID_NAME);
}

MT_CASE(send, unknown_way_to_copy_memory_is_an_invalid_type, "mig-ool-copy",
    IPC_KMSG_C "ipc_kmsg_copyin_ool_descriptor()",
    "MACH_SEND_INVALID_TYPE: out-of-line memory that is to be copied neither "
    "physically nor virtually; of the two either will do, for little memory and "
    "for much.")
{
	/* 2 to 4 once were ways: to allocate, to overwrite, the kernel's. */
	static const uint8_t ways[] = { MACH_MSG_PHYSICAL_COPY,
		MACH_MSG_VIRTUAL_COPY, 2, 3, 4, 0x7f };
	const uint64_t sizes[] = { 64, 3 * mt_page - 64 };
	struct mt_message m;

	for (unsigned i = 0; i < 12; i++) {
		mach_vm_address_t from = mt_pages(3), to = mt_pages(3);
		const uint64_t size = sizes[i / 6];

		TOUCH(from, 0x31);
		TOUCH(from + size - 1, 0x32);
		mt_mig_request(&mt_migs[MT_MIG_write], self,
		    (const uint64_t[]){ from, size, to, size }, &m);
		m.bytes[HOW] = ways[i % 6];
		if (i % 6 > 1) {
			MT_CHECK(exchange(vm, &m, WRITE_SIZE).error,
			    MACH_SEND_INVALID_TYPE);
			continue;
		}
		MT_CHECK(exchange(vm, &m, WRITE_SIZE).code, KERN_SUCCESS);
		MT_CHECK_BYTE(to, 0x31);
		MT_CHECK_BYTE(to + size - 1, 0x32);
	}
}

MT_CASE(send, complex_request_must_count_its_descriptors,
    "mig-descriptor-count", MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a complex message that counts no descriptor, or two, to "
    "a routine whose request has one.")
{
	struct mt_message m;

	for (uint8_t count = 0; count <= 2; count += 2) {
		map_request(self, MACH_PORT_NULL, &m);
		m.bytes[COUNT] = count;
		MT_CHECK(exchange(vm, &m, MAP_SIZE).code, MIG_BAD_ARGUMENTS);
	}
}

MT_CASE(send, memory_to_deallocate_is_gone_when_it_is_sent,
    "mig-ool-deallocate", IPC_KMSG_C "ipc_kmsg_copyin_ool_descriptor()",
    "Out-of-line memory whose descriptor says deallocate, by any number but 0, "
    "is unmapped from its sender, little of it and much: each page of which it "
    "has a byte.")
{
	mach_vm_address_t from = mt_pages(64), to = mt_pages(64);
	mach_vm_size_t much = 48 * mt_page;
	struct mt_message m;

	TOUCH_PAGES(from, 64, 0x31);
	mt_mig_request(&mt_migs[MT_MIG_write], self,
	    (const uint64_t[]){ from, 64, to, 64 }, &m);
	m.bytes[DEALLOCATE] = TRUE;
	MT_CHECK(exchange(vm, &m, WRITE_SIZE).code, KERN_SUCCESS);
	MT_CHECK_HOLE(from);
	MT_CHECK_BYTE(to, 0x31);

	from += 4 * mt_page;
	mt_mig_request(&mt_migs[MT_MIG_write], self,
	    (const uint64_t[]){ from + mt_page - 32, 64, to, 64 }, &m);
	m.bytes[DEALLOCATE] = TRUE;
	MT_CHECK(exchange(vm, &m, WRITE_SIZE).code, KERN_SUCCESS);
	MT_CHECK_LAYOUT(from - mt_page, "a..b");

	from += 4 * mt_page;
	mt_mig_request(&mt_migs[MT_MIG_write], self,
	    (const uint64_t[]){ from + mt_page - 1, much - 2 * mt_page + 2, to,
		much - 2 * mt_page + 2 },
	    &m);
	m.bytes[DEALLOCATE] = 2;
	MT_CHECK(exchange(vm, &m, WRITE_SIZE).code, KERN_SUCCESS);
	MT_CHECK_HOLE(from);
	MT_CHECK_HOLE(from + much - mt_page);
	MT_CHECK_REGION(from + much, .size = 8 * (int64_t)mt_page);
	MT_CHECK_BYTE(to + 1, 0x31);
}

MT_CASE(send, port_of_a_reply_is_a_send_right, "mig-reply-port",
    IPC_KMSG_C "ipc_kmsg_copyout_port_descriptor()",
    "The port in the reply to mach_make_memory_entry_64() has the "
    "disposition MACH_MSG_TYPE_PORT_SEND and a name that is no null name.")
{
	struct mt_message m = { 0 };
	mach_msg_size_t size;
	uint32_t name;

	size = mt_mig_request(&mt_migs[MT_MIG_make_memory_entry], self,
	    (const uint64_t[]){ MACH_PORT_NULL, mt_page, mt_pages(1),
		VM_PROT_DEFAULT },
	    &m);
	MT_CHECK(exchange(vm, &m, size).code, KERN_SUCCESS);
	MT_CHECK_NUMBER(m.bytes[TYPE], MACH_MSG_PORT_DESCRIPTOR);
	MT_CHECK_NUMBER(m.bytes[DISPOSITION], MACH_MSG_TYPE_MOVE_SEND);
	memcpy(&name, m.bytes + DESCRIPTOR, sizeof(name));
	MT_CHECK_TRUE(name != MACH_PORT_NULL && name != MACH_PORT_DEAD);
}

MT_CASE(raw, reply_name_must_denote_a_right, "mig-header-reply",
    IPC_KMSG_C "ipc_kmsg_copyin_header()",
    "A message whose header names a reply port that there is not is "
    "MACH_SEND_INVALID_REPLY and is not sent; with a wrong destination it is "
    "MACH_SEND_INVALID_DEST.")
{
	const mach_port_name_t nothing = 0x00fade03;
	mach_vm_address_t page = mt_pages(1);
	const uint64_t in[] = { page, mt_page };
	struct mt_message m;
	mach_msg_size_t size;

	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self, in, &m);
	MT_CHECK(mt_mig_post(&m, size, nothing), MACH_SEND_INVALID_REPLY);
	MT_CHECK_REGION(page, .size = (int64_t)mt_page);
	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], nothing, in, &m);
	MT_CHECK(mt_mig_post(&m, size, mt_trap_reply_port()),
	    MACH_SEND_INVALID_DEST);
	MT_CHECK_REGION(page, .size = (int64_t)mt_page);
}
