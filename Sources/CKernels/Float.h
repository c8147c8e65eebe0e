// The parts of a float kernel that are the same for every instruction set.
#include "CKernels.h"
#include "MatrixProduct.h"

#include <math.h>
#include <string.h>

#define SCALAR float
#define MATRIX_PRODUCT ckernels_float_matrix_product
#define EXP(x) exponential(x)
#define TANH(x) hyperbolic_tangent(x)
