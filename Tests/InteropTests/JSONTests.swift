import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct JSONTests {
  private func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

  private func value(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(JSONError) in try JSONValue(parsing: bytes) }
    }
    return try result.get()
  }

  @Test("values of every kind keep their order, and of a key given twice the last counts")
  func kinds() throws {
    let text =
      "\u{FEFF} {\"b\": [1, -2.5e1, true, null, \"x\"], \"a\": {}, \"b\": false, \"c\": []} \n"
    #expect(
      try value(text)
        == .object([
          JSONMember("b", .flag(false)), JSONMember("a", .object([])), JSONMember("c", .list([])),
        ]))
    #expect(
      try value("[1, -2.5e1, true, null, \"x\"]")
        == .list([.number(1), .number(-25), .flag(true), .null, .text("x")]))
    let wide = "{" + (0..<40).map { "\"k\($0 % 30)\":\($0)" }.joined(separator: ",") + "}"
    let members = try #require(try value(wide).members)
    #expect(members.map(\.key) == (0..<30).map { "k\($0)" })
    #expect(members[3].value == .number(33) && members[29].value == .number(29))
  }

  @Test("what Python writes for numbers that are none is read")
  func notNumbers() throws {
    let found = try value("[NaN, Infinity, -Infinity, -0.0]").elements?.compactMap(\.number) ?? []
    #expect(found.map(\.description) == ["nan", "inf", "-inf", "-0.0"])
  }

  @Test("texts are unescaped, halves of pairs mean nothing")
  func texts() throws {
    #expect(try value(#""\"\\\/\b\f\n\r\té😀ü""#).text == "\"\\/\u{8}\u{c}\n\r\té😀ü")
    #expect(try value(#""a\ud83d\ude00b""#).text == "a😀b")
    #expect(
      try value(#""\ud83dx\ude00\ud83d\u0041""#).text == "\u{FFFD}x\u{FFFD}\u{FFFD}A")
  }

  @Test("numbers are those of strtod, to the bit")
  func numbers() throws {
    var random = KeyedRandom(seed: 1, 7)
    var texts = [
      "0", "-0", "1e22", "1e23", "9007199254740993", "18446744073709551615",
      "18446744073709551616", "1.7976931348623157e308", "1e309", "5e-324", "2e-324", "1e-400",
      "0.1", "123456789012345678901234567890", "0e99999999999999999999", "1e-9999999999999999999",
      "2.2250738585072011e-308", "0.500000000000000166533453693773481063544750213623046875",
    ]
    for _ in 0..<20_000 {
      let bits = Double(bitPattern: random.next())
      if bits.isFinite { texts.append("\(bits)") }
      let digits = "\(random.next() % 10_000_000_000)"
      texts.append("\(digits).\(random.next() % 1_000_000)e\(random.index(below: 61) - 30)")
    }
    for text in texts {
      #expect(try value(text).number?.bitPattern == strtod(text, nil).bitPattern, "\(text)")
    }
  }

  @Test(
    "what is no JSON is refused at its place",
    arguments: [
      ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\":1,}", 7), ("{\"a\" 1}", 5), ("{a:1}", 1),
      ("01", 1), ("1.", 2), ("+1", 0), (".5", 0), ("1e", 2), ("- 1", 1), ("[1 2]", 3), ("tru", 3),
      ("nan", 0), ("\"a", 2), ("\"\u{1}\"", 1), (#""\x""#, 2), (#""\u12g4""#, 5), ("1 2", 2),
      ("[1]]", 3), ("'a'", 0), ("-Inf", 4), ("\u{FEFF}\u{FEFF}1", 3),
    ])
  func refusals(text: String, offset: Int) throws {
    let error = try #require(throws: JSONError.self) { try value(text) }
    #expect(error.offset == offset, "\(text): \(error)")
    #expect(error.isAtEnd == (offset == text.utf8.count), "\(text): \(error)")
  }

  @Test("bytes that are no UTF-8 and lists beyond the bound are refused")
  func hostile() throws {
    #expect(throws: JSONError.self) { try value([0x22, 0xC3, 0x28, 0x22]) }
    #expect(throws: JSONError.self) { try value([0x22, 0xED, 0xA0, 0x80, 0x22]) }
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    _ = try value(deep)
    let deeper = try #require(throws: JSONError.self) { try value("[" + deep + "]") }
    #expect(deeper.offset == 64)
    #expect(throws: JSONError.self) { try value(String(repeating: "{\"a\":", count: 1_000_000)) }
  }

  @Test("settings are flattened in order and bounded")
  func flattening() throws {
    let text = #"{"model": {"width": 64, "tied": true}, "betas": [0.9, 0.95], "x": null, "e": {}}"#
    var found: [String] = []
    try value(text).flatten(under: "config") { found.append("\($0)=\($1.text)") }
    #expect(
      found == [
        "config.model.width=64", "config.model.tied=true", "config.betas.0=0.9",
        "config.betas.1=0.95", "config.x=",
      ])
    var count = 0
    let long = "[" + Array(repeating: "1", count: 1000).joined(separator: ",") + "]"
    try value("[\(long), \(long)]").flatten(most: 1500) { _, _ in count += 1 }
    #expect(count == 1500)
  }

  @Test("lines are read as they are written, a cut one once it is whole")
  func lines() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("{\"a\":1}\r\n\n[2]\n{\"a\"", to: "log.jsonl")
    let lines = try JSONLines(path)
    #expect(try lines.next()?["a"]?.number == 1)
    #expect(try lines.next() == .list([.number(2)]))
    #expect(lines.line == 3)
    #expect(try lines.next() == nil)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(":3}\nnonsense\n{\"a\":4}".utf8))
    #expect(try lines.next()?["a"]?.number == 3)
    let error = try #require(throws: ImportError.self) { try lines.next() }
    #expect(error.description.hasPrefix("\(path), byte 22: no JSON: expected `null`"))
    #expect(try lines.next()?["a"]?.number == 4)
    try handle.write(contentsOf: Data("\n12".utf8))
    #expect(try lines.next() == nil)
    try handle.write(contentsOf: Data("3\n".utf8))
    #expect(try lines.next() == .number(123))
    #expect(try lines.next() == nil)
  }

  @Test("a line beyond the bound is refused")
  func longLine() throws {
    let folder = try TemporaryFolder()
    let text = "\"" + String(repeating: "x", count: 2_000_000) + "\"\n"
    let path = try folder.write(text, to: "log.jsonl")
    #expect(throws: ImportError.self) { try JSONLines(path, mostLineBytes: 1_000_000).next() }
    #expect(try JSONLines(path).next() != nil)
  }

  @Test("damaged texts end in an error or a value")
  func damage() throws {
    let seed = Array(
      #"{"a": [1.5e-3, -0, NaN, "x\u00e9\ud83d\ude00\n"], "b": {"c": true, "d": null}, "é": 1}"#
        .utf8)
    let words: [[UInt8]] = ["[", "{", "\"", "\\u", "e", "-", "\u{FEFF}", "1e999", ","].map {
      Array($0.utf8)
    }
    for input in 0..<Mutation.inputs {
      var random = KeyedRandom(seed: 3, UInt64(input))
      let text = Mutation.mutated(seed, words, &random)
      _ = try? value(text)
    }
  }
}
