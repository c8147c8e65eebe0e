// Every kernel in terms of `SCALAR`, `KERNEL(name)`, `EXP(x)` and `TANH(x)`, which the including file
// defines.
//
// Loops are written for the compiler to vectorize: sums may be taken in any order that is fixed at
// compile time, so results are the same from run to run but not from one instruction set to another.

#pragma clang fp reassociate(on) contract(fast)

#define SQRT(x) __builtin_elementwise_sqrt(x)

static void KERNEL(embedding_forward)(void *out_, const void *table_, const int32_t *tokens,
                                      long rows, long width, double multiplier) {
  SCALAR *restrict out = out_;
  const SCALAR *table = table_;
  SCALAR scale = (SCALAR)multiplier;
  for (long row = 0; row < rows; row++) {
    const SCALAR *from = table + tokens[row] * width;
    for (long i = 0; i < width; i++) out[row * width + i] = scale * from[i];
  }
}

static void KERNEL(embedding_backward)(void *table_gradient_, const void *out_gradient_,
                                       const int32_t *tokens, long rows, long width,
                                       double multiplier) {
  SCALAR *table_gradient = table_gradient_;
  const SCALAR *out_gradient = out_gradient_;
  SCALAR scale = (SCALAR)multiplier;
  for (long row = 0; row < rows; row++) {
    SCALAR *restrict to = table_gradient + tokens[row] * width;
    const SCALAR *restrict from = out_gradient + row * width;
    for (long i = 0; i < width; i++) to[i] += scale * from[i];
  }
}

static void KERNEL(rms_norm_forward)(void *out_, void *inverse_rms_, const void *x_,
                                     const void *gain_, long rows, long width, double epsilon,
                                     double multiplier) {
  SCALAR *restrict out = out_, *restrict inverse_rms = inverse_rms_;
  const SCALAR *x = x_, *gain = gain_;
  for (long row = 0; row < rows; row++, x += width, out += width) {
    SCALAR sum = 0;
    for (long i = 0; i < width; i++) sum += x[i] * x[i];
    SCALAR inverse = 1 / SQRT(sum / (SCALAR)width + (SCALAR)epsilon);
    inverse_rms[row] = inverse;
    SCALAR scale = (SCALAR)multiplier * inverse;
    for (long i = 0; i < width; i++) out[i] = gain[i] * x[i] * scale;
  }
}

static void KERNEL(rms_norm_backward)(void *x_gradient_, bool add, void *gain_gradient_,
                                      const void *out_gradient_, const void *x_, const void *gain_,
                                      const void *inverse_rms_, long rows, long width,
                                      double multiplier) {
  SCALAR *restrict x_gradient = x_gradient_, *restrict gain_gradient = gain_gradient_;
  const SCALAR *out_gradient = out_gradient_, *x = x_, *gain = gain_, *inverse_rms = inverse_rms_;
  for (long row = 0; row < rows; row++) {
    SCALAR inverse = inverse_rms[row], product = 0, scale = (SCALAR)multiplier;
    for (long i = 0; i < width; i++) {
      SCALAR along = scale * out_gradient[i] * x[i];
      product += along * gain[i];
      gain_gradient[i] += along * inverse;
    }
    SCALAR radial = product * inverse * inverse * inverse / (SCALAR)width;
    if (add) {
      for (long i = 0; i < width; i++)
        x_gradient[i] += scale * inverse * gain[i] * out_gradient[i] - radial * x[i];
    } else {
      for (long i = 0; i < width; i++)
        x_gradient[i] = scale * inverse * gain[i] * out_gradient[i] - radial * x[i];
    }
    out_gradient += width, x += width, x_gradient += width;
  }
}

static void KERNEL(rotation)(void *out_, bool add, const void *x_, const void *cosines_,
                             const void *sines_, long rows, long length, long heads, long width,
                             bool inverse) {
  SCALAR *restrict out = out_;
  const SCALAR *x = x_;
  SCALAR sign = inverse ? -1 : 1;
  long half = width / 2;
  for (long row = 0; row < rows; row++) {
    const SCALAR *cosine = (const SCALAR *)cosines_ + row % length * half;
    const SCALAR *sine = (const SCALAR *)sines_ + row % length * half;
    for (long head = 0; head < heads; head++, x += width, out += width) {
      if (add) {
        for (long i = 0; i < half; i++) {
          out[i] += x[i] * cosine[i] - sign * x[i + half] * sine[i];
          out[i + half] += x[i + half] * cosine[i] + sign * x[i] * sine[i];
        }
      } else {
        for (long i = 0; i < half; i++) {
          out[i] = x[i] * cosine[i] - sign * x[i + half] * sine[i];
          out[i + half] = x[i + half] * cosine[i] + sign * x[i] * sine[i];
        }
      }
    }
  }
}

