/* SPDX-License-Identifier: BSD-2-Clause */
#include "platform.h"

void
platform_prepare(void)
{
	/* freeing a hole raises nothing in an ordinary process of the model */
}
