import Foundation
import Runs
import Support
import Testing
import Training

@Suite struct SafetensorsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Numbers that a conversion on the way would change.
  private static let awkward: [Float] = [
    0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude.nextDown, .greatestFiniteMagnitude,
    .infinity, -.infinity, .nan, Float(bitPattern: 0x7fc0_1234), Float(bitPattern: 0xff80_0001),
    0.1, -1.5,
  ]

  private func bits(_ scalars: [Float]) -> [UInt32] { scalars.map(\.bitPattern) }

  private func write(_ bytes: [UInt8], to name: String) throws -> String {
    try FileBytes.write(bytes, to: folder.file(name))
    return folder.file(name)
  }

  /// A file of this header and as many bytes of data, as the format has it.
  private func write(header: String, dataBytes: Int, to name: String = "file") throws -> String {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) }
    return try write(length + header.utf8 + (0..<dataBytes).map { UInt8($0 % 256) }, to: name)
  }

  private func bytes(of name: String) throws -> [UInt8] {
    try FileBytes.read(folder.file(name))
  }

  @Test("numbers read back as they were written, to the bit")
  func roundTrip() throws {
    let matrix = (0..<35).map { Float($0).squareRoot() }
    _ = try matrix.withUnsafeBufferPointer { memory in
      try SafetensorsFile.write(
        [
          NamedTensor(name: "z.weight", shape: [5, 7], memory: memory),
          NamedTensor(name: "a.scale", shape: [], scalars: [3]),
          NamedTensor(name: "m.none", shape: [4, 0], scalars: []),
          NamedTensor(name: "a/\"ß\"", shape: [12], scalars: Self.awkward),
        ], metadata: ["step": "17", "text": "a \"quote\"\n"], to: folder.file("file"))
    }
    let file = try SafetensorsFile(path: folder.file("file"))
    #expect(file.names == ["z.weight", "a.scale", "m.none", "a/\"ß\""])
    #expect(file.names.map { file.shape(of: $0) } == [[5, 7], [], [4, 0], [12]])
    #expect(file.shape(of: "other") == nil)
    #expect(file.metadata == ["step": "17", "text": "a \"quote\"\n"])
    #expect(try file.scalars(of: "z.weight") == matrix)
    #expect(try file.scalars(of: "a.scale") == [3])
    #expect(try file.scalars(of: "m.none") == [])
    #expect(try bits(file.scalars(of: "a/\"ß\"")) == bits(Self.awkward))
    var memory = [Float](repeating: 1, count: 12)
    try memory.withUnsafeMutableBufferPointer {
      try file.read("a/\"ß\"", shape: [12], into: $0)
    }
    #expect(bits(memory) == bits(Self.awkward))
  }

  @Test("the bytes are those of the format")
  func layout() throws {
    let seal = try SafetensorsFile.write(
      [
        NamedTensor(name: "b", shape: [2], scalars: [1, -2]),
        NamedTensor(name: "a", shape: [1, 1], scalars: [0.5]),
      ], metadata: ["k": "v"], to: folder.file("file"))
    let header =
      #"{"__metadata__":{"k":"v"},"a":{"data_offsets":[8,12],"dtype":"F32","shape":[1,1]},"#
      + #""b":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}}"#
    let padding = (8 - header.utf8.count % 8) % 8
    let length = UInt8(header.utf8.count + padding)
    let expected =
      [length, 0, 0, 0, 0, 0, 0, 0] + header.utf8 + [UInt8](repeating: 32, count: padding)
      + [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f]
    #expect(try bytes(of: "file") == expected)
    #expect(seal.bytes == expected.count)
    #expect(seal.digest == Digest(of: expected))
  }

  @Test("data begin at a multiple of eight bytes", arguments: 1...9)
  func alignment(nameLength: Int) throws {
    let name = String(repeating: "x", count: nameLength)
    try SafetensorsFile.write(
      [NamedTensor(name: name, shape: [2], scalars: [1, 2])], to: folder.file("file"))
    #expect(try bytes(of: "file").count % 8 == 0)
    #expect(try SafetensorsFile(path: folder.file("file")).scalars(of: name) == [1, 2])
  }

  @Test("a file larger than the pieces it is written in is whole")
  func large() throws {
    let scalars = (0..<700_001).map { Float($0) }
    let seal = try SafetensorsFile.write(
      [NamedTensor(name: "a", shape: [700_001], scalars: scalars)], to: folder.file("file"))
    #expect(try Digest(ofFile: folder.file("file")) == seal.digest)
    #expect(try SafetensorsFile(path: folder.file("file")).scalars(of: "a") == scalars)
  }

  @Test("a file as another program may write it is read")
  func foreign() throws {
    let header =
      "{ \"\\u0062\" : {\"shape\":[1],\"dtype\":\"F32\",\"data_offsets\":[4,8]},\n"
      + "\"a\":{\"data_offsets\":[0,4],\"shape\":[1,1],\"dtype\":\"F32\"},"
      + "\"__metadata__\":{\"format\":\"pt\"} }   "
    let file = try SafetensorsFile(path: write(header: header, dataBytes: 8))
    #expect(file.names == ["a", "b"])
    #expect(file.metadata == ["format": "pt"])
    #expect(try bits(file.scalars(of: "b")) == [0x0706_0504])
    #expect(try SafetensorsFile(path: write(header: "{}", dataBytes: 0)).names.isEmpty)
  }

  private static func entry(_ name: String, _ shape: String, _ offsets: String) -> String {
    "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  @Test(
    "a header that contradicts itself or the file is refused by what is wrong",
    arguments: [
      ("[]", "no JSON object"), ("  {}", "no JSON object"), ("{\u{0}}", "no JSON object"),
      ("{\"a\":1}", "a is of the wrong kind"), ("{\"a\":{}", "not valid JSON"),
      ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "a.data_offsets is missing"),
      ("{\"__metadata__\":{\"a\":1},\(entry("a", "[2]", "[0,8]"))}", "__metadata__.a"),
      ("{\"a\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]}}", "dtype BF16"),
      ("{\"a\":{\"dtype\":\"F3\",\"shape\":[4],\"data_offsets\":[0,8]}}", "dtype F3"),
      ("{\(entry("a", "[2]", "[0,4]"))}", "tensor a of shape [2] cannot have 4 bytes"),
      ("{\(entry("a", "[-1,-2]", "[0,8]"))}", "tensor a of shape [-1, -2]"),
      ("{\(entry("a", "[4611686018427387906]", "[0,8]"))}", "tensor a of shape"),
      ("{\(entry("a", "[1e30]", "[0,8]"))}", "not valid JSON"),
      ("{\(entry("a", "[0.5]", "[0,2]"))}", "not valid JSON"),
      ("{\(entry("a", "[2]", "[0,8,9]"))}", "data_offsets [0, 8, 9]"),
      ("{\(entry("a", "[2]", "[]"))}", "data_offsets []"),
      ("{\(entry("a", "[2]", "[-8,0]"))}", "data_offsets [-8, 0]"),
      ("{\(entry("a", "[0]", "[0,-8]"))}", "data_offsets [0, -8]"),
      ("{\(entry("a", "[1]", "[4,8]"))}", "tensor a has data_offsets [4, 8], but"),
      ("{\(entry("a", "[1]", "[0,4]"))}", "8 bytes of data, but its tensors have 4"),
      ("{\(entry("a", "[3]", "[0,12]"))}", "8 bytes of data, but its tensors have 12"),
      ("{\(entry("a", "[2]", "[0,8]")),\(entry("b", "[1]", "[4,8]"))}", "tensor b has data_off"),
      ("{\(entry("a", "[2]", "[0,8]")),\(entry("b", "[2]", "[0,8]"))}", "tensor b has data_off"),
      ("{}", "8 bytes of data, but its tensors have 0"),
    ])
  func badHeader(header: String, problem: String) throws {
    let path = try write(header: header, dataBytes: 8)
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
    let text = try #require(error).description
    #expect(text.hasPrefix(path) && text.contains(problem), "\(text)")
  }

  @Test("a header that is longer than the file or than any header is not read")
  func headerLength() throws {
    for (bytes, length) in [
      ([3, 0, 0, 0, 0, 0, 0, 0, 123, 125], 3), ([UInt8](repeating: 255, count: 64), UInt64.max),
    ] as [([UInt8], UInt64)] {
      let path = try write(bytes, to: "file")
      let error = SafetensorsError.headerLength(path, bytes: length, limit: bytes.count - 8)
      #expect(throws: error) { try SafetensorsFile(path: path) }
    }
    let path = try write([1, 225, 245, 5, 0, 0, 0, 0], to: "sparse")
    #expect(truncate(path, 200_000_000) == 0)
    let error = SafetensorsError.headerLength(path, bytes: 100_000_001, limit: 100_000_000)
    #expect(throws: error) { try SafetensorsFile(path: path) }
  }

  @Test("a file that was cut or added to anywhere is refused")
  func everyLength() throws {
    try SafetensorsFile.write(
      [
        NamedTensor(name: "a", shape: [3], scalars: [1, 2, 3]),
        NamedTensor(name: "b", shape: [2, 2], scalars: [1, 2, 3, 4]),
      ], to: folder.file("whole"))
    let bytes = try bytes(of: "whole")
    for length in bytes.indices {
      let path = try write([UInt8](bytes[..<length]), to: "cut")
      #expect(throws: SafetensorsError.self, "\(length) bytes") { try SafetensorsFile(path: path) }
    }
    let path = try write(bytes + [0], to: "longer")
    #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
  }

  /// Replaces, removes, doubles and inserts bytes of the header, most of them of JSON's own.
  @Test("a file with a header of chance is read or refused, never a crash", arguments: 0..<4)
  func mutations(seed: UInt64) throws {
    try SafetensorsFile.write(
      [
        NamedTensor(name: "blocks.0", shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6]),
        NamedTensor(name: "blocks.1", shape: [2], scalars: [7, 8]),
      ], metadata: ["step": "1"], to: folder.file("whole"))
    let whole = try bytes(of: "whole")
    let header = [UInt8](whole[8..<whole.count - 32])
    let alphabet = [UInt8]("{}[]\",:\\0123456789-+.eE tfnu\u{1}\u{7f}".utf8) + [0, 0x80, 0xff]
    var random = KeyedRandom(seed: seed)
    var refused = 0
    for _ in 0..<500 {
      var mutated = header
      for _ in 0...random.index(below: 4) {
        let place = random.index(below: mutated.count)
        let byte = alphabet[random.index(below: alphabet.count)]
        switch random.index(below: 5) {
        case 0: mutated[place] = byte
        case 1: mutated.remove(at: place)
        case 2: mutated.insert(byte, at: place)
        case 3: mutated.removeSubrange(place..<min(mutated.count, place + random.index(below: 20)))
        default: mutated.insert(contentsOf: mutated[place...].prefix(30), at: place)
        }
        if mutated.isEmpty { mutated = header }
      }
      let length = withUnsafeBytes(of: UInt64(mutated.count).littleEndian) { [UInt8]($0) }
      let path = try write(length + mutated + whole.suffix(32), to: "mutated")
      do {
        let file = try SafetensorsFile(path: path)
        let numbers = try file.names.reduce(0) { try $0 + file.scalars(of: $1).count }
        #expect(numbers == 8, "seed \(seed): \(String(decoding: mutated, as: UTF8.self))")
      } catch let error as SafetensorsError {
        #expect(error.description.hasPrefix(path))
        refused += 1
      }
    }
    #expect(refused > 300, "of 500 headers only \(refused) were refused")
  }

  @Test("a tensor of another name or shape is refused by both")
  func otherModel() throws {
    let path = folder.file("file")
    try SafetensorsFile.write(
      [NamedTensor(name: "blocks.0.key", shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6])], to: path)
    let file = try SafetensorsFile(path: path)
    #expect(
      throws: SafetensorsError.noTensor(path, tensor: "blocks.0.keys", nearest: "blocks.0.key")
    ) { try file.scalars(of: "blocks.0.keys") }
    var memory = [Float](repeating: 0, count: 6)
    let error = SafetensorsError.otherShape(
      path, tensor: "blocks.0.key", found: [2, 3], expected: [3, 2])
    memory.withUnsafeMutableBufferPointer { memory in
      _ = #expect(throws: error) { try file.read("blocks.0.key", shape: [3, 2], into: memory) }
    }
    #expect(memory == [0, 0, 0, 0, 0, 0])
  }

  @Test("what is no file, or is there already, is named")
  func files() throws {
    let path = folder.file("file")
    #expect(throws: FileError.missing(path)) { try SafetensorsFile(path: path) }
    #expect(throws: FileError.notAFile(folder.path)) { try SafetensorsFile(path: folder.path) }
    try folder.write("precious", to: "file")
    let error = #expect(throws: FileError.self) { try SafetensorsFile.write([], to: path) }
    #expect(try #require(error).description.hasPrefix("\(path): cannot be written (File exists)"))
    #expect(try folder.read("file") == "precious")
  }

  @Test("a file that is cut while it is open is noticed")
  func shortened() throws {
    let path = folder.file("file")
    try SafetensorsFile.write([NamedTensor(name: "a", shape: [2], scalars: [1, 2])], to: path)
    let file = try SafetensorsFile(path: path)
    let bytes = try bytes(of: "file").count
    #expect(truncate(path, off_t(bytes - 4)) == 0)
    #expect(throws: FileError.shortened(path, bytes: bytes - 4)) { try file.scalars(of: "a") }
  }
}
