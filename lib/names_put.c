/*
 * Values as text: by name and number, or in the words that pictures use.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "names.h"

static void
put_number(struct mt_text *t, int64_t value)
{
	if (value >= -9999 && value <= 9999)
		mt_put_decimal(t, value);
	else
		mt_put_hex(t, (uint64_t)value);
}

static void
put_named(struct mt_text *t, const char *name, int64_t value)
{
	if (name == NULL) {
		put_number(t, value);
		return;
	}
	mt_put(t, name);
	mt_put(t, " (");
	put_number(t, value);
	mt_put_char(t, ')');
}

/* The part of a name after its prefix, in lower case. */
static void
put_word(struct mt_text *t, const char *name, const char *prefix, int64_t value)
{
	if (name == NULL) {
		put_number(t, value);
		return;
	}
	for (name += mt_length(prefix); *name != '\0'; name++)
		if (*name >= 'A' && *name <= 'Z')
			mt_put_char(t, (char)(*name - 'A' + 'a'));
		else
			mt_put_char(t, *name == '_' ? '-' : *name);
}

/* One bit of many; the rest is in *value. */
static void
put_bit(struct mt_text *t, int64_t *value, int64_t bit, const char *name)
{
	if ((*value & bit) == 0)
		return;
	*value &= ~bit;
	mt_put_char(t, '|');
	mt_put(t, name);
}
#define PUT_BIT(text_, value_, bit_) \
	put_bit((text_), (value_), (int64_t)(bit_), #bit_)

static void
put_rest(struct mt_text *t, int64_t value)
{
	if (value == 0)
		return;
	mt_put_char(t, '|');
	mt_put_hex(t, (uint64_t)value);
}

void
mt_put_kern(struct mt_text *t, int64_t value)
{
	put_named(t, mt_kern_name(value), value);
}

void
mt_put_errno(struct mt_text *t, int64_t value)
{
	if (value == 0)
		mt_put(t, "success (0)");
	else
		put_named(t, mt_errno_name(value), value);
}

void
mt_put_signal(struct mt_text *t, int64_t value)
{
	put_named(t, mt_signal_name(value), value);
}

void
mt_put_exception(struct mt_text *t, int64_t value)
{
	put_named(t, mt_exception_name(value), value);
}

void
mt_put_protection(struct mt_text *t, int64_t value)
{
	mt_put_char(t, value & VM_PROT_READ ? 'r' : '-');
	mt_put_char(t, value & VM_PROT_WRITE ? 'w' : '-');
	mt_put_char(t, value & VM_PROT_EXECUTE ? 'x' : '-');
	value &= ~(int64_t)VM_PROT_ALL;
	PUT_BIT(t, &value, VM_PROT_NO_CHANGE);
	PUT_BIT(t, &value, VM_PROT_NO_CHANGE_LEGACY);
	PUT_BIT(t, &value, VM_PROT_COPY);
	PUT_BIT(t, &value, VM_PROT_TRUSTED);
	PUT_BIT(t, &value, VM_PROT_IS_MASK);
	PUT_BIT(t, &value, VM_PROT_STRIP_READ);
	put_rest(t, value);
}

void
mt_put_inheritance(struct mt_text *t, int64_t value)
{
	put_word(t, mt_inheritance_name(value), "VM_INHERIT_", value);
}

void
mt_put_behavior(struct mt_text *t, int64_t value)
{
	put_word(t, mt_behavior_name(value), "VM_BEHAVIOR_", value);
}

void
mt_put_share_mode(struct mt_text *t, int64_t value)
{
	put_word(t, mt_share_mode_name(value), "SM_", value);
}

void
mt_put_purgable(struct mt_text *t, int64_t value)
{
	put_named(t, mt_purgable_name(value), value);
}

void
mt_put_tag(struct mt_text *t, int64_t value)
{
	const char *name = mt_tag_name(value);

	if (name == NULL && value > VM_MEMORY_APPLICATION_SPECIFIC_1 &&
	    value < VM_MEMORY_APPLICATION_SPECIFIC_16) {
		mt_put(t, "VM_MEMORY_APPLICATION_SPECIFIC_");
		mt_put_decimal(t, value - VM_MEMORY_APPLICATION_SPECIFIC_1 + 1);
		mt_put(t, " (");
		mt_put_decimal(t, value);
		mt_put_char(t, ')');
	} else
		put_named(t, name, value);
}

void
mt_put_flags(struct mt_text *t, int64_t value)
{
	int64_t tag = value >> 24 & 0xff;
	const char *name = mt_tag_name(tag);

	mt_put(t,
	    value & VM_FLAGS_ANYWHERE ? "VM_FLAGS_ANYWHERE" : "VM_FLAGS_FIXED");
	value &= UINT32_MAX & ~(int64_t)VM_FLAGS_ANYWHERE &
	    ~(int64_t)VM_FLAGS_ALIAS_MASK;
	PUT_BIT(t, &value, VM_FLAGS_PURGABLE);
	PUT_BIT(t, &value, VM_FLAGS_4GB_CHUNK);
	PUT_BIT(t, &value, VM_FLAGS_RANDOM_ADDR);
	PUT_BIT(t, &value, VM_FLAGS_NO_CACHE);
	PUT_BIT(t, &value, VM_FLAGS_RESILIENT_CODESIGN);
	PUT_BIT(t, &value, VM_FLAGS_RESILIENT_MEDIA);
	PUT_BIT(t, &value, VM_FLAGS_PERMANENT);
	PUT_BIT(t, &value, VM_FLAGS_TPRO);
	PUT_BIT(t, &value, VM_FLAGS_MTE);
	PUT_BIT(t, &value, VM_FLAGS_OVERWRITE);
	PUT_BIT(t, &value, VM_FLAGS_SUPERPAGE_SIZE_ANY);
	PUT_BIT(t, &value, VM_FLAGS_SUPERPAGE_SIZE_2MB);
	PUT_BIT(t, &value, VM_FLAGS_RETURN_DATA_ADDR);
	PUT_BIT(t, &value, VM_FLAGS_RETURN_4K_DATA_ADDR);
	PUT_BIT(t, &value, VM_FLAGS_GUARD_OBJECT_OPTOUT);
	put_rest(t, value);
	if (tag == 0)
		return;
	mt_put(t, "|VM_MAKE_TAG(");
	if (name != NULL)
		mt_put(t, name);
	else
		mt_put_decimal(t, tag);
	mt_put_char(t, ')');
}