/// The largest element; lanes are spelled out because a maximum is not reassociated by itself.
static SCALAR KERNEL(largest)(const SCALAR *x, long count) {
  enum { lanes = 16 };
  SCALAR best[lanes];
  for (int lane = 0; lane < lanes; lane++) best[lane] = x[0];
  long i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int lane = 0; lane < lanes; lane++)
      best[lane] = x[i + lane] > best[lane] ? x[i + lane] : best[lane];
  for (; i < count; i++) best[0] = x[i] > best[0] ? x[i] : best[0];
  for (int lane = 1; lane < lanes; lane++) best[0] = best[lane] > best[0] ? best[lane] : best[0];
  return best[0];
}

static void KERNEL(soft_cap_forward)(void *out_, const void *x_, double cap_, long count) {
  SCALAR *restrict out = out_, cap = (SCALAR)cap_, inverse = (SCALAR)(1 / cap_);
  const SCALAR *x = x_;
  for (long i = 0; i < count; i++) out[i] = cap * TANH(x[i] * inverse);
}

/// In place, which the loop above is not vectorized for.
static void KERNEL(soft_cap)(SCALAR *x, double cap_, long count) {
  SCALAR cap = (SCALAR)cap_, inverse = (SCALAR)(1 / cap_);
  for (long i = 0; i < count; i++) x[i] = cap * TANH(x[i] * inverse);
}

static void KERNEL(soft_cap_backward)(void *x_gradient_, bool add, const void *out_gradient_,
                                      const void *out_, double cap, long count) {
  SCALAR *restrict x_gradient = x_gradient_;
  const SCALAR *out_gradient = out_gradient_, *out = out_;
  SCALAR inverse = (SCALAR)(1 / cap);
  for (long i = 0; i < count; i++) {
    SCALAR tangent = out[i] * inverse;
    SCALAR gradient = out_gradient[i] * (1 - tangent * tangent);
    x_gradient[i] = add ? x_gradient[i] + gradient : gradient;
  }
}

// Rows of the attention matrix that are worked on together: enough for an efficient matrix product,
// few enough to skip most of what the mask hides.
enum { KERNEL(attention_block) = 64 };

static long KERNEL(attention_scratch)(struct CAttention sizes) {
  return 2 * KERNEL(attention_block) * sizes.length;
}

static void KERNEL(attention_forward)(void *out_, void *log_sums_, const void *query_,
                                      const void *key_, const void *value_, void *scratch_,
                                      struct CAttention s) {
  SCALAR *log_sums = log_sums_, *scores = scratch_;
  long query_stride = s.heads * s.width, key_stride = s.groups * s.width;
  for (long sequence = 0; sequence < s.sequences; sequence++)
    for (long head = 0; head < s.heads; head++) {
      long query_start = sequence * s.length * query_stride + head * s.width;
      long key_start =
          sequence * s.length * key_stride + head / (s.heads / s.groups) * s.width;
      const SCALAR *query = (const SCALAR *)query_ + query_start;
      const SCALAR *key = (const SCALAR *)key_ + key_start;
      const SCALAR *value = (const SCALAR *)value_ + key_start;
      SCALAR *out = (SCALAR *)out_ + query_start;
      for (long first = 0; first < s.length; first += KERNEL(attention_block)) {
        long rows = s.length - first;
        if (rows > KERNEL(attention_block)) rows = KERNEL(attention_block);
        long columns = first + rows;
        MATRIX_PRODUCT(false, true, rows, columns, s.width, s.scale, query + first * query_stride,
                       query_stride, key, key_stride, 0, scores, columns);
        for (long row = 0; row < rows; row++) {
          SCALAR *restrict score = scores + row * columns;
          long seen = first + row + 1;
          if (s.cap > 0) KERNEL(soft_cap)(score, s.cap, seen);
          SCALAR top = KERNEL(largest)(score, seen), sum = 0;
          for (long i = 0; i < seen; i++) {
            SCALAR weight = EXP(score[i] - top);
            score[i] = weight;
            sum += weight;
          }
          SCALAR share = 1 / sum;
          for (long i = 0; i < seen; i++) score[i] *= share;
          for (long i = seen; i < columns; i++) score[i] = 0;
          log_sums[first + row] = top + (SCALAR)log((double)sum);
        }
        MATRIX_PRODUCT(false, false, rows, s.width, columns, 1, scores, columns, value, key_stride,
                       0, out + first * query_stride, query_stride);
      }
      log_sums += s.length;
    }
}

