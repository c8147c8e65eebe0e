// Within two units in the last place on [-87, 88]; outside, the value at the nearer end; NaN for NaN.
//
// A call of the library's `expf` would keep every loop around it from being vectorized. Reduction by
// multiples of ln 2 in two parts, then the polynomial of Cephes' expf (Moshier 1989).
static inline float exponential(float x) {
#pragma clang fp reassociate(off)
  float bounded = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
  float doublings = bounded * 1.44269504f;
  // The comparison is false for NaN, which no integer is.
  doublings = doublings > -126.5f ? doublings + (doublings > 0 ? 0.5f : -0.5f) : -126.0f;
  int whole = (int)doublings;
  float rest = bounded - (float)whole * 0.693359375f;
  rest -= (float)whole * -2.12194440e-4f;
  float sum = 1.9875691500e-4f;
  sum = sum * rest + 1.3981999507e-3f;
  sum = sum * rest + 8.3334519073e-3f;
  sum = sum * rest + 4.1665795894e-2f;
  sum = sum * rest + 1.6666665459e-1f;
  sum = sum * rest + 5.0000001201e-1f;
  sum = sum * rest * rest + rest + 1;
  union {
    int32_t bits;
    float value;
  } power = {.bits = (whole + 127) << 23};
  return sum * power.value;
}

// Within three units in the last place; NaN for NaN.
//
// Cephes' tanhf (Moshier 1989): a polynomial near zero, where the exponential would cancel.
static inline float hyperbolic_tangent(float x) {
#pragma clang fp reassociate(off)
  float size = x < 0 ? -x : x, square = x * x;
  float sum = -5.70498872745e-3f;
  sum = sum * square + 2.06390887954e-2f;
  sum = sum * square - 5.37397155531e-2f;
  sum = sum * square + 1.33314422036e-1f;
  sum = sum * square - 3.33332819422e-1f;
  float near = sum * square * x + x;
  float far = 1 - 2 / (exponential(2 * size) + 1);
  return size < 0.625f ? near : x < 0 ? -far : far;
}
