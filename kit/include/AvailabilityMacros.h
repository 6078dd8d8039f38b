/*
 * <AvailabilityMacros.h> and <Availability.h> of the reproducer kit: an SDK of
 * 26.4, for any release.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_AVAILABILITYMACROS_H
#define KIT_AVAILABILITYMACROS_H

#define MAC_OS_X_VERSION_10_13 101300
#define MAC_OS_X_VERSION_10_14 101400
#define MAC_OS_X_VERSION_10_15 101500
#define MAC_OS_VERSION_11_0    110000
#define MAC_OS_VERSION_12_0    120000
#define MAC_OS_VERSION_13_0    130000
#define MAC_OS_VERSION_14_0    140000
#define MAC_OS_VERSION_15_0    150000
#define MAC_OS_VERSION_26_0    260000
#define __MAC_10_13	       MAC_OS_X_VERSION_10_13
#define __MAC_10_14	       MAC_OS_X_VERSION_10_14
#define __MAC_10_15	       MAC_OS_X_VERSION_10_15
#define __MAC_11_0	       MAC_OS_VERSION_11_0
#define __MAC_12_0	       MAC_OS_VERSION_12_0
#define __MAC_13_0	       MAC_OS_VERSION_13_0
#define __MAC_14_0	       MAC_OS_VERSION_14_0
#define __MAC_15_0	       MAC_OS_VERSION_15_0
#define __MAC_26_0	       MAC_OS_VERSION_26_0

#define MAC_OS_X_VERSION_MIN_REQUIRED	101300
#define MAC_OS_X_VERSION_MAX_ALLOWED	260400
#define __MAC_OS_X_VERSION_MIN_REQUIRED MAC_OS_X_VERSION_MIN_REQUIRED
#define __MAC_OS_X_VERSION_MAX_ALLOWED	MAC_OS_X_VERSION_MAX_ALLOWED

#define API_AVAILABLE(...)
#define API_UNAVAILABLE(...)
#define API_DEPRECATED(...)
#define __OSX_AVAILABLE(...)
#define __OSX_AVAILABLE_STARTING(...)

#endif
