import Foundation
import ScalingLaws

/// Reads one `trainer_state.json`, again whenever it was written anew.
final class HuggingFaceReader: RunReader {
  /// A history of some million entries.
  private static let mostBytes = 512 << 20
  private static let mostSidecarBytes = 4 << 20

  private(set) var logs: [RunLog] = []

  private let path: String
  private let folder: OutputFolder
  private let keeps: @Sendable (String) -> Bool
  private var written: FileVersion?
  private var log: RunLog

  init(_ path: String, keeping keeps: @escaping @Sendable (String) -> Bool) {
    self.path = path
    self.keeps = keeps
    folder = OutputFolder(of: path)
    log = RunLog(name: folder.name, keeping: keeps)
  }

  func advance(progress: (Int) -> Void) throws(ImportError) {
    let version = FileVersion(path)
    if version != nil, version == written { return }
    log = RunLog(name: folder.name, keeping: keeps)
    defer { logs = [log] }
    try readState()
    readConfig()
    readArguments()
    readWeights()
    written = version
    progress(version?.bytes ?? 0)
  }

  /// Reads the history entry by entry, so that only one is held.
  private func readState() throws(ImportError) {
    do {
      try JSONFile.read(path, mostBytes: Self.mostBytes) { parser throws(JSONError) in
        try parser.beginObject()
        while let key = try parser.nextKey() {
          switch key {
          case "log_history":
            try parser.beginList()
            while try parser.nextElement() { add(entry: try parser.value()) }
          case "stateful_callbacks": try parser.skip()
          default: add(setting: key, try parser.value())
          }
        }
      }
    } catch .incomplete(let path, let reason) {
      log.remarks.append("\(path): \(reason)")
    }
    if log.end == .unknown, let step = log.settings["global_step"]?.value.number,
      let last = log.settings["max_steps"]?.value.number, last > 0, step >= last
    {
      log.end = .finished
    }
  }

  private func add(setting key: String, _ value: JSONValue) {
    // Without `include_num_input_tokens_seen` the count stays 0.
    if key == "num_input_tokens_seen", value.number == 0 { return }
    value.flatten(under: key) { log.set($0, $1, at: path) }
  }

  private func add(entry: JSONValue) {
    let members = entry.members ?? []
    // What train() says at its end are means of the whole run, and no point of a curve.
    if entry["train_loss"] != nil {
      for member in members where member.key.hasPrefix("train_") {
        add(setting: member.key, member.value)
      }
      log.end = .finished
      return
    }
    guard let step = entry["step"]?.number.flatMap(Int.init(exactly:)) else { return }
    for member in members where member.key != "step" {
      if let number = member.value.number { log.append(number, at: step, to: member.key) }
    }
  }
}

extension HuggingFaceReader {
  private static let noArguments =
    "batch size, weight decay and schedule are not in trainer_state.json, and training_args.bin is a "
    + "pickle, which is never opened: write TrainingArguments.to_json_string() to args.json beside "
    + "it, or give them"

  /// The first of `names` that lies beside the state, or else in the output folder.
  private func sidecar(_ names: [String]) -> String? {
    for folder in [folder.inner, folder.path] {
      for name in names where ModelWeights.isPlainFile(folder + "/" + name) {
        return folder + "/" + name
      }
    }
    return nil
  }

  private func readConfig() {
    guard let path = sidecar(["config.json"]) else { return }
    do throws(ImportError) {
      let config = try JSONFile.value(path, mostBytes: Self.mostSidecarBytes)
      config.flatten(under: "config") { log.set($0, $1, at: path) }
    } catch {
      log.remarks.append("\(error); it is passed over")
      return
    }
    do throws(ModelFileError) {
      let model = try ModelFile.read(path)
      for (key, count) in [
        ("params_total", model.total), ("params_non_embedding", model.nonEmbedding),
        ("params_active", model.active),
      ] {
        guard let count else { continue }
        log.set("counted.\(key)", .number(count.value), at: path)
      }
      if let caveat = model.total?.caveat { log.remarks.append("\(path): params \(caveat)") }
    } catch {
      log.remarks.append("the params of the model are not known from its config: \(error)")
    }
  }

  private func readArguments() {
    guard let path = sidecar(["training_args.json", "args.json", "args.yaml", "args.yml"]) else {
      log.remarks.append(Self.noArguments)
      return
    }
    do throws(ImportError) {
      let arguments =
        path.hasSuffix(".json")
        ? try JSONFile.value(path, mostBytes: Self.mostSidecarBytes) : try YAMLFile.value(path)
      arguments.flatten(under: "args") { log.set($0, $1, at: path) }
    } catch {
      log.remarks.append("\(error); it is passed over")
    }
  }

  private func readWeights() {
    do throws(ImportError) {
      var folders = [folder.inner]
      if folder.path != folder.inner { folders.append(folder.path) }
      for folder in folders {
        guard let header = try ModelWeights.header(in: folder) else { continue }
        if header.quantized > header.params {
          log.remarks.append(
            "the weights in \(folder) are quantized, so their params are not counted")
          return
        }
        let place = folder + "/model.safetensors"
        let (total, embedding) = (header.params, header.embeddingParams)
        log.set("safetensors.params_total", .number(total), at: place)
        log.set("safetensors.params_embedding", .number(embedding), at: place)
        log.set("safetensors.params_non_embedding", .number(total - embedding), at: place)
        return
      }
    } catch {
      log.remarks.append("\(error); it is passed over")
    }
  }
}

extension LoggedValue {
  fileprivate var number: Double? {
    guard case .number(let number) = self else { return nil }
    return number
  }
}
