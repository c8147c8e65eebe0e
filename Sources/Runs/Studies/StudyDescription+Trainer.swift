extension StudyDescription {
  /// What trains the runs.
  package enum Trainer: Hashable, Sendable {
    case builtin
    /// A program of the user's: its argument vector, and the log it leaves and that log's format.
    case command(argv: [String], log: String, format: String)
  }
}

extension StudyDescription.Trainer {
  enum Kind: String, CaseIterable, Codable {
    case builtin, command
  }

  init(_ value: YAMLValue) throws(DescriptionError) {
    let fields = try YAMLFields(value, known: ["kind", "argv", "log", "format"])
    switch try fields.required("kind").choice(of: Kind.self) {
    case .builtin:
      try fields.allow(only: ["kind"], for: "the builtin trainer")
      self = .builtin
    case .command:
      var argv: [String] = []
      for word in try fields.required("argv").list() { argv.append(try word.text()) }
      self = .command(
        argv: argv, log: try fields.required("log").text(),
        format: try fields.required("format").text())
    }
  }
}
