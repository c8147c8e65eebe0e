#include "Float.h"

// Plain C, which on 64-bit ARM means NEON, a part of every such processor.
#if defined(__aarch64__)
#define INSTRUCTION_SET "NEON"
#else
#define INSTRUCTION_SET "baseline"
#endif
#define KERNEL(name) portable_##name

#include "Exponential.h"
#include "Template.h"

const struct CKernels *ckernels_portable(void) { return &portable_kernels; }
