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
