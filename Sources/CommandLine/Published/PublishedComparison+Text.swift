import Runs
import ScalingLaws

extension PublishedComparison {
  /// The comparison for a person at a terminal.
  var text: String {
    let notes = NumberedNotes(self)
    var parts = [targetText, TextTable(headings, answers.map { row($0, notes) }).text]
    parts.append(spreadLines.joined(separator: "\n"))
    parts.append(advice)
    if let batchText { parts.append(batchText) }
    parts.append(notes.lines.joined(separator: "\n"))
    return parts.joined(separator: "\n\n")
  }

  /// The comparison as Markdown.
  var markdown: String {
    let notes = NumberedNotes(self)
    let rows = [headings, headings.map { _ in "---" }] + answers.map { row($0, notes) }
    let table = rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    var parts = [
      targetText, table, spreadLines.map { "- \($0)" }.joined(separator: "\n"), advice,
    ]
    if let batchMarkdown { parts.append(batchMarkdown) }
    parts.append(notes.lines.map { "- \($0)" }.joined(separator: "\n"))
    return parts.joined(separator: "\n\n")
  }

  /// The target in one line.
  private var targetText: String {
    let model = target.model
    var words = ["target"]
    if let total = model.total {
      words.append("\(Quantity.format(total.value)) params")
    }
    if model.isMixture, let active = model.active {
      words.append("(\(Quantity.format(active.value)) active)")
    }
    words.append("on \(Quantity.format(target.tokens)) tokens for \(target.optimizer.words);")
    if let body = model.nonEmbedding, body.caveat == nil {
      words.append("\(Quantity.format(body.value)) without embedding and head;")
    }
    words.append(
      target.compute.map {
        "\(Quantity.operations($0.value)) FLOPs without embedding\($0.caveat == nil ? "" : ", approximate")"
      } ?? "compute not known")
    return words.joined(separator: " ")
  }

  private var headings: [String] {
    let anchored =
      anchors.isEmpty ? [] : ["at anchor", "\(Quantity.format(100 * confidence)) % interval"]
    return ["law", "learning rate"] + anchored + ["batch", "range", "made for", "notes"]
  }

  private func row(_ answer: PublishedAnswer, _ notes: NumberedNotes) -> [String] {
    let interval = answer.anchored.flatMap { anchored in
      anchored.lower.flatMap { lower in
        anchored.upper.map {
          "\(Quantity.learningRate(lower)) to \(Quantity.learningRate($0))"
        }
      }
    }
    let anchored =
      anchors.isEmpty
      ? [] : [answer.anchored.map { Quantity.learningRate($0.value) } ?? "-", interval ?? "-"]
    return [
      answer.law.name, answer.learningRate.map { Quantity.learningRate($0) } ?? "-",
    ] + anchored + [
      answer.batchTokens.map(Quantity.format) ?? "-", answer.rangeWords,
      "\(answer.law.optimizer.words), \(answer.law.modelClass.short)",
      notes.numbers(of: answer.law).map(String.init).joined(separator: " "),
    ]
  }

  private var spreadLines: [String] {
    func line(_ what: String, _ spread: Spread) -> String {
      "\(what): \(Quantity.learningRate(spread.lower)) to \(Quantity.learningRate(spread.upper)), a factor "
        + "\(Self.factor(spread.ratio)) between \(spread.laws.count.counted("law"))"
    }
    var lines: [String] = []
    if let all { lines.append(line("spread for \(target.optimizer.words)", all)) }
    lines.append(
      inside.map { line("of laws for such a model, inside their range", $0) }
        ?? "of laws for such a model, inside their range: none")
    if let anchored {
      lines.append(line("fitted to the anchor\(anchors.count == 1 ? "" : "s")", anchored))
    }
    return lines
  }
}

extension PublishedAnswer {
  /// Whether there is anything to doubt: a value, or the reason why there is none.
  fileprivate var hasAnswer: Bool {
    status == .noAnswer || (bestRate ?? batchTokens ?? timescale?.value) != nil
  }

  /// Where the target lies for the law, in a few words.
  var rangeWords: String {
    switch status {
    case .inside: return "inside"
    case .outside:
      let outside = decades.filter { abs($0.decades) > 0.005 }
      return outside.map { place in
        let sign = place.decades > 0 ? "+" : ""
        return "\(place.quantity.symbol) \(sign)\(place.decades.rounded(places: 1))"
      }.joined(separator: ", ") + " decades"
    case .rangeNotStated: return "not stated"
    case .needs: return "needs \(needs.joined(separator: ", "))"
    case .noAnswer: return "no answer"
    }
  }
}

extension PublishedModelClass {
  fileprivate var short: String {
    self == .mixture ? "MoE" : self == .dense ? "dense" : "model not stated"
  }
}

/// The notes of all laws, each said once with its number.
private struct NumberedNotes {
  private var messages: [String] = []
  private var laws: [[String]] = []

  init(_ comparison: PublishedComparison) {
    // What a law without an answer needs stands in its row.
    for answer in comparison.answers where answer.hasAnswer {
      for note in answer.notes {
        let index = messages.firstIndex(of: note.message) ?? messages.count
        if index == messages.count {
          messages.append(note.message)
          laws.append([])
        }
        laws[index].append(answer.law.name)
      }
    }
  }

  func numbers(of law: PublishedLaw) -> [Int] {
    laws.indices.filter { laws[$0].contains(law.name) }.map { $0 + 1 }
  }

  var lines: [String] {
    zip(messages, laws).enumerated().map { index, note in
      "\(index + 1) \(note.1.joined(separator: ", ")): \(note.0)"
    }
  }
}
