#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stdint.h>

/// Nothing in such a struct is ever written to, so Swift may share it.
#define CKERNELS_SENDABLE __attribute__((swift_attr("@Sendable")))

#pragma clang assume_nonnull begin

/// Sizes of one causal attention with grouped queries.
///
/// Queries and results are `[sequences * length, heads * width]`, keys and values
/// `[sequences * length, groups * width]`; each group of keys serves `heads / groups` heads.
struct CKERNELS_SENDABLE CAttention {
  long sequences, length, heads, groups, width;
  /// Multiplies the products of queries and keys.
  double scale;
  /// What the scaled products stay below, as cap * tanh(product / cap); 0 for no cap.
  double cap;
};

/// The numbers of one AdamW step, the same for all scalars of a parameter.
struct CAdamW {
  double learning_rate, beta1, beta2, epsilon, weight_decay;
  /// `1 - beta^step`, of each moment.
  double correction1, correction2;
  /// Multiplies gradients first, which is how they are clipped.
  double gradient_scale;
};

/// Every kernel, for one scalar type and one instruction set.
///
/// Arrays are row-major and dense; `void *` is the table's scalar type. A kernel that has a flag
/// `add` for an array adds to what is there, else it overwrites.
struct CKERNELS_SENDABLE CKernels {
  const char *instruction_set;

  /// c[m, n] = alpha * op(a) * op(b) + beta * c; `stride_` is the distance between rows in memory.
  void (*matrix_product)(bool transpose_a, bool transpose_b, long m, long n, long k, double alpha,
                         const void *a, long stride_a, const void *b, long stride_b, double beta,
                         void *c, long stride_c);

  /// out[r, :] = multiplier * table[tokens[r], :]
  void (*embedding_forward)(void *out, const void *table, const int32_t *tokens, long rows,
                            long width, double multiplier);
  /// Adds to the rows of `table_gradient`.
  void (*embedding_backward)(void *table_gradient, const void *out_gradient, const int32_t *tokens,
                             long rows, long width, double multiplier);

  /// out[r, :] = multiplier * gain * x[r, :] / rms(x[r, :]); `inverse_rms` [rows] is kept for the way
  /// back.
  void (*rms_norm_forward)(void *out, void *inverse_rms, const void *x, const void *gain, long rows,
                           long width, double epsilon, double multiplier);
  /// Adds to `gain_gradient`.
  void (*rms_norm_backward)(void *x_gradient, bool add, void *gain_gradient,
                            const void *out_gradient, const void *x, const void *gain,
                            const void *inverse_rms, long rows, long width, double multiplier);

  /// Turns channel pairs (i, i + width / 2) of every head by the angle of the row's position.
  ///
  /// `cosines` and `sines` are [length, width / 2]; row r has position r modulo length.
  /// `inverse` turns back, which is the gradient of turning.
  void (*rotation)(void *out, bool add, const void *x, const void *cosines, const void *sines,
                   long rows, long length, long heads, long width, bool inverse);

  /// Scalars of scratch memory that either attention kernel needs.
  long (*attention_scratch)(struct CAttention sizes);
  /// `log_sums` [sequences, heads, length] holds each row's log partition for the way back.
  void (*attention_forward)(void *out, void *log_sums, const void *query, const void *key,
                            const void *value, void *scratch, struct CAttention sizes);
  void (*attention_backward)(void *query_gradient, bool add_query, void *key_gradient, bool add_key,
                             void *value_gradient, bool add_value, const void *out_gradient,
                             const void *out, const void *log_sums, const void *query,
                             const void *key, const void *value, void *scratch,
                             struct CAttention sizes);

  /// Of the first sequence, at every `step`-th position: the largest scaled and capped product of a
  /// query with a key up to its own position, and the mean over heads and positions of the entropy in nats of
  /// the weights. The entropy is not finite when any of the products is not.
  void (*attention_statistics)(double *logit_maximum, double *entropy, const void *query,
                               const void *key, void *scratch, struct CAttention sizes, long step);

  /// out = gate * sigmoid(gate) * up
  void (*swiglu_forward)(void *out, const void *gate, const void *up, long count);
  void (*swiglu_backward)(void *gate_gradient, bool add_gate, void *up_gradient, bool add_up,
                          const void *out_gradient, const void *gate, const void *up, long count);

  /// out = cap * tanh(x / cap)
  void (*soft_cap_forward)(void *out, const void *x, double cap, long count);
  void (*soft_cap_backward)(void *x_gradient, bool add, const void *out_gradient, const void *out,
                            double cap, long count);

  /// out = a + multiplier * b
  void (*scaled_sum)(void *out, const void *a, const void *b, double multiplier, long count);
  /// out = multiplier * x
  void (*scaled)(void *out, bool add, const void *x, double multiplier, long count);

  /// losses[r] = log_sums[r] - logits[r, targets[r]], both in double.
  void (*cross_entropy_forward)(double *losses, double *log_sums, const void *logits,
                                const int32_t *targets, long rows, long width);
  /// The gradient of sum_r scale * (losses[r] + z_weight * log_sums[r]^2).
  void (*cross_entropy_backward)(void *logits_gradient, bool add, const void *logits,
                                 const double *log_sums, const int32_t *targets, long rows,
                                 long width, double scale, double z_weight);

  /// Summed in double; not finite when any element is not.
  double (*sum_of_squares)(const void *x, long count);
  /// Blind to NaN, which `sum_of_squares` tells of.
  double (*largest_magnitude)(const void *x, long count);
  /// out = matrix^T * matrix * x, for a matrix [rows, columns] that is read once.
  ///
  /// Returns the squared length of matrix * x.
  double (*gram_product)(void *out, const void *matrix, const void *x, long rows, long columns);

  /// Loshchilov and Hutter 2019, arXiv 1711.05101, in the form of PyTorch's `AdamW`: decay first,
  /// by the learning rate times the decay; epsilon outside the root of the corrected moment.
  void (*adamw)(void *weight, void *moment1, void *moment2, const void *gradient, long count,
                struct CAdamW numbers);
};

/// The kernels for float on the best instruction set of this machine.
///
/// They are fit for use once `ckernels_open_matrix_library` has found one.
const struct CKernels *ckernels_float(void);

/// The kernels for double, in plain loops: what gradients are checked with.
const struct CKernels *ckernels_double(void);

/// The kernels for float of every instruction set this machine has, the best first; null at the end.
const struct CKernels *_Nullable ckernels_float_variant(int index);

/// Finds the library for matrix products of floats; the first call decides.
///
/// The variables by which its environment could change its speed or its threads are hidden from it.
/// - Returns: Its name and version, or null where there is none.
const char *_Nullable ckernels_open_matrix_library(void);

#pragma clang assume_nonnull end

#endif
