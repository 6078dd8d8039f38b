/*
 * <Availability.h> of the reproducer kit; no include guard.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "AvailabilityMacros.h"
