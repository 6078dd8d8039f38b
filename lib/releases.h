/*
 * Every macOS kernel whose source is published, oldest first:
 *
 *	RELEASE(macos, xnu, darwin)
 *
 * macos: the first release with that kernel; a release between two rows is
 * taken for the older one (11.6 for 11.5).  xnu: the tag of its source without
 * "xnu-".  darwin: kern.osrelease; until 13 the tag's config/MasterVersion says
 * it, since 14 minor numbers are those of macOS.
 *
 * This is the one place for all three: the library, the model, the bare image
 * and the scripts (admin/releases) read it.  Included for its rows, with
 * no include guard.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
RELEASE("10.13.0", "4570.1.46", "17.0.0")
RELEASE("10.13.1", "4570.20.62", "17.2.0")
RELEASE("10.13.2", "4570.31.3", "17.3.0")
RELEASE("10.13.3", "4570.41.2", "17.4.0")
RELEASE("10.13.4", "4570.51.1", "17.5.0")
RELEASE("10.13.5", "4570.61.1", "17.6.0")
RELEASE("10.13.6", "4570.71.2", "17.7.0")
RELEASE("10.14.1", "4903.221.2", "18.2.0")
RELEASE("10.14.2", "4903.231.4", "18.2.0")
RELEASE("10.14.3", "4903.241.1", "18.2.0")
RELEASE("10.14.6", "4903.270.47", "18.7.0")
RELEASE("10.15.0", "6153.11.26", "19.0.0")
RELEASE("10.15.1", "6153.41.3", "19.0.0")
RELEASE("10.15.2", "6153.61.1", "19.2.0")
RELEASE("10.15.3", "6153.81.5", "19.3.0")
RELEASE("10.15.4", "6153.101.6", "19.4.0")
RELEASE("10.15.5", "6153.121.1", "19.5.0")
RELEASE("10.15.6", "6153.141.1", "19.6.0")
RELEASE("11.0", "7195.50.7.100.1", "20.1.0")
RELEASE("11.1", "7195.60.75", "20.2.0")
RELEASE("11.2", "7195.81.3", "20.3.0")
RELEASE("11.3", "7195.101.1", "20.4.0")
RELEASE("11.4", "7195.121.3", "20.5.0")
RELEASE("11.5", "7195.141.2", "20.6.0")
RELEASE("12.0", "8019.41.5", "21.1.0")
RELEASE("12.1", "8019.61.5", "21.2.0")
RELEASE("12.2", "8019.80.24", "21.3.0")
RELEASE("12.3", "8020.101.4", "21.4.0")
RELEASE("12.4", "8020.121.3", "21.5.0")
RELEASE("12.5", "8020.140.41", "21.6.0")
RELEASE("13.0", "8792.41.9", "22.1.0")
RELEASE("13.1", "8792.61.2", "22.2.0")
RELEASE("13.2", "8792.81.2", "22.3.0")
RELEASE("13.3", "8796.101.5", "22.4.0")
RELEASE("13.4", "8796.121.2", "22.5.0")
RELEASE("13.5", "8796.141.3", "22.6.0")
RELEASE("14.0", "10002.1.13", "23.0.0")
RELEASE("14.1", "10002.41.9", "23.1.0")
RELEASE("14.2", "10002.61.3", "23.2.0")
RELEASE("14.3", "10002.81.5", "23.3.0")
RELEASE("14.4", "10063.101.15", "23.4.0")
RELEASE("14.5", "10063.121.3", "23.5.0")
RELEASE("14.6", "10063.141.1", "23.6.0")
RELEASE("15.0", "11215.1.10", "24.0.0")
RELEASE("15.1", "11215.41.3", "24.1.0")
RELEASE("15.2", "11215.61.5", "24.2.0")
RELEASE("15.3", "11215.81.4", "24.3.0")
RELEASE("15.4", "11417.101.15", "24.4.0")
RELEASE("15.5", "11417.121.6", "24.5.0")
RELEASE("26.0", "12377.1.9", "25.0.0")
RELEASE("26.1", "12377.41.6", "25.1.0")
RELEASE("26.2", "12377.61.12", "25.2.0")
RELEASE("26.3", "12377.81.4", "25.3.0")
RELEASE("26.4", "12377.101.15", "25.4.0")
RELEASE("26.5", "12377.121.6", "25.5.0")
