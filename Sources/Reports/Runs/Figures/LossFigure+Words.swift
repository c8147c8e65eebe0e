import RealModule
import Runs

extension RunReport {
  /// What the loss did, in a sentence.
  var lossMessage: String {
    let first = training.lazy.compactMap(\.value.loss).first
    let now = recentLoss
    let held = lastValidation.flatMap { event -> String? in
      guard event.tokens > 0 else { return nil }
      return event.value.loss.map {
        "on held-out text it is \(Wording.measured($0, event.value.standardError)) after "
          + "\(Quantity.format(Double(event.tokens))) tokens"
      }
    }
    let trained: String? =
      if let first, let now {
        "training loss went from \(Wording.decimal(first, digits: 3)) to "
          + Wording.decimal(now.loss, digits: 3)
          + (now.steps == 1 ? "" : " (the mean of the last \(Wording.count(now.steps, "step")))")
      } else {
        nil
      }
    return [trained, held].compactMap(\.self).joined(separator: "; ") + "."
  }

  /// The mean training loss of the last steps: a twentieth of the run so far, fifty at the most.
  private var recentLoss: (loss: Double, steps: Int)? {
    let losses = training.suffix(min(max(training.count / 20, 1), 50)).compactMap(\.value.loss)
    guard !losses.isEmpty else { return nil }
    return (losses.reduce(0, +) / Double(losses.count), losses.count)
  }

  var lossCaption: String {
    let windows = CurveWindows.even(training.count)
    let averaging =
      training.count > CurveWindows.most
      ? "Training loss is averaged over windows of \(windows.first?.count ?? 1) steps on the linear "
        + "axis, and on the logarithmic one over windows that begin with single steps and widen."
      : "The line has a point for every step: the loss of its batch before the weights moved."
    let start = validations.first { $0.tokens == 0 }?.value.loss.map {
      " Before the first step the loss on held-out text was \(Wording.decimal($0, digits: 4))."
    }
    let repeats =
      validations.count > 1
      ? " The held-out text is the same each time, so dots differ by less than their bars suggest."
      : ""
    return Wording.sentence(lossMessage) + " " + averaging + (start ?? "") + repeats
  }

  /// The losses on held-out text, or those of training where there are none.
  var lossTable: DataTable {
    guard validations.isEmpty else { return validationTable }
    return DataTable(
      caption: "Training loss, \(tabledWords)",
      columns: [
        DataTable.Column("step", "Step"), DataTable.Column("tokens", "Tokens"),
        DataTable.Column("loss", "Loss (nats per token)"),
      ],
      rows: tabledSteps.map { event in
        [
          .count(event.step), .quantity(Double(event.tokens)),
          .decimal(event.value.loss, digits: 5),
        ]
      })
  }

  private var validationTable: DataTable {
    DataTable(
      caption: "Loss on held-out text",
      columns: [
        DataTable.Column("step", "Step"), DataTable.Column("tokens", "Tokens"),
        DataTable.Column("loss", "Loss (nats per token)"),
        DataTable.Column("standard_error", "Standard error"),
        DataTable.Column("sequences", "Sequences"),
      ],
      rows: validations.map { event in
        [
          .count(event.step), .quantity(Double(event.tokens)),
          .decimal(event.value.loss, digits: 5), .decimal(event.value.standardError),
          .count(event.value.sequences),
        ]
      })
  }
}
