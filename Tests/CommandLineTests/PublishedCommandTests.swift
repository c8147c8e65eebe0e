import Foundation
import Support
import Testing

/// `vernier recommend` without a law, as a user meets it.
@Suite struct PublishedCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func recommend(_ arguments: String...) throws -> VernierProcess {
    try VernierProcess(["recommend"] + arguments, in: folder.path)
  }

  private func json(_ process: VernierProcess) throws -> [String: Any] {
    #expect(process.status == 0, "\(process.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(process.output.utf8)) as? [String: Any])
  }

  private func law(_ id: String, _ answer: [String: Any]) throws -> [String: Any] {
    let laws = try #require(answer["laws"] as? [[String: Any]])
    return try #require(laws.first { $0["law"] as? String == id })
  }

  @Test("published laws stand side by side, with their spread and what to do")
  func text() throws {
    let result = try recommend("--params", "7B", "--tokens", "1T")
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    for text in [
      "Step Law", "DeepSeek", "Zhou et al.", "needs --anchor", "spread for AdamW", "a factor",
      "does not carry over from one recipe to another", "approximate",
    ] {
      #expect(result.output.contains(text), "no \(text)")
    }
  }

  @Test("JSON has every law with its rate, range, needs, assumptions and notes")
  func jsonKeys() throws {
    let answer = try json(
      recommend(
        "--params", "1B", "--params-kind", "non-embedding", "--tokens", "100B", "--format", "json"))
    let step = try law("step-law", answer)
    let rate = try #require(step["learning_rate"] as? Double)
    #expect(abs(rate / 1.632499e-3 - 1) < 1e-6)
    #expect(step["status"] as? String == "inside")
    let assumes = try #require(step["assumes"] as? [String: Any])
    #expect(assumes["optimizer"] as? String == "adamw")
    #expect(assumes["params"] as? String == "without embedding and head")
    let zhou = try law("zhou", answer)
    #expect(zhou["learning_rate"] is NSNull)
    #expect(zhou["needs"] as? [String] == ["--anchor"])
    let spread = try #require(answer["spread"] as? [String: Any])
    #expect(try #require(spread["ratio"] as? Double) > 3)
    #expect(answer["advice"] is String)
  }

  @Test("an anchor makes ratios answers, and several make intervals")
  func anchors() throws {
    let one = try json(
      recommend(
        "--params", "2B", "--tokens", "300B", "--anchor", "3e-4@0.98B,20.37B", "--format", "json"))
    let anchored = try #require(try law("zhou", one)["anchored"] as? [String: Any])
    let rate = try #require(anchored["learning_rate"] as? Double)
    #expect(abs(rate / 9.965036e-05 - 1) < 1e-6)
    #expect(anchored["lower"] is NSNull)
    let two = try json(
      recommend(
        "--params", "2B", "--tokens", "300B", "--anchor", "3e-4@0.98B,20.37B", "--anchor",
        "5e-4@0.2B,10B,512k", "--format", "json"))
    let both = try #require(try law("zhou", two)["anchored"] as? [String: Any])
    #expect(try #require(both["lower"] as? Double) < #require(both["upper"] as? Double))
    #expect(two["confidence"] as? Double == 0.9)
    let half = try recommend(
      "--params", "2B", "--tokens", "300B", "--anchor", "3e-4@0.98B,20.37B", "--anchor",
      "5e-4@0.2B,10B,512k", "--confidence", "0.5")
    #expect(half.output.contains("50 % interval"))
  }

  @Test("an anchor's rate moves to another batch by each rule, with what each lacks")
  func batchRules() throws {
    let arguments = [
      "recommend", "--params", "1B", "--tokens", "20B", "--batch-tokens", "2M", "--anchor",
      "3e-4@1B,20B,500k",
    ]
    func run(_ more: String...) throws -> VernierProcess {
      try VernierProcess(arguments + more, in: folder.path)
    }
    func rate(_ rule: String, _ answer: [String: Any]) throws -> Double? {
      let rules = try #require(answer["batch_rules"] as? [[String: Any]])
      let own = try #require(rules.first { $0["rule"] as? String == rule })
      return own["learning_rate"] as? Double
    }
    let bare = try json(run("--format", "json"))
    for (rule, expected) in [("square_root", 6e-4), ("linear", 1.2e-3), ("adam", 6e-4)] {
      let found = try #require(try rate(rule, bare))
      #expect(abs(found - expected) < 1e-12, "\(rule)")
    }
    #expect(try rate("surge", bare) == nil)
    // Batches as far below the peak as above it have the same rate.
    let known = try json(run("--noise-batch", "1M", "--format", "json"))
    let surge = try #require(try rate("surge", known))
    #expect(abs(surge - 3e-4) < 1e-12)
    let text = try run().output
    let parts = [
      "another batch", "6.0e-4", "0.6, 0.8, 5.0e-9", "needs the noise scale", "2405.14578",
    ]
    for part in parts {
      #expect(text.contains(part), "no \(part)")
    }
    #expect(try run("--format", "markdown").output.contains("| rule | anchor | learning rate |"))
    let none = try recommend("--params", "1B", "--tokens", "20B", "--anchor", "3e-4@1B,20B,500k")
    #expect(!none.output.contains("another batch"))
  }

  @Test("a mixture is asked about by its counts or its config")
  func mixtures() throws {
    let counts = try json(
      recommend(
        "--params", "12B", "--active-params", "1.3B", "--experts", "64/4", "--tokens", "500B",
        "--optimizer", "muon", "--format", "json"))
    let sparse = try law("moe-sparsity", counts)
    #expect(sparse["learning_rate"] is Double)
    #expect(sparse["comparable"] as? Bool == true)
    try folder.write(
      """
      {"model_type": "mixtral", "hidden_size": 4096, "num_hidden_layers": 32,
       "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336,
       "num_local_experts": 8, "num_experts_per_tok": 2,
       "vocab_size": 32000, "max_position_embeddings": 4096, "tie_word_embeddings": false}
      """, to: "config.json")
    let file = try json(
      recommend("--model", "config.json", "--tokens", "1T", "--format", "json"))
    let target = try #require(file["target"] as? [String: Any])
    #expect(target["params"] as? Double == 46_702_792_704)
    #expect(target["params_active"] as? Double == 12_879_925_248)
    #expect(target["active_share"] as? Double == 0.25)
    #expect(target["approximate"] as? [String] == [])
  }

  @Test("a table of targets has a row for each target and law")
  func targets() throws {
    try folder.write(
      "params,tokens,batch_tokens\n1B,100B,\n7B,1T,4M\n", to: "targets.csv")
    let result = try recommend("--targets", "targets.csv", "--format", "csv")
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("params,tokens,law,learning_rate,"))
    #expect((lines.count - 1).isMultiple(of: 2))
    #expect(lines.filter { $0.hasPrefix("7000000000,") }.count == (lines.count - 1) / 2)
    try folder.write("params,tokens,active_share\n1B,100B,0.5\n", to: "shares.csv")
    let shares = try recommend("--targets", "shares.csv")
    #expect(shares.status == 1)
    #expect(shares.errors.contains("shares.csv:2: active_share is for --law"))
  }

  @Test("the page has the figure's table and every law")
  func page() throws {
    let result = try recommend(
      "--params", "1B", "--tokens", "100B", "--report", "page.html")
    #expect(result.status == 0, "\(result.errors)")
    let page = try folder.read("page.html")
    #expect(page.contains("What published laws say"))
    #expect(page.contains("arXiv 2503.04715"))
    let nowhere = try recommend(
      "--params", "1B", "--tokens", "100B", "--report", "no/page.html")
    #expect(nowhere.status == 1)
    #expect(nowhere.errors.contains("--report no/page.html: there is no folder"))
  }

  @Test("Markdown is a table")
  func markdown() throws {
    let result = try recommend("--params", "1B", "--tokens", "100B", "--format", "markdown")
    #expect(result.output.contains("| law | learning rate | batch | range |"))
  }

  @Test(
    "arguments that make no sense are refused by name, with what to do",
    arguments: [
      ([], "--law LAW.json"), (["--params", "1B"], "--tokens is missing"),
      (["--params", "7", "--tokens", "1T"], "--params is 7, too few to be a count"),
      (["--params", "1B", "--tokens", "20"], "--tokens is 20, too few"),
      (
        ["--params", "1B", "--tokens", "1B", "--batch-tokens", "5B"],
        "--batch-tokens is 5B, more than the 1B tokens"
      ),
      (["--params", "1B", "--model", "m.yaml", "--tokens", "1T"], "not both"),
      (["--model", "m.yaml", "--experts", "8/2", "--tokens", "1T"], "--model has them all"),
      (["--params", "1B", "--tokens", "1T", "--active-params", "2B"], "more than --params"),
      (
        ["--params", "1B", "--tokens", "1T", "--params-kind", "active", "--active-params", "1B"],
        "leave out --active-params"
      ), (["--params", "1B", "--tokens", "1T", "--active-share", "0.5"], "--experts E/k"),
      (["--params", "1B", "--tokens", "1T", "--anchor", "3e-4"], "write it as LR@N,D"),
      (["--params", "1B", "--tokens", "1T", "--anchor", "3e-4@1B"], "write it as LR@N,D"),
      (["--params", "1B", "--tokens", "1T", "--anchor", "0@1B,20B"], "the learning rate is 0;"),
      (["--params", "1B", "--tokens", "1T", "--anchor=-1e-3@1B,20B"], "learning rate is -0.001"),
      (["--params", "1B", "--tokens", "1T", "--anchor", "x@1B,20B"], "'x' is no number"),
      (["--params", "1B", "--tokens", "1T", "--anchor", "3e-4@7,20B"], "7 params is too few"),
      (["--params", "1B", "--tokens", "1T", "--anchor", "3e-4@1B,20"], "20 tokens is too few"),
      (["--params", "1B", "--tokens", "1T", "--optimizer", "sgd"], "--optimizer"),
      (["--params", "1B", "--tokens", "1T", "--loss=-1"], "--loss is -1; give a loss"),
      (["--params", "1B", "--tokens", "1T", "--vocabulary", "0.5"], "--vocabulary is 0.5"),
      (["--params", "1B", "--tokens", "1T", "--plotly", "p.js"], "--report FILE.html"),
      (["--params", "1B", "--tokens", "1T", "--noise-batch", "1M"], "LR@N,D,B and --batch-tokens"),
      (["--targets", "t.csv", "--params", "1B"], "leave out --params"),
      (["--law", "law.json", "--model", "m.yaml"], "--model is for published laws"),
      (
        ["--law", "law.json", "--params", "1B", "--tokens", "1T", "--anchor", "1e-3@1B,20B"],
        "--anchor is for published laws"
      ),
    ] as [([String], String)])
  func refusals(arguments: [String], message: String) throws {
    let result = try VernierProcess(["recommend"] + arguments, in: folder.path)
    #expect(result.status == 64, "\(arguments): \(result.output)")
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test("a model file that is none is refused by name")
  func badModel() throws {
    try folder.write("{\"model_type\": \"llama\"}", to: "config.json")
    let result = try recommend("--model", "config.json", "--tokens", "1T")
    #expect(result.status == 1)
    #expect(result.errors.contains("config.json: no key hidden_size"))
    #expect(result.output.isEmpty)
    let none = try recommend("--model", "none.json", "--tokens", "1T")
    #expect(none.status == 1)
    #expect(none.errors.contains("none.json: no such file"))
  }
}
