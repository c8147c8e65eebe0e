import Runs

/// How to read a published table of runs whose columns have names of their own.
///
/// A new one is a line in `all`.
struct TablePreset: Sendable {
  /// What `--from` calls it.
  var kind: String
  var reads: String
  /// Columns by which such a table is known: it has all of them.
  var signature: [String]
  /// Fields by column, as `--map` writes it.
  var map: String
  var paramsKind: ParameterCountKind?
  /// Fields that are equal for all its runs and that no column tells.
  var values: [String: String] = [:]
  /// For fields, what words of the table mean in a record.
  var words: [String: [String: String]] = [:]

  static let all = [
    TablePreset(
      kind: "steplaw", reads: "the public sweep of Step Law (arXiv 2503.04715), CSV",
      signature: ["numh", "numl", "ffnh", "lr", "bs", "ti", "smooth loss", "D", "N"],
      map: "params=N,tokens=D,learning_rate=lr,loss=smooth loss,batch_tokens=bs*2048,"
        + "width=h,ffn_width=ffnh,heads=numh,layers=numl",
      paramsKind: .nonEmbedding,
      values: [
        "loss_kind": "training, smoothed", "sequence_length": "2048", "optimizer.name": "adamw",
      ]),
    TablePreset(
      kind: "openeurollm", reads: "the dense sweep of OpenEuroLLM, CSV",
      signature: ["N", "D", "lr", "gbsz", "beta2", "loss", "loss_se"],
      map: "params=N,tokens=D,learning_rate=lr,batch_tokens=gbsz*4096,loss_standard_error=loss_se,"
        + "optimizer.beta2=beta2,seed=seed",
      values: ["loss_kind": "validation", "sequence_length": "4096"]),
    TablePreset(
      kind: "wandb-table", reads: "a table of runs exported from the W&B page, CSV",
      signature: ["Name", "State"], map: "",
      words: [
        "status": [
          "crashed": "unfinished", "failed": "unfinished", "running": "unfinished",
          "killed": "unfinished", "preempted": "unfinished", "preempting": "unfinished",
          "finished": "finished",
        ]
      ]),
  ]
}
