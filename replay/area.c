/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "area.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "route.h"
#include "system.h"

#define RECORDED_A UINT64_C(0x200000000)

enum { OBJECTS = 64 };

uint64_t A, page;
mach_port_name_t self;
static uint64_t objects[OBJECTS];
static unsigned object_count;

bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool
next(mach_vm_address_t *a, mach_vm_size_t *size,
    vm_region_submap_info_data_64_t *info)
{
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V2_COUNT_64;
	natural_t depth = 0;

	return stage->region_recurse(self, a, size, &depth,
		   (vm_region_recurse_info_t)info, &count) == KERN_SUCCESS &&
	    *size != 0;
}

void
clear(void)
{
	mach_vm_address_t a = A;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;

	while (next(&a, &size, &info) && a < A + SPAN) {
		(void)stage->deallocate(self, a, size);
		a += size;
	}
}

void
show_protection(char to[4], int p)
{
	to[0] = p & VM_PROT_READ ? 'r' : '-';
	to[1] = p & VM_PROT_WRITE ? 'w' : '-';
	to[2] = p & VM_PROT_EXECUTE ? 'x' : '-';
	to[3] = '\0';
}

void
area_forget_objects(void)
{
	object_count = 0;
}

static char
letter(uint64_t id)
{
	unsigned i;

	for (i = 0; i < object_count && objects[i] != id; i++)
		continue;
	if (i == object_count && i < OBJECTS)
		objects[object_count++] = id;
	return (char)('a' + i);
}

/* The 16 bits behind user_wired_count: padding in older SDKs. */
static unsigned
flags(const vm_region_submap_info_data_64_t *info)
{
	unsigned short value;

	memcpy(&value,
	    (const char *)info +
		offsetof(vm_region_submap_info_data_64_t, user_wired_count) +
		sizeof(info->user_wired_count),
	    sizeof(value));
	return value;
}

size_t
area_walk(char *to, size_t room, uint64_t from, unsigned *regions)
{
	vm_region_submap_info_data_64_t info;
	mach_vm_address_t a = from;
	mach_vm_size_t size;
	char cur[4], max[4];
	size_t at = 0;

	to[0] = '\0';
	*regions = 0;
#define PUT(...) at += (size_t)snprintf(to + at, room - at, __VA_ARGS__)
#define PUT_IF(value, format, number)        \
	do {                                 \
		if (value)                   \
			PUT(format, number); \
	} while (0)
	memset(&info, 0, sizeof(info));
	for (; next(&a, &size, &info) && a < A + SPAN && at + 200 < room;
	     a += size, (*regions)++) {
		show_protection(cur, info.protection);
		show_protection(max, info.max_protection);
		PUT("%s[A+0x%" PRIx64 ",A+0x%" PRIx64 ") t%u %s/%s i%u sm%d",
		    at == 0 ? "" : " ", (uint64_t)a - A, (uint64_t)a + size - A,
		    info.user_tag, cur, max, info.inheritance, info.share_mode);
		PUT_IF(info.pages_resident != 0, " res%u", info.pages_resident);
		PUT_IF(info.pages_reusable != 0, " reus%u",
		    info.pages_reusable);
		PUT_IF(info.offset != 0, " off0x%" PRIx64,
		    (uint64_t)info.offset);
		PUT_IF(info.ref_count > 1, " ref%u", info.ref_count);
		PUT_IF(info.shadow_depth != 0, " sd%u", info.shadow_depth);
		PUT_IF(info.behavior != 0, " beh%d", info.behavior);
		PUT_IF(info.user_wired_count != 0, " wired%u",
		    info.user_wired_count);
		PUT_IF(flags(&info) != 0, " fl0x%x", flags(&info));
		PUT_IF(info.object_id_full != 0, " o%c",
		    letter(info.object_id_full));
	}
#undef PUT_IF
#undef PUT
	return at;
}

bool
area_choose(const char *release, const char *arch, const char **problem)
{
	mach_vm_address_t a;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;

	if (!mt_system_choose(release, arch, problem))
		return false;
	page = mt_system()->page;
	self = mach_task_self();
	for (A = RECORDED_A; A + SPAN < mt_system()->maximum; A += SPAN) {
		a = A;
		if (!next(&a, &size, &info) || a >= A + SPAN)
			return true;
	}
	*problem = "no hole in the map is large enough";
	return false;
}

FILE *
area_open(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/'), *problem = NULL;
	FILE *f;

	name = name == NULL ? argv[0] : name + 1;
	if (argc != 4) {
		fprintf(stderr, "usage: %s RELEASE ARCH FILE\n", name);
		return NULL;
	}
	f = fopen(argv[3], "r");
	if (f == NULL || !area_choose(argv[1], argv[2], &problem)) {
		fprintf(stderr, "%s: %s\n", name,
		    f == NULL ? "the file cannot be read" : problem);
		return NULL;
	}
	return f;
}

/* The row in a child: what compare returns, 1 if the child did not come to it. */
static int
compare_in_child(int line, const char *row,
    int (*compare)(int line, const char *row))
{
	int pid, status;

	fflush(NULL);
	pid = mt_fork();
	if (pid == 0) {
		self = mach_task_self();
		status = compare(line, row);
		fflush(NULL);
		mt_exit(status);
	}
	status = mt_wait(pid, 60);
	if (status >= 0 && (status & 0x7f) == 0 && status >> 8 <= 2)
		return status >> 8;
	printf("%d: %s: the child ended with status %#x\n", line, row,
	    (unsigned)status);
	return 1;
}

int
area_compare(FILE *f, bool (*is_row)(const char *),
    int (*compare)(int line, const char *row))
{
	static char line[16384];
	unsigned counts[3] = { 0 };

	for (int n = 1; fgets(line, sizeof(line), f) != NULL; n++) {
		line[strcspn(line, "\n")] = '\0';
		if (is_row(line))
			counts[compare_in_child(n, line, compare)]++;
	}
	fclose(f);
	printf("probes: %u agree, %u differ, %u not compared\n", counts[0],
	    counts[1], counts[2]);
	return counts[1] != 0;
}
