import Runs

/// The study of the program's contract, line by line.
let contract = """
  version: 1
  corpus: {kind: bytes, path: train.txt, validation: valid.txt}
  model: {family: llama, sizes: [{width: 64, layers: 2}, {width: 96, layers: 3}]}
  tokens: [1M, 2M, 4M, 8M]
  learning_rates: {from: 5e-4, to: 1.6e-2, points: 6}
  batch_tokens: [8192]
  seeds: [0]
  schedule: {kind: wsd, warmup_tokens: 200k, decay_fraction: 0.2, decay_shape: linear, floor: 0, share_trunk: true}
  optimizer: {name: adamw, betas: [0.9, 0.95], epsilon: 1e-8, weight_decay: 0.1, decay_convention: decoupled, clip: 1.0}
  parametrization: {name: standard}
  hold_out: {model: {width: 160, layers: 4}, tokens: 16M}
  target: {params: 7B, tokens: 1T}
  budget: {flops: 1e16}
  trainer: {kind: builtin}
  """

let requiredLines = contract.split(separator: "\n").prefix(5).joined(separator: "\n")

func study(_ text: String) throws -> StudyDescription {
  try StudyDescription(yaml: text, file: "study.yaml")
}

/// The contract's study with the line of `key` replaced; an empty `line` leaves it out.
func study(replacing key: String, with line: String) throws -> StudyDescription {
  let lines = contract.split(separator: "\n").map { $0.hasPrefix("\(key):") ? line : String($0) }
  return try study(lines.joined(separator: "\n"))
}

func place(_ line: Int, _ column: Int) -> SourcePlace {
  SourcePlace(file: "study.yaml", line: line, column: column)
}
