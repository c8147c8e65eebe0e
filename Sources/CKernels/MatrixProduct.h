#ifndef MATRIX_PRODUCT_H
#define MATRIX_PRODUCT_H

#include <stdbool.h>

/// As `matrix_product` of `CKernels`, by the library, on the calling thread alone.
void ckernels_float_matrix_product(bool transpose_a, bool transpose_b, long m, long n, long k,
                                   double alpha, const void *a, long stride_a, const void *b,
                                   long stride_b, double beta, void *c, long stride_c);

#endif
