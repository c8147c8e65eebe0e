#include "CKernels.h"

#include <stddef.h>

const struct CKernels *ckernels_portable(void);

#if defined(__x86_64__)
const struct CKernels *ckernels_avx2(void);
const struct CKernels *ckernels_avx512(void);

static bool has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && has_avx2();
}
#endif

const struct CKernels *ckernels_float_variant(int index) {
  const struct CKernels *found[3];
  int count = 0;
#if defined(__x86_64__)
  if (has_avx512()) found[count++] = ckernels_avx512();
  if (has_avx2()) found[count++] = ckernels_avx2();
#endif
  found[count++] = ckernels_portable();
  return index < count ? found[index] : NULL;
}

const struct CKernels *ckernels_float(void) { return ckernels_float_variant(0); }
