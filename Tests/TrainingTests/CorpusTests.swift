import Foundation
import Runs
import Support
import Testing
import Training

@Suite struct CorpusTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to name: String) throws {
    let file = URL(fileURLWithPath: folder.file(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func text(_ corpus: ByteCorpus) -> String {
    String(decoding: corpus.tokens(0..<corpus.count).map { UInt8($0) }, as: UTF8.self)
  }

  private func error(opening name: String) -> CorpusError? {
    #expect(throws: CorpusError.self) { try ByteCorpus(path: folder.file(name)) }
  }

  @Test("the tokens of a file are its bytes")
  func file() throws {
    let bytes = (1...255).map { UInt8($0) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file("all.txt")))
    let corpus = try ByteCorpus(path: folder.file("all.txt"))
    #expect(corpus.count == 255)
    #expect(corpus.tokens(0..<255) == (1...255).map { Int32($0) })
    #expect(corpus.tokens(7..<9) == [8, 9])
    #expect(corpus.tokens(255..<255).isEmpty)
  }

  @Test("a folder is its files in the byte order of their paths, hidden ones left out")
  func folders() throws {
    for (name, text) in [
      ("data/b.txt", "second "), ("data/a/z.txt", "first "), ("data/b/deep/er.txt", "third "),
      ("data/é.txt", "last"), ("data/empty.txt", ""), ("data/.git/config", "hidden"),
      ("data/.DS_Store", "hidden"), ("data/b/.cache", "hidden"),
    ] {
      try write(text, to: name)
    }
    let corpus = try ByteCorpus(path: folder.file("data"))
    #expect(text(corpus) == "first second third last")
    #expect(try text(ByteCorpus(path: folder.file("data/"))) == text(corpus))
  }

  @Test("tokens are read across the ends of files, as if there were none")
  func acrossFiles() throws {
    let pieces = ["a", "", "bc", "def", "g", "", "hijklmno", "p"]
    for (index, piece) in pieces.enumerated() { try write(piece, to: "data/\(index)") }
    try write(pieces.joined(), to: "joined")
    let corpus = try ByteCorpus(path: folder.file("data"))
    let joined = try ByteCorpus(path: folder.file("joined"))
    #expect(corpus.count == joined.count)
    for first in 0...joined.count {
      for end in first...joined.count {
        #expect(corpus.tokens(first..<end) == joined.tokens(first..<end))
      }
    }
  }

  @Test("a file's digest is that of its bytes")
  func fileDigest() throws {
    try write("some text", to: "a.txt")
    let path = folder.file("a.txt")
    #expect(try ByteCorpus(path: path).digest() == Digest(of: Array("some text".utf8)))
  }

  @Test("a folder's digest depends on names, cuts and text, not on the place")
  func folderDigest() throws {
    func digest(_ files: [String: String], in place: String) throws -> Digest {
      for (name, text) in files { try write(text, to: "\(place)/\(name)") }
      return try ByteCorpus(path: folder.file(place)).digest()
    }
    let files = ["a/x.txt": "one", "b.txt": "two"]
    let original = try digest(files, in: "original")
    #expect(try digest(files, in: "other/place") == original)
    let others: [[String: String]] = [
      ["a/x.txt": "one", "c.txt": "two"], ["a/x.txt": "onet", "b.txt": "wo"],
      ["a/x.txt": "one", "b.txt": "twO"], ["a/x.txt": "one", "b.txt": "two", "empty": ""],
    ]
    for (index, other) in others.enumerated() {
      #expect(try digest(other, in: "other\(index)") != original, "\(other)")
    }
  }

  @Test("what is not there, empty or no file is named")
  func noText() throws {
    #expect(error(opening: "none.txt") == .missing(folder.file("none.txt")))
    #expect(throws: CorpusError.missing("")) { try ByteCorpus(path: "") }
    try write("", to: "empty.txt")
    #expect(error(opening: "empty.txt") == .emptyFile(folder.file("empty.txt")))
    try write("", to: "empty/a.txt")
    try write("hidden", to: "empty/.a.txt")
    #expect(error(opening: "empty") == .emptyFolder(folder.file("empty")))
    #expect(throws: CorpusError.notAFile("/dev/null")) { try ByteCorpus(path: "/dev/null") }
  }

  @Test("a pipe is refused at once, not waited for")
  func pipe() throws {
    try write("text", to: "data/a.txt")
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    #expect(mkfifo(folder.file("data/pipe"), 0o600) == 0)
    #expect(error(opening: "pipe") == .notAFile(folder.file("pipe")))
    #expect(error(opening: "data") == .notAFile(folder.file("data/pipe")))
  }

  @Test("the corpus may be a link, but none is in its folder", arguments: ["a.txt", "../out.txt"])
  func links(target: String) throws {
    try write("inside", to: "data/a.txt")
    try write("outside", to: "out.txt")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "data")
    #expect(try text(ByteCorpus(path: folder.file("link"))) == "inside")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("data/z.txt"), withDestinationPath: target)
    #expect(error(opening: "data") == .link(folder.file("data/z.txt")))
    #expect(try ByteCorpus(path: folder.file("data/z.txt")).count > 0)
  }