static void KERNEL(attention_backward)(void *query_gradient_, bool add_query, void *key_gradient_,
                                       bool add_key, void *value_gradient_, bool add_value,
                                       const void *out_gradient_, const void *out_,
                                       const void *log_sums_, const void *query_, const void *key_,
                                       const void *value_, void *scratch_, struct CAttention s) {
  const SCALAR *log_sums = log_sums_;
  SCALAR *weights = scratch_, *changes = weights + KERNEL(attention_block) * s.length;
  long query_stride = s.heads * s.width, key_stride = s.groups * s.width;
  long keys = s.sequences * s.length * key_stride;
  if (!add_key) memset(key_gradient_, 0, (size_t)keys * sizeof(SCALAR));
  if (!add_value) memset(value_gradient_, 0, (size_t)keys * sizeof(SCALAR));
  for (long sequence = 0; sequence < s.sequences; sequence++)
    for (long head = 0; head < s.heads; head++) {
      long query_start = sequence * s.length * query_stride + head * s.width;
      long key_start =
          sequence * s.length * key_stride + head / (s.heads / s.groups) * s.width;
      const SCALAR *key = (const SCALAR *)key_ + key_start;
      const SCALAR *value = (const SCALAR *)value_ + key_start;
      SCALAR *key_gradient = (SCALAR *)key_gradient_ + key_start;
      SCALAR *value_gradient = (SCALAR *)value_gradient_ + key_start;
      for (long first = 0; first < s.length; first += KERNEL(attention_block)) {
        long rows = s.length - first;
        if (rows > KERNEL(attention_block)) rows = KERNEL(attention_block);
        long columns = first + rows, start = query_start + first * query_stride;
        const SCALAR *query = (const SCALAR *)query_ + start;
        const SCALAR *out = (const SCALAR *)out_ + start;
        const SCALAR *out_gradient = (const SCALAR *)out_gradient_ + start;
        // The weights are computed once more: cheaper than keeping them out of cache.
        MATRIX_PRODUCT(false, true, rows, columns, s.width, s.scale, query, query_stride, key,
                       key_stride, 0, weights, columns);
        MATRIX_PRODUCT(false, true, rows, columns, s.width, 1, out_gradient, query_stride, value,
                       key_stride, 0, changes, columns);
        for (long row = 0; row < rows; row++) {
          SCALAR *restrict weight = weights + row * columns, *restrict change =
                                                                  changes + row * columns;
          const SCALAR *out_row = out + row * query_stride;
          const SCALAR *gradient_row = out_gradient + row * query_stride;
          long seen = first + row + 1;
          SCALAR log_sum = log_sums[first + row], mean = 0, scale = (SCALAR)s.scale;
          for (long i = 0; i < s.width; i++) mean += out_row[i] * gradient_row[i];
          if (s.cap > 0) {
            SCALAR cap = (SCALAR)s.cap, inverse = (SCALAR)(1 / s.cap);
            for (long i = 0; i < seen; i++) {
              SCALAR tangent = TANH(weight[i] * inverse);
              SCALAR share = EXP(cap * tangent - log_sum);
              weight[i] = share;
              change[i] = share * (change[i] - mean) * scale * (1 - tangent * tangent);
            }
          } else {
            for (long i = 0; i < seen; i++) {
              SCALAR share = EXP(weight[i] - log_sum);
              weight[i] = share;
              change[i] = share * (change[i] - mean) * scale;
            }
          }
          for (long i = seen; i < columns; i++) weight[i] = change[i] = 0;
        }
        MATRIX_PRODUCT(true, false, columns, s.width, rows, 1, weights, columns, out_gradient,
                       query_stride, 1, value_gradient, key_stride);
        MATRIX_PRODUCT(true, false, columns, s.width, rows, 1, changes, columns, query,
                       query_stride, 1, key_gradient, key_stride);
        MATRIX_PRODUCT(false, false, rows, s.width, columns, 1, changes, columns, key, key_stride,
                       add_query ? 1 : 0, (SCALAR *)query_gradient_ + start, query_stride);
      }
      log_sums += s.length;
    }
}

