#if defined(__x86_64__)
#include "Float.h"

#define INSTRUCTION_SET "AVX2"
#define KERNEL(name) avx2_##name

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "Exponential.h"
#include "Template.h"
#pragma clang attribute pop

const struct CKernels *ckernels_avx2(void) { return &avx2_kernels; }
#endif