  @Test("a file with a NUL byte is no text, alone or in a folder", arguments: [0, 5, 65_535])
  func binary(byte: Int) throws {
    var bytes = [UInt8](repeating: 65, count: 100_000)
    bytes[byte] = 0
    try write("text", to: "data/a.txt")
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file("data/b.bin")))
    let expected = CorpusError.binary(folder.file("data/b.bin"), byte: byte)
    #expect(error(opening: "data/b.bin") == expected)
    #expect(error(opening: "data") == expected)
  }

  @Test("a file without permission is named", .enabled(if: geteuid() != 0, "root may read all"))
  func noPermission() throws {
    try write("text", to: "data/a.txt")
    #expect(chmod(folder.file("data/a.txt"), 0) == 0)
    let error = try #require(self.error(opening: "data"))
    #expect("\(error)".hasPrefix("\(folder.file("data/a.txt")): cannot be read"))
  }

  @Test("too many files for one process are refused by their number")
  func tooManyFiles() throws {
    try write("a", to: "data/0")
    for index in 1...ByteCorpus.maximumFiles {
      link(folder.file("data/0"), folder.file("data/\(index)"))
    }
    #expect(
      error(opening: "data")
        == .tooManyFiles(folder.file("data"), limit: ByteCorpus.maximumFiles))
  }

  @Test("a file that changes while it is open is noticed", arguments: ["longer text", "TEXT"])
  func changed(text: String) throws {
    try write("text", to: "data/a.txt")
    let corpus = try ByteCorpus(path: folder.file("data"))
    try corpus.requireUnchanged()
    let file = try #require(FileHandle(forWritingAtPath: folder.file("data/a.txt")))
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
    #expect(throws: CorpusError.changed(folder.file("data/a.txt"))) {
      try corpus.requireUnchanged()
    }
    #expect(throws: CorpusError.changed(folder.file("data/a.txt"))) { try corpus.digest() }
  }

  @Test("a file that is replaced or removed is noticed, and its text can still be read")
  func replaced() throws {
    try write("text", to: "a.txt")
    let corpus = try ByteCorpus(path: folder.file("a.txt"))
    try write("TEXT", to: "b.txt")
    #expect(rename(folder.file("b.txt"), folder.file("a.txt")) == 0)
    #expect(throws: CorpusError.changed(folder.file("a.txt"))) { try corpus.requireUnchanged() }
    #expect(unlink(folder.file("a.txt")) == 0)
    #expect(throws: CorpusError.changed(folder.file("a.txt"))) { try corpus.requireUnchanged() }
    #expect(text(corpus) == "text")
  }

  @Test("messages name the file and say what to do")
  func messages() {
    let errors: [CorpusError] = [
      .missing("a.txt"), .unreadable("a.txt", reason: "Permission denied"), .notAFile("a.txt"),
      .link("a.txt"), .emptyFile("a.txt"), .emptyFolder("a.txt"),
      .tooManyFiles("a.txt", limit: 30_000), .binary("a.txt", byte: 17),
      .tooShort("a.txt", tokens: 128, sequenceLength: 128), .changed("a.txt"),
      .sharedFile(validation: "a.txt", training: "data/a.txt"),
      .sharedContent(validation: "a.txt", training: "data/b.txt"),
    ]
    for error in errors {
      #expect("\(error)".hasPrefix("a.txt"))
      #expect("\(error)".contains("; "))
    }
    #expect("\(errors[8])".contains("128 tokens, but sequences of 128 need at least 129"))
  }
}
