/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/defects/defect.h"
#include "model/vm/release.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const names[] = {
	"", /* numbers begin with 1 */
#include "model/defects/names.h"
};
#define DEFECTS (sizeof(names) / sizeof(names[0]))

static char unshared[DEFECTS];
char *defect_reached = unshared;
int defect_on;

static void __attribute__((noreturn))
refuse(const char *variable, const char *value)
{
	fprintf(stderr, "%s: %s: no such\n", variable, value);
	exit(2);
}

/* A line of DEFECTS characters. */
static void
share(const char *file)
{
	static char line[DEFECTS + 1];
	int fd = open(file, O_RDWR | O_CREAT, 0666);
	void *at;

	if (fd == -1)
		refuse("MACH_VM_REACHED", file);
	memset(line, '0', DEFECTS);
	line[DEFECTS] = '\n';
	if (lseek(fd, 0, SEEK_END) == 0 &&
	    write(fd, line, sizeof(line)) != sizeof(line))
		refuse("MACH_VM_REACHED", file);
	at = mmap(NULL, sizeof(line), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);
	if (at == MAP_FAILED)
		refuse("MACH_VM_REACHED", file);
	close(fd);
	defect_reached = at;
}

static void __attribute__((constructor)) choose(void)
{
	const char *name = getenv("MACH_VM_DEFECT");
	const char *file = getenv("MACH_VM_REACHED");

	if (file != NULL)
		share(file);
	if (name == NULL)
		return;
	for (unsigned i = 1; i < DEFECTS; i++)
		if (strcmp(names[i], name) == 0)
			defect_on = (int)i;
	if (defect_on == 0)
		refuse("MACH_VM_DEFECT", name);
}

/* ---- rules ----------------------------------------------------------------- */

static const struct field {
	const char *name;
	size_t at, size;
} fields[] = {
#define FIELD(name_)                             \
	{ #name_, offsetof(struct rules, name_), \
		sizeof(((struct rules *)NULL)->name_) },
#define RULE(name_, since_, before_, arch_, source_)	      FIELD(name_)
#define VALUE(name_, since_, before_, arch_, value_, source_) FIELD(name_)
#define FLAGS(name_, since_, before_, arch_, flags_, source_) FIELD(name_)
#include "model/vm/rules.h"
};

void
defect_move_rule(struct rules *rules)
{
	static bool asking;
	const char *wanted = getenv("MACH_VM_RULE");
	const char *release = wanted == NULL ? NULL : strchr(wanted, '=');
	const struct rules *other;
	size_t length, i = 0;

	if (release == NULL || asking)
		return;
	length = release++ - wanted;
	while (i < sizeof(fields) / sizeof(fields[0]) &&
	    (strncmp(fields[i].name, wanted, length) != 0 ||
		fields[i].name[length] != '\0'))
		i++;
	asking = true;
	other = rules_find(release,
	    rules->is_translated ? "rosetta" : rules->arch);
	asking = false;
	if (i == sizeof(fields) / sizeof(fields[0]) || other == NULL)
		refuse("MACH_VM_RULE", wanted);
	memcpy((char *)rules + fields[i].at, (const char *)other + fields[i].at,
	    fields[i].size);
}
