package import Runs

extension HorizonSearch {
  /// The predicted cells as run records, to be fitted beside the measured ones.
  ///
  /// Each is a sibling branch of its trunk but for the horizon, the loss, and what marks it as
  /// predicted. Its `lossStandardError` is the error that matters to where the optimum lies: that of
  /// the loss beside those of the other learning rates at its horizon. What all of them have in
  /// common, above all the error of γ, is left out, as the floor of a basin takes it up.
  ///
  /// - Parameter records: Those that the search was fitted on.
  /// - Returns: A record for each predicted cell.
  package func predictedRecords(beside records: [RunRecord]) -> [RunRecord] {
    let siblings = LearningRateSweep.grouped(records.filter { !$0.isPredicted && $0.loss != nil })
    return laws.flatMap { law in
      law.curves.flatMap { curve -> [RunRecord] in
        let sibling = siblings.last { record in
          if let trunk = curve.trunk { return record.trunk == trunk }
          return record.trunk == nil && record.params == law.params
            && record.batchTokens == law.batchTokens
            && record.learningRate == curve.learningRate && record.seed == curve.seed
        }
        guard let sibling else { return [] }
        return curve.predicted.map { RunRecord(predicting: $0, as: sibling) }
      }
    }
  }
}

extension RunRecord {
  /// What annealing the trunk of `sibling` at another horizon is predicted to measure.
  fileprivate init(predicting loss: HorizonLoss, as sibling: RunRecord) {
    self = sibling
    isPredicted = true
    id = nil
    source = nil
    // A ramp adds as many steps to each horizon.
    steps = batchTokens.map { batch in
      ((loss.tokens - tokens) / batch + (steps ?? tokens / batch)).rounded()
    }
    tokens = loss.tokens
    // What depends on the horizon is not known of a run that was never made.
    branchStep = nil
    self.loss = loss.loss.value
    lossStandardError = loss.differenceError
    status = .finished
    divergedAt = nil
  }
}
