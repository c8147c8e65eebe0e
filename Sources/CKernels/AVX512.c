#if defined(__x86_64__)
#include "Float.h"

#define INSTRUCTION_SET "AVX-512"
#define KERNEL(name) avx512_##name

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#include "Exponential.h"
#include "Template.h"
#pragma clang attribute pop

const struct CKernels *ckernels_avx512(void) { return &avx512_kernels; }
#endif
