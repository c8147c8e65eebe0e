import Runs

/// A run description that says everything, line by line.
let fullRun = """
  version: 1
  corpus: {kind: bytes, path: train.txt, validation: valid.txt}
  model: {family: llama, width: 128, layers: 4}
  tokens: 10M
  learning_rate: 4e-3
  batch_tokens: 8192
  seed: 0
  schedule: {kind: wsd, warmup_tokens: 200k, decay_fraction: 0.2, decay_shape: linear, floor: 0}
  optimizer: {name: adamw, betas: [0.9, 0.95], epsilon: 1e-8, weight_decay: 0.1, decay_convention: decoupled, clip: 1.0}
  z_loss: 0
  parametrization: {name: standard}
  validation: {tokens: 262144, every: 1M}
  checkpoint: {every: 1M}
  """

let requiredRunLines = fullRun.split(separator: "\n").prefix(5).joined(separator: "\n")

func run(_ text: String) throws -> RunDescription {
  try RunDescription(yaml: text, file: "run.yaml")
}

/// The full run with the line of `key` replaced; an empty `line` leaves it out.
func run(replacing key: String, with line: String) throws -> RunDescription {
  let lines = fullRun.split(separator: "\n").map { $0.hasPrefix("\(key):") ? line : String($0) }
  return try run(lines.joined(separator: "\n"))
}
