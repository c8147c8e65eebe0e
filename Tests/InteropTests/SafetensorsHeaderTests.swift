import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct SafetensorsHeaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ header: String, length: UInt64? = nil) throws -> String {
    let bytes = Array(header.utf8)
    return try write(
      withUnsafeBytes(of: (length ?? UInt64(bytes.count)).littleEndian) { Array($0) } + bytes)
  }

  private func write(_ bytes: [UInt8]) throws -> String {
    let path = folder.file("model.safetensors")
    try Mutation.write(bytes, to: path)
    return path
  }

  private func tensor(_ name: String, _ shape: String, _ bytes: Int, _ type: String = "F32")
    -> String
  {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,\#(bytes)]}"#
  }

  @Test("weights are counted, embeddings apart, and masks not at all")
  func counts() throws {
    let tensors = [
      tensor("transformer.wte.weight", "[10,4]", 160), tensor("lm_head.weight", "[10,4]", 160),
      tensor("h.0.mlp.c_fc.weight", "[4,16]", 256), tensor("h.0.mlp.c_fc.bias", "[16]", 64),
      tensor("h.0.attn.bias", "[1,1,8,8]", 256), tensor("h.0.attention.output.weight", "[4,4]", 64),
      tensor("scale", "[]", 4), tensor("position_ids", "[1,8]", 64, "I64"),
    ]
    let header = try SafetensorsHeader(
      try write(#"{"__metadata__":{"format":"pt"},"# + tensors.joined(separator: ",") + "}"))
    #expect(header.params == 80 + 64 + 16 + 16 + 1)
    #expect(header.embeddingParams == 80)
    #expect(header.quantized == 0)
  }

  @Test(
    "lengths and shapes that lie are refused",
    arguments: [
      "[2,3]", "[-1,4]", "[1.5]", "[9223372036854775807,2]", "[4294967296,4294967296]", "4",
      "[1e300]", "[NaN]",
    ])
  func shapes(shape: String) throws {
    let path = try write("{" + tensor("a", shape, 20) + "}")
    let error = try #require(throws: ImportError.self) { try SafetensorsHeader(path) }
    #expect(error.description.contains("no tensor"))
  }

  @Test("headers that are too long, cut, or no JSON are refused")
  func lengths() throws {
    for length in [UInt64.max, 1 << 63, 1 << 26, 1, 1000] {
      let path = try write("{}  ", length: length)
      #expect(throws: ImportError.self) { try SafetensorsHeader(path) }
    }
    #expect(try SafetensorsHeader(try write("{}  ")).params == 0)
    #expect(throws: ImportError.self) { try SafetensorsHeader(try write([1, 0, 0])) }
  }

  @Test("damaged headers end in a count or an error")
  func mutations() throws {
    let path = ImporterFixtures.path("huggingface/run/model.safetensors")
    let whole = Array(try #require(FileManager.default.contents(atPath: path)).prefix(2000))
    let words: [[UInt8]] = [Array("[".utf8), Array("9223372036854775807".utf8), [0xFF, 0xFF]]
    for input in 0..<Mutation.inputs {
      var random = KeyedRandom(seed: 6, UInt64(input))
      let path = try write(Mutation.mutated(whole, words, &random))
      do throws(ImportError) { _ = try SafetensorsHeader(path) } catch { continue }
    }
  }
}
