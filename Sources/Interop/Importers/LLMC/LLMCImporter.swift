/// Reads what llm.c writes to `main.log`, and what it prints.
package struct LLMCImporter: RunImporter {
  package init() {}

  package let kind = "llmc"
  package let reads = "main.log or standard output of llm.c"
  package let names = FieldNames(settings: Self.settings, metrics: Self.metrics)

  package func recognizes(_ file: LogFile) -> Bool { StandardOutputTool.llmC.wrote(file) }

  /// A run's standard output tells all that its `main.log` beside it does, and its settings.
  package func places(among files: [LogFile]) -> [LogPlace] {
    let folders = Dictionary(grouping: files, by: \.folder)
    return files.filter { file in
      file.name != Self.logName
        || folders[file.folder]?.contains { $0.name != Self.logName } != true
    }.map { LogPlace(path: $0.path, files: [$0.path]) }
  }

  private static let logName = "main.log"

  package func reader(
    of place: LogPlace, keeping keeps: @escaping @Sendable (String) -> Bool
  ) throws(ImportError) -> any RunReader {
    // Every run's log is called `main.log`: what differs is its folder.
    let parts = place.path.split(separator: "/")
    let folder =
      parts.last == Substring(Self.logName) ? parts.dropLast().last.map(String.init) : nil
    return try TextLogReader(place, LLMCLines(), named: folder, keeping: keeps)
  }

  /// Names of rows of the tables that it prints.
  private static let settings: [String: [SettingName]] = [
    "params_total": ["num_parameters"],
    "width": ["channels C"],
    "layers": ["num_layers L"],
    "heads": ["num_heads NH"],
    "vocabulary": ["padded_vocab_size Vp", "vocab_size V"],
    "sequence_length": ["sequence length T"],
    "batch_tokens": ["total batch size"],
    "steps": ["train_num_batches"],
    "learning_rate": ["learning rate (LR)"],
    "schedule.kind": ["LR scheduler"],
    "schedule.floor": ["final LR fraction"],
    "warmup_steps": ["warmup iterations"],
    "weight_decay.value": ["weight decay"],
    "devices": ["num_processes"],
  ]

  /// A step's loss is the mean over its whole batch.
  private static let metrics: [CurveField: [MetricName]] = [
    .loss: [MetricName("trl", .step), MetricName("loss", .step), MetricName("train loss", .step)],
    .validationLoss: ["tel", "val loss"],
    .learningRate: ["lr"],
    .gradientNorm: ["norm"],
  ]
}
