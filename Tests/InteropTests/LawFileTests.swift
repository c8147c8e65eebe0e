import Foundation
import Interop
import ScalingLaws
import Support
import Testing

@Suite struct LawFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func law() throws -> LearningRateLaw {
    let scales = [5e7, 1e8, 2e8].flatMap { params in
      [1e9, 4e9].map { RunScale(params: params, tokens: $0, batchTokens: 262_144) }
    }
    let runs = PlantedLaw().runs(
      at: scales, learningRates: (0..<6).map { 2.5e-4 * Double(1 << $0) }, seed: 1)
    return try LearningRateLaw(fitting: runs, from: LawSource(file: "runs.csv", digest: nil))
  }

  @Test("a law that is written reads back the same, to the bit")
  func roundTrip() throws {
    let law = try law()
    let data = try LawFile.data(of: law)
    let path = try folder.write(String(decoding: data, as: UTF8.self), to: "law.json")
    let read = try LawFile.read(path)
    #expect(read.rate == law.rate)
    #expect(read.cells == law.cells)
    #expect(read.holdOut == law.holdOut)
    #expect(try LawFile.data(of: read) == data)
  }

  @Test("the law file says its format, version and what it was fitted on")
  func keys() throws {
    let text = String(decoding: try LawFile.data(of: try law()), as: UTF8.self)
    for key in [
      "\"format\":\"vernier-law\"", "\"version\":2", "\"params_kind\"", "\"basin\"", "\"recipe\"",
      "\"ranges\"", "\"hold_out\"", "\"draws\"", "\"noise\"", "\"warnings\"",
    ] {
      #expect(text.contains(key), "no \(key)")
    }
  }

  @Test("what is no law, of another version, or damaged is named")
  func refusals() throws {
    let missing = folder.file("none.json")
    #expect(throws: LawFileError.noFile(missing)) { try LawFile.read(missing) }
    let other = try folder.write("{\"a\": 1}", to: "other.json")
    #expect(throws: LawFileError.notALaw(other)) { try LawFile.read(other) }
    let half = try folder.write("{\"format\": \"vernier-law\", \"ver", to: "half.json")
    #expect(throws: LawFileError.notJSON(half)) { try LawFile.read(half) }
    let newer = try folder.write("{\"format\": \"vernier-law\", \"version\": 99}", to: "new.json")
    #expect(throws: LawFileError.otherVersion(newer, version: 99)) { try LawFile.read(newer) }
    let cut = try folder.write("{\"format\": \"vernier-law\", \"version\": 2}", to: "cut.json")
    do {
      _ = try LawFile.read(cut)
      Issue.record("a law without contents was read")
    } catch {
      #expect(error.description.contains("is damaged: source is missing"))
      #expect(error.description.contains("fit the runs again"))
    }
  }

  @Test(
    "a law edited by hand is refused by the name of what is wrong, never a crash or a nan",
    arguments: [
      ("rate.draws.coefficients", "[[0.1], [0.1], [0.1]]", "rate.draws"),
      ("rate.draws.cell_deviations", "[]", "rate.draws"),
      ("rate.draws.size_deviations", "[]", "rate.draws"),
      ("rate.draws.size_offsets", "[]", "rate.draws"),
      ("rate.coefficients", "[]", "rate.coefficients"),
      ("rate.size_offsets", "[]", "rate.size_offsets"),
      ("rate.terms", "[\"constant\"]", "rate.coefficients"),
      ("rate.terms", "[\"tokens\", \"params\", \"params\"]", "rate.terms"),
      ("rate.terms", "[\"constant\", \"params\", \"magic\"]", "magic"),
      ("rate.centre.params", "0", "rate.centre"),
      ("rate.centre.params", "1e-300", "rate.centre"),
      ("ranges.learning_rate.upper", "1e300", "ranges.learning_rate"),
      ("basin.shape.left", "0", "basin.shape.left"),
      ("basin.shape.right", "1e5", "basin.shape.right"),
      ("basin.depth", "-0.01", "basin.depth"),
      ("rate.measurement_error", "-1000", "measurement_error"),
      ("ranges.params.lower", "-1", "ranges.params"), ("cells", "[]", "cells are empty"),
      ("hold_out.cells", "[]", "hold_out.cells are empty"),
      ("hold_out.constant_rate", "0", "hold_out.constant_rate"),
    ])
  func edited(path: String, value: String, named: String) throws {
    let data = try LawFile.data(of: try law())
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let edited = try replacing(
      path.split(separator: ".").map(String.init)[...], of: root,
      with: JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed))
    let file = folder.file("edited.json")
    try JSONSerialization.data(withJSONObject: edited).write(to: URL(fileURLWithPath: file))
    do {
      _ = try LawFile.read(file)
      Issue.record("\(path) = \(value) was accepted")
    } catch {
      #expect(error.description.contains("is damaged"))
      #expect(error.description.contains(named), "\(error)")
    }
  }

  @Test("a cell edited by hand is refused too", arguments: ["params", "value", "lower"])
  func editedCell(key: String) throws {
    let text = String(decoding: try LawFile.data(of: try law()), as: UTF8.self)
    let cells = try #require(text.range(of: "\"cells\":["))
    let place = try #require(text.range(of: "\"\(key)\":", range: cells.upperBound..<text.endIndex))
    let file = try folder.write(
      text.replacingCharacters(in: place, with: "\"\(key)\":-"), to: "edited.json")
    do {
      _ = try LawFile.read(file)
      Issue.record("a negative \(key) was accepted")
    } catch {
      #expect(error.description.contains("is damaged: cells[0]"), "\(error)")
    }
  }

  private func replacing(
    _ path: ArraySlice<String>, of object: [String: Any], with value: Any
  ) throws -> [String: Any] {
    var object = object
    let key = try #require(path.first)
    let isLast = path.count == 1
    let old = try #require(object[key], "no \(key) to edit")
    object[key] =
      isLast
      ? value
      : try replacing(path.dropFirst(), of: try #require(old as? [String: Any]), with: value)
    return object
  }
}
