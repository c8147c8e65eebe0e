#include "CKernels.h"

#include <math.h>
#include <string.h>

static void double_matrix_product(bool transpose_a, bool transpose_b, long m, long n, long k,
                                  double alpha, const void *a_, long stride_a, const void *b_,
                                  long stride_b, double beta, void *c_, long stride_c) {
  const double *a = a_, *b = b_;
  double *c = c_;
  for (long row = 0; row < m; row++)
    for (long column = 0; column < n; column++) {
      double sum = 0;
      for (long i = 0; i < k; i++)
        sum += (transpose_a ? a[i * stride_a + row] : a[row * stride_a + i]) *
               (transpose_b ? b[column * stride_b + i] : b[i * stride_b + column]);
      double *to = c + row * stride_c + column;
      // What is there may be garbage, even NaN, when it does not count.
      *to = beta == 0 ? alpha * sum : alpha * sum + beta * *to;
    }
}

#define SCALAR double
#define INSTRUCTION_SET "baseline"
#define KERNEL(name) double_##name
#define MATRIX_PRODUCT double_matrix_product
#define EXP(x) exp(x)
#define TANH(x) tanh(x)

#include "Template.h"

const struct CKernels *ckernels_double(void) { return &double_kernels; }