static void KERNEL(attention_statistics)(double *logit_maximum, double *entropy,
                                         const void *query_, const void *key_, void *scratch_,
                                         struct CAttention s, long step) {
  SCALAR *scores = scratch_;
  long query_stride = s.heads * s.width, key_stride = s.groups * s.width, count = s.length / step;
  double highest = -INFINITY, sum_of_entropies = 0;
  for (long head = 0; head < s.heads; head++) {
    const SCALAR *query = (const SCALAR *)query_ + head * s.width + (step - 1) * query_stride;
    const SCALAR *key = (const SCALAR *)key_ + head / (s.heads / s.groups) * s.width;
    for (long first = 0; first < count; first += KERNEL(attention_block)) {
      long rows = count - first;
      if (rows > KERNEL(attention_block)) rows = KERNEL(attention_block);
      long columns = (first + rows) * step;
      MATRIX_PRODUCT(false, true, rows, columns, s.width, s.scale,
                     query + first * step * query_stride, step * query_stride, key, key_stride, 0,
                     scores, columns);
      for (long row = 0; row < rows; row++) {
        SCALAR *score = scores + row * columns;
        long seen = (first + row + 1) * step;
        if (s.cap > 0) KERNEL(soft_cap)(score, s.cap, seen);
        // The entropy of weights exp(b) / sum is log(sum) - mean(b), and exact in all that b shares.
        SCALAR top = KERNEL(largest)(score, seen), sum = 0, weighted = 0;
        for (long i = 0; i < seen; i++) {
          SCALAR below = score[i] - top, weight = EXP(below);
          sum += weight;
          weighted += weight * below;
        }
        sum_of_entropies += log((double)sum) - (double)weighted / (double)sum;
        if ((double)top > highest) highest = (double)top;
      }
    }
  }
  *logit_maximum = highest;
  *entropy = sum_of_entropies / (double)(count * s.heads);
}

static void KERNEL(swiglu_forward)(void *out_, const void *gate_, const void *up_, long count) {
  SCALAR *restrict out = out_;
  const SCALAR *gate = gate_, *up = up_;
  for (long i = 0; i < count; i++) out[i] = gate[i] * up[i] / (1 + EXP(-gate[i]));
}

static void KERNEL(swiglu_backward)(void *gate_gradient_, bool add_gate, void *up_gradient_,
                                    bool add_up, const void *out_gradient_, const void *gate_,
                                    const void *up_, long count) {
  SCALAR *restrict gate_gradient = gate_gradient_, *restrict up_gradient = up_gradient_;
  const SCALAR *out_gradient = out_gradient_, *gate = gate_, *up = up_;
  for (long i = 0; i < count; i++) {
    SCALAR sigmoid = 1 / (1 + EXP(-gate[i]));
    SCALAR activated = gate[i] * sigmoid;
    SCALAR slope = sigmoid + activated * (1 - sigmoid);
    SCALAR to_gate = out_gradient[i] * up[i] * slope, to_up = out_gradient[i] * activated;
    gate_gradient[i] = add_gate ? gate_gradient[i] + to_gate : to_gate;
    up_gradient[i] = add_up ? up_gradient[i] + to_up : to_up;
  }
}

static void KERNEL(scaled_sum)(void *out_, const void *a_, const void *b_, double multiplier,
                               long count) {
  SCALAR *restrict out = out_, scale = (SCALAR)multiplier;
  const SCALAR *a = a_, *b = b_;
  for (long i = 0; i < count; i++) out[i] = a[i] + scale * b[i];
}

static void KERNEL(scaled)(void *out_, bool add, const void *x_, double multiplier, long count) {
  SCALAR *restrict out = out_, scale = (SCALAR)multiplier;
  const SCALAR *x = x_;
  if (add) {
    for (long i = 0; i < count; i++) out[i] += scale * x[i];
  } else {
    for (long i = 0; i < count; i++) out[i] = scale * x[i];
  }
}

static void KERNEL(cross_entropy_forward)(double *losses, double *log_sums, const void *logits_,
                                          const int32_t *targets, long rows, long width) {
  for (long row = 0; row < rows; row++) {
    const SCALAR *logits = (const SCALAR *)logits_ + row * width;
    SCALAR top = KERNEL(largest)(logits, width), sum = 0;
    for (long i = 0; i < width; i++) sum += EXP(logits[i] - top);
    log_sums[row] = (double)top + log((double)sum);
    losses[row] = log_sums[row] - (double)logits[targets[row]];
  }
}

static void KERNEL(cross_entropy_backward)(void *logits_gradient_, bool add, const void *logits_,
                                           const double *log_sums, const int32_t *targets,
                                           long rows, long width, double scale, double z_weight) {
  for (long row = 0; row < rows; row++) {
    const SCALAR *logits = (const SCALAR *)logits_ + row * width;
    SCALAR *restrict gradient = (SCALAR *)logits_gradient_ + row * width;
    SCALAR log_sum = (SCALAR)log_sums[row];
    SCALAR factor = (SCALAR)(scale * (1 + 2 * z_weight * log_sums[row]));
    if (add) {
      for (long i = 0; i < width; i++) gradient[i] += factor * EXP(logits[i] - log_sum);
    } else {
      for (long i = 0; i < width; i++) gradient[i] = factor * EXP(logits[i] - log_sum);
    }
    gradient[targets[row]] -= (SCALAR)scale;
  }
}

