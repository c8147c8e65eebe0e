import Foundation
import Runs
import Testing

@Suite struct DigestTests {
  /// The examples of FIPS 180-4, as NIST publishes them, and the empty message.
  @Test(
    "SHA-256 is the standard's",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func knownVectors(message: String, hex: String) {
    let digest = Digest(of: Array(message.utf8))
    #expect(digest.hex == hex)
    #expect(digest.shortID == String(hex.prefix(16)))
  }

  @Test("a file's digest is that of its bytes, however long", arguments: [0, 1, 3_000_001])
  func ofFile(length: Int) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 + $0 >> 8) }
    try Data(bytes).write(to: file)
    #expect(try Digest(ofFile: file.path) == Digest(of: bytes))
  }

  @Test("content in pieces has the digest of the whole")
  func inPieces() {
    let bytes = (0..<1000).map { UInt8($0 % 256) }
    var builder = Digest.Builder()
    #expect(builder.digest == Digest(of: []))
    bytes.withUnsafeBytes { all in
      builder.append(UnsafeRawBufferPointer(rebasing: all[..<333]))
      builder.append(UnsafeRawBufferPointer(rebasing: all[333..<333]))
      builder.append(UnsafeRawBufferPointer(rebasing: all[333...]))
    }
    #expect(builder.digest == Digest(of: bytes))
    builder.append("text ß")
    #expect(builder.digest == Digest(of: bytes + Array("text ß".utf8)))
  }

  @Test("a file that cannot be read is named", arguments: ["/nowhere/train.txt", "/"])
  func unreadableFile(path: String) throws {
    let error = #expect(throws: DigestError.self) { try Digest(ofFile: path) }
    #expect(try #require(error).description.hasPrefix("\(path): cannot be read"))
  }

  private struct Sample: Encodable {
    var width = 64
    var rates = [5e-4, 0.1, 1e-8, 16.0]
    var path = "data/train.txt"
    var byRole = ["output": 1.5, "embedding": 2.0, "hidden": 3.0]
  }

  private static let sampleJSON =
    #"{"byRole":{"embedding":2,"hidden":3,"output":1.5},"path":"data/train.txt","#
    + #""rates":[0.0005,0.1,1e-08,16],"width":64}"#

  @Test("JSON for a digest has sorted keys, plain slashes and the shortest numbers")
  func canonicalJSON() throws {
    #expect(try Digest.canonicalJSON(Sample()) == Self.sampleJSON)
  }

  /// A constant, from `sha256sum`, so that it fails if another process comes to another digest.
  @Test("a value's digest is the same in every process")
  func ofJSON() throws {
    #expect(
      try Digest(ofJSON: Sample()).hex
        == "55d1eaed52eeec67e23a8f2cc37f584b98b88f4d32503afe391b1c4a7c5cc570")
  }

  @Test(
    "numbers survive the JSON",
    arguments: [0.1 + 0.2, 1.0 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
  func doublesRoundTrip(value: Double) throws {
    let text = try Digest.canonicalJSON([value])
    #expect(try JSONDecoder().decode([Double].self, from: Data(text.utf8)) == [value])
  }

  @Test("neighbouring numbers have different digests")
  func oneUlpMatters() throws {
    #expect(try Digest(ofJSON: [3e-4]) != Digest(ofJSON: [(3e-4).nextUp]))
  }

  @Test("a number that JSON cannot write is an error", arguments: [Double.nan, .infinity])
  func notFinite(value: Double) throws {
    let error = #expect(throws: DigestError.self) { try Digest(ofJSON: [value]) }
    #expect(try #require(error).description.contains("must be finite"))
  }

  @Test("a digest is stored as its text")
  func stored() throws {
    let digest = Digest(of: [])
    let data = try JSONEncoder().encode([digest])
    #expect(String(decoding: data, as: UTF8.self) == "[\"\(digest)\"]")
    #expect(try JSONDecoder().decode([Digest].self, from: data) == [digest])
  }

  @Test("a text that is no digest is not read as one", arguments: ["", "abc", "A" + digits])
  func notADigest(text: String) throws {
    let data = Data("[\"\(text)\"]".utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([Digest].self, from: data) }
  }

  private static let digits = String(repeating: "0", count: 63)
}
