/*
 * The vnode pager: what a file's pages hold against the file itself, that
 * nothing is left behind, and how processes reach a file.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/host/file.h"
#include "model/host/frame.h"
#include "model/host/lock.h"
#include "model/vm/kernel.h"
#include "model/vm/object.h"
#include "model/vm/object_copy.h"
#include "model/vm/page.h"
#include "model/vm/pager.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"
#include "model/vm/vnode.h"

static uint64_t unit;

/* With the lock held from here on. */
static void
boot(void)
{
	const struct rules *rules = rules_find("15.5", "x86_64");

	ATF_REQUIRE(rules != NULL);
	if (sysconf(_SC_PAGESIZE) > 1L << rules->page_shift)
		atf_tc_skip("a host with pages of %ld bytes cannot show x86_64",
		    sysconf(_SC_PAGESIZE));
	host_boot(rules->page_shift);
	kernel_lock();
	kernel_state_init(rules);
	unit = kernel->page_size;
}

/* A file of n pages, each full of its number from 1 on, and what it is. */
static int
make_file(unsigned n, struct host_file *file)
{
	char page[65536];
	bool reads, writes;
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);

	ATF_REQUIRE(fd != -1);
	for (unsigned i = 0; i < n; i++) {
		memset(page, (int)i + 1, unit);
		ATF_REQUIRE_EQ(pwrite(fd, page, unit, (off_t)(i * unit)),
		    (ssize_t)unit);
	}
	ATF_REQUIRE_EQ(host_file_of(fd, file, &reads, &writes),
	    HOST_FILE_REGULAR);
	ATF_REQUIRE(reads && writes);
	ATF_REQUIRE(host_file_keep(file, fd));
	return fd;
}

static uint8_t
byte_at(int fd, uint64_t offset)
{
	uint8_t byte = 0xff;

	ATF_REQUIRE_EQ(pread(fd, &byte, 1, (off_t)offset), 1);
	return byte;
}

static uint8_t *
data_of(struct object *object, uint64_t offset)
{
	struct page *page = page_lookup(object, offset);

	if (page == NULL)
		page = pager_page(object, offset, 0);
	ATF_REQUIRE(page != NULL);
	page->dirty = true;
	return host_frame_data(page->frame);
}

ATF_TC_WITHOUT_HEAD(pages_come_and_go_back);
ATF_TC_BODY(pages_come_and_go_back, tc)
{
	struct host_file file;
	struct vnode *vnode;
	struct object *object;
	int fd;

	boot();
	fd = make_file(3, &file);
	ATF_REQUIRE_EQ(ftruncate(fd, (off_t)(2 * unit + 10)), 0);
	vnode = vnode_get(&file);
	ATF_CHECK_EQ(vnode_find(&file), vnode);
	object = vnode_object(vnode);
	object_reference(object);
	ATF_CHECK_EQ(*data_of(object, unit), 2);
	ATF_CHECK_EQ(data_of(object, 2 * unit)[9], 3);
	ATF_CHECK_EQ(data_of(object, 2 * unit)[10], 0);
	ATF_CHECK_EQ(pager_page(object, 3 * unit, 0), NULL);

	/* what lies behind the end stays out of the file */
	data_of(object, 2 * unit)[0] = 0x42;
	data_of(object, 2 * unit)[20] = 0x43;
	pager_sync(object, 2 * unit, 3 * unit, true, false);
	ATF_CHECK_EQ(byte_at(fd, 2 * unit), 0x42);
	ATF_CHECK_EQ(lseek(fd, 0, SEEK_END), (off_t)(2 * unit + 10));
	ATF_CHECK(!page_lookup(object, 2 * unit)->dirty);

	/* the last mapping's end gives back the rest, and takes all along */
	*data_of(object, unit) = 0x44;
	object_deallocate(object);
	ATF_CHECK_EQ(byte_at(fd, unit), 0x44);
	ATF_CHECK_EQ(vnode_find(&file), NULL);
	ATF_CHECK_EQ(kernel->object_count, 0);
	ATF_CHECK_EQ(kernel->page_count, 0);
}

ATF_TC_WITHOUT_HEAD(copies_keep_what_is_replaced);
ATF_TC_BODY(copies_keep_what_is_replaced, tc)
{
	struct object *object, *copy;
	struct host_file file;
	struct vnode *vnode;
	int fd;

	boot();
	fd = make_file(4, &file);
	vnode = vnode_get(&file);
	object = vnode_object(vnode);
	copy = object_copy_delayed(object, 0, 4 * unit);
	ATF_REQUIRE(copy != NULL);
	*data_of(object, 2 * unit) = 0x42;

	vnode_will_change(vnode, unit, 2 * unit);
	ATF_REQUIRE_EQ(pwrite(fd, "x", 1, (off_t)unit), 1);
	vnode_changed(vnode, unit, unit + 1);
	ATF_CHECK_EQ(*data_of(copy, unit), 2);
	ATF_CHECK_EQ(*data_of(object, unit), 'x');

	vnode_will_shrink(vnode, unit + 5);
	ATF_REQUIRE_EQ(ftruncate(fd, (off_t)(unit + 5)), 0);
	vnode_resized(vnode, 4 * unit, unit + 5);
	ATF_CHECK_EQ(*data_of(copy, 2 * unit), 0x42);
	ATF_CHECK_EQ(page_lookup(object, 2 * unit), NULL);
	ATF_CHECK_EQ(page_lookup(copy, 3 * unit), NULL);
	ATF_CHECK_EQ(data_of(object, unit)[4], 2);
	ATF_CHECK_EQ(data_of(object, unit)[5], 0);
	object_deallocate(copy);
	ATF_CHECK_EQ(kernel->object_count, 0);
	ATF_CHECK_EQ(kernel->page_count, 0);
}

static bool
nobody(const struct host_file *file)
{
	(void)file;
	return false;
}

/* By the descriptor that is kept, by another process's, by its name; what has
 * the descriptor's number then is another file. */
ATF_TC_WITHOUT_HEAD(file_is_reached_without_the_programs_descriptor);
ATF_TC_BODY(file_is_reached_without_the_programs_descriptor, tc)
{
	struct host_file file;
	uint8_t byte = 0;
	int fd, other;

	boot();
	fd = make_file(1, &file);
	ATF_REQUIRE_EQ(close(fd), 0);
	ATF_REQUIRE((other = open("other", O_RDWR | O_CREAT, 0600)) != -1);
	ATF_CHECK_EQ(host_file_read(&file, &byte, 1, 0), 1);
	ATF_CHECK_EQ(byte, 1);

	host_file_sweep(nobody); /* from here on by name */
	ATF_CHECK_EQ(host_file_read(&file, &byte, 1, 0), 1);
	ATF_CHECK(host_file_write(&file, "y", 1, 0));
	host_file_sweep(nobody);
	ATF_REQUIRE_EQ(rename("other", "file"), 0);
	ATF_CHECK_EQ(host_file_read(&file, &byte, 1, 0), -1);
	ATF_CHECK_EQ(host_file_size(&file), -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, pages_come_and_go_back);
	ATF_TP_ADD_TC(tp, copies_keep_what_is_replaced);
	ATF_TP_ADD_TC(tp, file_is_reached_without_the_programs_descriptor);
	return atf_no_error();
}
