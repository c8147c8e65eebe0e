import CKernels
import Foundation
import Runs
import Tensors
import Testing

@Suite struct KernelTests {
  /// Through SwiGLU with a gate whose sigmoid is tiny, the exponential is all that is seen.
  @Test("the exponential is within two units in the last place, and is never silent about NaN")
  func exponential() throws {
    var index: Int32 = 0
    while let kernels = ckernels_float_variant(index) {
      let arguments = stride(from: Float(-85), to: 85, by: 0.0371).map { $0 }
      var sigmoids = [Float](repeating: 0, count: arguments.count)
      var ones = arguments.map { 1 / $0 }
      var gates = arguments
      kernels.pointee.swiglu_forward(&sigmoids, &gates, &ones, arguments.count)
      for (x, sigmoid) in zip(arguments, sigmoids) {
        let exact = 1 / (1 + exp(-Double(x)))
        // Two units of the exponential, and half of one for each of the four operations around it.
        #expect(abs(Double(sigmoid) - exact) <= 4 * Double(Float.ulpOfOne) * exact)
      }
      var (gate, up, out) = (Float.nan, Float(1), Float(0))
      kernels.pointee.swiglu_forward(&out, &gate, &up, 1)
      #expect(out.isNaN)
      index += 1
    }
    #expect(index > 0)
  }

  @Test(
    "the hyperbolic tangent is within three units in the last place, and never silent about NaN")
  func hyperbolicTangent() {
    var index: Int32 = 0
    while let kernels = ckernels_float_variant(index) {
      var arguments = stride(from: Float(-12), to: 12, by: 0.00137).map { $0 }
      arguments += [0, 1e-30, -1e-6, 1e-3, 100, -3e38, .infinity, -.infinity]
      var tangents = [Float](repeating: 0, count: arguments.count)
      kernels.pointee.soft_cap_forward(&tangents, &arguments, 1, arguments.count)
      for (x, tangent) in zip(arguments, tangents) {
        let exact = tanh(Double(x))
        #expect(abs(Double(tangent) - exact) <= 3 * Double(Float.ulpOfOne) / 2 * abs(exact), "\(x)")
      }
      var (x, out) = (Float.nan, Float(1))
      kernels.pointee.soft_cap_forward(&out, &x, 30, 1)
      #expect(out.isNaN)
      index += 1
    }
    #expect(index > 0)
  }

  @Test("sums of squares are exact where floats would not be, and tell of what is not finite")
  func sumOfSquares() throws {
    let engine = try Engine()
    let storage = try Storage(.single, count: 100_001)
    for index in 0..<storage.count { storage.whole[index] = 1 }
    storage.whole[0] = 4096
    #expect(storage.whole.sumOfSquares(engine) == 16_777_216 + 100_000)
    for bad in [Double.nan, .infinity] {
      storage.whole[77] = bad
      #expect(!storage.whole.sumOfSquares(engine).isFinite)
    }
  }

  @Test("the largest magnitude is found wherever it is, with either sign")
  func largestMagnitude() {
    var index: Int32 = 0
    while let kernels = ckernels_float_variant(index) {
      for count in 1...35 {
        for place in 0..<count {
          var values = (0..<count).map { Float($0 % 3 - 1) }
          values[place] = place.isMultiple(of: 2) ? -7.5 : 7.5
          #expect(kernels.pointee.largest_magnitude(&values, count) == 7.5)
        }
      }
      index += 1
    }
  }

  /// Where loops meet their remainders: lengths around the lanes of every register.
  @Test("products of any size", arguments: [1, 2, 7, 16, 17, 33])
  func matrixProduct(size: Int) throws {
    guard ckernels_open_matrix_library() != nil else { return }
    var random = KeyedRandom(seed: 1, UInt64(size))
    let (m, n, k) = (size, size + 3, size + 1)
    for (transposeA, transposeB) in [(false, false), (false, true), (true, false), (true, true)] {
      var a = (0..<m * k).map { _ in Float(random.normal()) }
      var b = (0..<k * n).map { _ in Float(random.normal()) }
      var c = (0..<m * n).map { _ in Float(random.normal()) }
      let before = c
      ckernels_float().pointee.matrix_product(
        transposeA, transposeB, m, n, k, 0.5, &a, transposeA ? m : k, &b, transposeB ? k : n, 2,
        &c, n)
      for row in 0..<m {
        for column in 0..<n {
          let sum = (0..<k).reduce(0.0) { sum, i in
            let left = a[transposeA ? i * m + row : row * k + i]
            return sum + Double(left) * Double(b[transposeB ? column * k + i : i * n + column])
          }
          let expected = 0.5 * sum + 2 * Double(before[row * n + column])
          #expect(abs(Double(c[row * n + column]) - expected) < 1e-5 * Double(k + 4))
        }
      }
    }
  }
}
