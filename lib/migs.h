/*
 * The layouts of the MIG messages, one routine per line, in order of id:
 *
 *	MIG(name, id, request, reply)
 *
 * A layout names the fields in order, packed to 4 bytes:
 *
 *	P O	a descriptor of the request's body: port (copy send), memory
 *	p o	the same in a reply: port (move send), memory
 *	q i	64 and 32 bits after the NDR record
 *	L	the fixed array of mach_vm_read_list: 256 pairs of 64 bits
 *	v	a count of at most 32 and that many 32-bit words, the last field
 *	b	a count of at most 1024 and that many bytes, the last field
 *
 * A request is header, body with its descriptors if it has any, NDR record,
 * fields; one without fields is a header alone.  A reply is header, NDR record,
 * return code, fields; one with descriptors has body and descriptors instead
 * of the return code.  The reply to id N has id N + 100; any failure is a
 * reply of 36 bytes that ends with the return code.
 *
 * xnu: osfmk/mach/mach_vm.defs (subsystem 4800), host_priv.defs (400),
 * vm_map.defs (3800), memory_entry.defs (4900).  mig_layouts.h has what Apple's
 * compiler makes of these, and mig_test.c compares.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
MIG(wire,              418,  "Pqqi",       "")
MIG(exec_lockdown,     3831, "",           "")
MIG(allocate,          4800, "qqi",        "q")
MIG(deallocate,        4801, "qq",         "")
MIG(protect,           4802, "qqii",       "")
MIG(inherit,           4803, "qqi",        "")
MIG(read,              4804, "qq",         "oi")
MIG(read_list,         4805, "Li",         "L")
MIG(write,             4806, "Oqi",        "")
MIG(copy,              4807, "qqq",        "")
MIG(read_overwrite,    4808, "qqq",        "q")
MIG(msync,             4809, "qqi",        "")
MIG(behavior_set,      4810, "qqi",        "")
MIG(map,               4811, "Pqqqiqiiii", "q")
MIG(machine_attribute, 4812, "qqii",       "i")
MIG(remap,             4813, "Pqqqiqii",   "qii")
MIG(page_query,        4814, "q",          "ii")
MIG(region_recurse,    4815, "qii",        "qqiv")
MIG(region,            4816, "qii",        "pqqv")
MIG(make_memory_entry, 4817, "Pqqi",       "pq")
MIG(purgable_control,  4818, "qii",        "i")
MIG(page_info,         4819, "qii",        "v")
MIG(page_range_query,  4820, "qqqq",       "q")
MIG(remap_new,         4821, "Pqqqiqiiii", "qii")
MIG(range_create,      4825, "ib",         "")
MIG(entry_purgable_control, 4900, "ii",    "i")