static double KERNEL(sum_of_squares)(const void *x_, long count) {
  const SCALAR *x = x_;
  double sum = 0;
  for (long i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
  return sum;
}

static double KERNEL(largest_magnitude)(const void *x_, long count) {
  enum { lanes = 16 };
  const SCALAR *x = x_;
  SCALAR best[lanes] = {0};
  long i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int lane = 0; lane < lanes; lane++) {
      SCALAR size = x[i + lane] < 0 ? -x[i + lane] : x[i + lane];
      best[lane] = size > best[lane] ? size : best[lane];
    }
  for (; i < count; i++) {
    SCALAR size = x[i] < 0 ? -x[i] : x[i];
    best[0] = size > best[0] ? size : best[0];
  }
  return (double)KERNEL(largest)(best, lanes);
}

static double KERNEL(gram_product)(void *out_, const void *matrix_, const void *x_, long rows,
                                   long columns) {
  SCALAR *restrict out = out_;
  const SCALAR *matrix = matrix_, *x = x_;
  double squares = 0;
  memset(out, 0, (size_t)columns * sizeof(SCALAR));
  for (long row = 0; row < rows; row++, matrix += columns) {
    SCALAR sum = 0;
    for (long i = 0; i < columns; i++) sum += matrix[i] * x[i];
    // Used at once, while the row is in the nearest cache.
    for (long i = 0; i < columns; i++) out[i] += sum * matrix[i];
    squares += (double)sum * (double)sum;
  }
  return squares;
}

static void KERNEL(adamw)(void *weight_, void *moment1_, void *moment2_, const void *gradient_,
                          long count, struct CAdamW numbers) {
  SCALAR *restrict weight = weight_, *restrict moment1 = moment1_, *restrict moment2 = moment2_;
  const SCALAR *gradient = gradient_;
  SCALAR scale = (SCALAR)numbers.gradient_scale, epsilon = (SCALAR)numbers.epsilon;
  SCALAR rest1 = (SCALAR)(1 - numbers.beta1), beta2 = (SCALAR)numbers.beta2;
  SCALAR rest2 = (SCALAR)(1 - numbers.beta2);
  SCALAR shrink = (SCALAR)(1 - numbers.learning_rate * numbers.weight_decay);
  SCALAR step = (SCALAR)(numbers.learning_rate / numbers.correction1);
  SCALAR inverse_root = (SCALAR)(1 / __builtin_sqrt(numbers.correction2));
  for (long i = 0; i < count; i++) {
    SCALAR g = scale * gradient[i];
    SCALAR m = moment1[i] + rest1 * (g - moment1[i]);
    SCALAR v = beta2 * moment2[i] + rest2 * g * g;
    moment1[i] = m;
    moment2[i] = v;
    weight[i] = shrink * weight[i] - step * m / (SQRT(v) * inverse_root + epsilon);
  }
}

static const struct CKernels KERNEL(kernels) = {
    .instruction_set = INSTRUCTION_SET,
    .matrix_product = MATRIX_PRODUCT,
    .embedding_forward = KERNEL(embedding_forward),
    .embedding_backward = KERNEL(embedding_backward),
    .rms_norm_forward = KERNEL(rms_norm_forward),
    .rms_norm_backward = KERNEL(rms_norm_backward),
    .rotation = KERNEL(rotation),
    .attention_scratch = KERNEL(attention_scratch),
    .attention_forward = KERNEL(attention_forward),
    .attention_backward = KERNEL(attention_backward),
    .attention_statistics = KERNEL(attention_statistics),
    .swiglu_forward = KERNEL(swiglu_forward),
    .swiglu_backward = KERNEL(swiglu_backward),
    .soft_cap_forward = KERNEL(soft_cap_forward),
    .soft_cap_backward = KERNEL(soft_cap_backward),
    .scaled_sum = KERNEL(scaled_sum),
    .scaled = KERNEL(scaled),
    .cross_entropy_forward = KERNEL(cross_entropy_forward),
    .cross_entropy_backward = KERNEL(cross_entropy_backward),
    .sum_of_squares = KERNEL(sum_of_squares),
    .largest_magnitude = KERNEL(largest_magnitude),
    .gram_product = KERNEL(gram_product),
    .adamw = KERNEL(adamw),
};
