import Foundation
import Interop
import Support
import Testing

/// Slow: writes and reads a large file.
@Suite(.tags(.slow)) struct LargeTableTests {
  @Test("a table of steps is refused before it fills memory")
  func tooManyRuns() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("steps.csv")
    var text = "params,tokens,learning_rate,loss\n"
    for row in 0...RunTable.maximumRuns { text += "1e8,2e9,0.00\(row + 1),3\n" }
    try folder.write(text, to: "steps.csv")
    #expect(throws: TableError.tooManyRuns(path, limit: RunTable.maximumRuns)) {
      _ = try RunTable(path: path)
    }
  }
}

extension Tag {
  @Tag static var slow: Self
}
