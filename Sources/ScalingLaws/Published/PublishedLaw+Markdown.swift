extension PublishedLaw {
  /// All laws with what is known of them, as the documentation has it.
  package static var markdown: String {
    all.map(\.markdown).joined(separator: "\n\n")
  }

  private var markdown: String {
    var rows: [(String, String)] = forms.map { ($0.name, "`\($0.form.formula)`") }
    rows += [
      ("source", source.words), ("numbers", verification.rawValue), ("N counts", params.rawValue),
    ]
    if let compute { rows.append(("C is", compute)) }
    rows += [
      ("optimizer", optimizer.words), ("schedule", schedule),
      ("parametrization", parametrization.rawValue), ("models", modelClass.rawValue),
      ("batch", batchAssumption), ("weight decay", weightDecayAssumption),
      ("fitted on", rangesInWords), ("needs", needsInWords),
    ]
    let table = rows.map { "| \($0.0) | \($0.1) |" }.joined(separator: "\n")
    let remarks = cautions.map { "\n- \($0.prefix(1).uppercased() + $0.dropFirst())." }.joined()
    return "## \(name) (`\(id)`)\n\n| | |\n| --- | --- |\n\(table)"
      + (remarks.isEmpty ? "" : "\n\(remarks)")
  }

  private var rangesInWords: String {
    guard !ranges.isEmpty else { return Self.notStated }
    return ranges.map { "\($0.quantity.words) \($0.words)" }.joined(separator: ", ")
  }

  private var needsInWords: String {
    let quantities = forms.flatMap(\.form.quantities)
    var needs: [String] = []
    for quantity in PublishedQuantity.allCases where quantities.contains(quantity) {
      needs.append(quantity.words)
    }
    if needsAnchor { needs.append("an anchor") }
    return needs.isEmpty ? "nothing" : needs.joined(separator: ", ")
  }
}
