import Foundation
import ScalingLaws
import Testing

@Suite struct PublishedDocumentationTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Documentation/published-laws.md")
  private static let mark =
    "<!-- the laws below are written by the tests: "
    + "VERNIER_WRITE_DOCUMENTATION=1 swift test --filter PublishedDocumentationTests -->\n"

  @Test("the page of published laws says what the program knows of them")
  func page() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let parts = text.components(separatedBy: Self.mark)
    try #require(parts.count == 2, "the page has lost the mark that the laws follow")
    let expected = parts[0] + Self.mark + "\n" + PublishedLaw.markdown + "\n"
    if ProcessInfo.processInfo.environment["VERNIER_WRITE_DOCUMENTATION"] == "1" {
      try Data(expected.utf8).write(to: Self.page)
    }
    let written = try String(contentsOf: Self.page, encoding: .utf8)
    #expect(written == expected, "write it anew with VERNIER_WRITE_DOCUMENTATION=1")
  }
}
