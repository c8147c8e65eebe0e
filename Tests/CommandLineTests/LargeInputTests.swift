import Foundation
import Support
import Testing

/// Slow: writes and reads a gigabyte.
@Suite(.tags(.slow)) struct LargeInputTests {
  @Test("a table of a gigabyte is fitted in bounded memory")
  func gigabyte() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("wide.csv")
    try folder.write("", to: "wide.csv")
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.write(contentsOf: Data("params,tokens,learning_rate,loss,config\n".utf8))
    let filler = String(repeating: "{\"\"a\"\": 1, \"\"b\"\": 2}\n", count: 4000)
    for row in 0..<12_500 {
      let tokens = 1e9 + 1e8 * Double(row / 10)
      let rate = 1e-4 * pow(2, Double(row % 10))
      let z = log(rate / 1.6e-3)
      let fields = "1e8,\(tokens),\(rate),\(3 + 0.03 * z * z),\"\(filler)\"\n"
      try file.write(contentsOf: Data(fields.utf8))
    }
    try file.close()
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(try #require(size) > 1_000_000_000)

    let result = try VernierProcess(
      ["fit", "wide.csv", "--output", "law.json"], in: folder.path, memoryLimit: 800_000_000)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("12500 runs"))
  }
}

extension Tag {
  @Tag static var slow: Self
}
