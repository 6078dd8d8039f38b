/*
 * What C makes of the parameters of a routine in routines.h, a sequence of
 * (kind, type, name):
 *
 *	MT_DECLARE	", type name" each, as a declaration has them
 *	MT_ARGUMENTS	"value," each, as elements of an array of uint64_t: what
 *			mt_mig_call() takes
 *	MT_PASS		", name" each, as a call passes them on.  Pointers to
 *			64-bit values go as void *: those of the vm_* twins are
 *			of another type of the same size.
 *	MT_KINDS	one letter each, in one string: mig.h
 *
 * A sequence is walked by two macros that name each other in turn.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_ROUTINE_LISTS_H
#define MT_ROUTINE_LISTS_H

#define MT_END(...)  MT_END_(__VA_ARGS__)
#define MT_END_(...) __VA_ARGS__##_END

#define MT_DECLARE(sequence_) MT_END(MT_D1 sequence_)
#define MT_D1(kind_, type_, name_) MT_D_##kind_(type_, name_) MT_D2
#define MT_D2(kind_, type_, name_) MT_D_##kind_(type_, name_) MT_D1
#define MT_D1_END
#define MT_D2_END
#define MT_D_IN64(t_, n_) , t_ n_
#define MT_D_IN32(t_, n_) , t_ n_
#define MT_D_IO64(t_, n_) , t_ *n_
#define MT_D_IO32(t_, n_) , t_ *n_
#define MT_D_OUT64(t_, n_) , t_ *n_
#define MT_D_OUT32(t_, n_) , t_ *n_
#define MT_D_PORT(t_, n_) , t_ n_
#define MT_D_OUT_PORT(t_, n_) , t_ *n_
#define MT_D_MEMORY(t_, n_) , t_ n_, mach_msg_type_number_t n_##_count
#define MT_D_OUT_MEMORY(t_, n_) , t_ *n_, mach_msg_type_number_t *n_##_count
#define MT_D_WORDS(t_, n_) , t_ n_, mach_msg_type_number_t *n_##_count
#define MT_D_BYTES(t_, n_) , t_ n_, mach_msg_type_number_t n_##_count
#define MT_D_LIST(t_, n_) , t_ n_

#define MT_ARGUMENTS(sequence_) MT_END(MT_A1 sequence_)
#define MT_A1(kind_, type_, name_) MT_A_##kind_(type_, name_) MT_A2
#define MT_A2(kind_, type_, name_) MT_A_##kind_(type_, name_) MT_A1
#define MT_A1_END
#define MT_A2_END
#define MT_A_IN64(t_, n_) (uint64_t)n_,
#define MT_A_IN32(t_, n_) (uint64_t)n_,
#define MT_A_IO64(t_, n_) (uintptr_t)n_,
#define MT_A_IO32(t_, n_) (uintptr_t)n_,
#define MT_A_OUT64(t_, n_) (uintptr_t)n_,
#define MT_A_OUT32(t_, n_) (uintptr_t)n_,
#define MT_A_PORT(t_, n_) (uint64_t)n_,
#define MT_A_OUT_PORT(t_, n_) (uintptr_t)n_,
#define MT_A_MEMORY(t_, n_) (uint64_t)n_, (uint64_t)n_##_count,
#define MT_A_OUT_MEMORY(t_, n_) (uintptr_t)n_, (uintptr_t)n_##_count,
#define MT_A_WORDS(t_, n_) (uintptr_t)n_, (uintptr_t)n_##_count,
#define MT_A_BYTES(t_, n_) (uintptr_t)n_, (uint64_t)n_##_count,
#define MT_A_LIST(t_, n_) (uintptr_t)n_,

#define MT_PASS(sequence_) MT_END(MT_P1 sequence_)
#define MT_P1(kind_, type_, name_) MT_P_##kind_(type_, name_) MT_P2
#define MT_P2(kind_, type_, name_) MT_P_##kind_(type_, name_) MT_P1
#define MT_P1_END
#define MT_P2_END
#define MT_P_IN64(t_, n_) , n_
#define MT_P_IN32(t_, n_) , n_
#define MT_P_IO64(t_, n_) , (void *)n_
#define MT_P_IO32(t_, n_) , n_
#define MT_P_OUT64(t_, n_) , (void *)n_
#define MT_P_OUT32(t_, n_) , n_
#define MT_P_PORT(t_, n_) , n_
#define MT_P_OUT_PORT(t_, n_) , n_
#define MT_P_MEMORY(t_, n_) , n_, n_##_count
#define MT_P_OUT_MEMORY(t_, n_) , n_, n_##_count
#define MT_P_WORDS(t_, n_) , n_, n_##_count
#define MT_P_BYTES(t_, n_) , n_, n_##_count
#define MT_P_LIST(t_, n_) , (void *)n_

#define MT_KINDS(sequence_) MT_END(MT_K1 sequence_)
#define MT_K1(kind_, type_, name_) MT_K_##kind_(type_, name_) MT_K2
#define MT_K2(kind_, type_, name_) MT_K_##kind_(type_, name_) MT_K1
#define MT_K1_END
#define MT_K2_END
#define MT_K_IN64(t_, n_) "q"
#define MT_K_IN32(t_, n_) "i"
#define MT_K_IO64(t_, n_) "Q"
#define MT_K_IO32(t_, n_) "I"
#define MT_K_OUT64(t_, n_) "y"
#define MT_K_OUT32(t_, n_) "n"
#define MT_K_PORT(t_, n_) "P"
#define MT_K_OUT_PORT(t_, n_) "p"
#define MT_K_MEMORY(t_, n_) "O"
#define MT_K_OUT_MEMORY(t_, n_) "o"
#define MT_K_WORDS(t_, n_) "v"
#define MT_K_BYTES(t_, n_) "b"
#define MT_K_LIST(t_, n_) "L"

#endif
