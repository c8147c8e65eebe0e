import Foundation
import Interop
import Support
import Testing

@Suite struct ImportMappingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String) throws -> ImportChoices {
    try ImportMapping.read(try folder.write(text, to: ImportMapping.fileName))
  }

  private func error(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("a file sets values, names keys and chooses the loss")
  func whole() throws {
    let choices = try read(
      """
      set: {params_total: 124M, corpus: web, tied: true, weight_decay: 0.1}
      map:
        learning_rate: optimizer.lr
        batch_tokens: "bs*2048"
        validation_loss: eval/c4
      loss: validation
      """)
    #expect(
      choices.values == [
        "params_total": "124M", "corpus": "web", "tied": "true", "weight_decay.value": "0.1",
      ])
    #expect(
      choices.keys == [
        "learning_rate": SettingName("optimizer.lr"),
        "batch_tokens": SettingName("bs", factor: 2048),
        "validation_loss": SettingName("eval/c4"),
      ])
    #expect(choices.loss == .validation)
  }

  @Test("a warm-up and a last rate may be zero, a batch may not")
  func zeros() throws {
    #expect(try read("set: {warmup_steps: 0, min_learning_rate: 0}").values.count == 2)
    #expect(error("set: {batch_sequences: 0}")?.contains("write a positive number") == true)
    #expect(error("set: {warmup_steps: -1}") != nil)
  }

  @Test(
    "each fault of a file is named, with the file",
    arguments: [
      ("", "it holds no keys; write set, map or loss"),
      ("- 1\n", "it holds no keys; write set, map or loss"),
      ("sets: {width: 1}", "there is no key sets; did you mean set?; the keys are set, map, loss"),
      ("nonsense: 1", "there is no key nonsense; the keys are set, map, loss"),
      ("set: 3", "set holds no fields; write set: {field: value}"),
      ("map: [a, b]", "map holds no fields; write map: {field: value}"),
      ("set: {witdh: 3}", "there is no field witdh; did you mean width?"),
      ("set: {width: [1]}", "set.width is no word and no number"),
      ("set: {width: }", "set.width is no word and no number"),
      ("set: {width: 1.5}", "width is '1.5'; write a whole number above zero"),
      ("set: {params: many}", "params is 'many'; write a positive number such as 7e9 or 7B"),
      ("set: {tokens: -1}", "tokens is '-1'; write a positive number such as 7e9 or 7B"),
      ("set: {status: done}", "status is 'done'; write finished, diverged, unfinished"),
      ("map: {witdh: a}", "the run record has no field witdh; did you mean width?"),
      ("map: {width: a*b}", "'b' after * is not a positive number"),
      ("loss: lowest", "loss is no choice; write automatic, validation, training"),
      ("loss: 3", "loss is no choice; write automatic, validation, training"),
      ("set: {width: 1", "no YAML"),
      ("set: &a {width: 1}", "it has anchors"),
    ])
  func faults(text: String, words: String) throws {
    let said = try #require(self.error(text))
    #expect(said.hasPrefix(folder.file(ImportMapping.fileName) + ": "))
    #expect(said.contains(words))
  }

  @Test("a file that is not there is said")
  func missing() {
    #expect(throws: ImportError.noFile(folder.file("x.yaml"))) {
      try ImportMapping.read(folder.file("x.yaml"))
    }
  }

  @Test("what is said nearer wins, field by field, under either of its names")
  func precedence() throws {
    var own = ImportChoices()
    try own.set("corpus", to: "mine", at: "--set")
    try own.set("weight_decay", to: "0.5", at: "--set")
    try own.map("width=a")
    let file = try read(
      """
      set: {corpus: theirs, seed: 3, weight_decay.value: 0.1}
      map: {width: b, layers: c}
      loss: training
      """)
    var named = ImportChoices()
    try named.map("weight_decay=wd,optimizer=opt")
    #expect(Set(named.keys.keys) == ["weight_decay.value", "optimizer.name"])
    let merged = own.merging(file)
    #expect(merged.values == ["corpus": "mine", "seed": "3", "weight_decay.value": "0.5"])
    #expect(merged.keys == ["width": SettingName("a"), "layers": SettingName("c")])
    #expect(merged.loss == .training)
    own.loss = .validation
    #expect(own.merging(file).loss == .validation)
  }

  @Test("every field that may be set is one that is known")
  func fields() {
    #expect(Set(ImportChoices.fields).count == ImportChoices.fields.count)
    for field in ["params", "tokens", "width", "optimizer.beta2", "status", "devices"] {
      #expect(ImportChoices.fields.contains(field))
    }
  }
}
