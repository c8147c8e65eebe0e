import GRDB
package import ScalingLaws

/// What the law of a sweep recommended for the hold-out before the hold-out was trained.
package struct HeldOutPrediction: Hashable, Sendable {
  package var learningRate: Double
  package var optimum: Estimate
  /// The law in words.
  package var law: String

  package init(learningRate: Double, optimum: Estimate, law: String) {
    self.learningRate = learningRate
    self.optimum = optimum
    self.law = law
  }
}

extension StudyStore {
  /// What was predicted, if anything was.
  ///
  /// - Parameter digest: Of the runs that it rests on.
  /// - Returns: The prediction as it was first kept.
  /// - Throws: When the store cannot be read.
  package func prediction(for digest: String) throws(StudyError) -> HeldOutPrediction? {
    try read { database in
      try Row.fetchOne(
        database, sql: "SELECT * FROM predictions WHERE runs_digest = ?", arguments: [digest]
      ).map { row in
        HeldOutPrediction(
          learningRate: row["learning_rate"],
          optimum: Estimate(
            value: row["optimum"], lower: row["lower"], upper: row["upper"],
            confidence: row["confidence"]),
          law: row["law"])
      }
    }
  }

  /// Keeps a prediction; one that is there already stays.
  package func keep(_ prediction: HeldOutPrediction, for digest: String) throws(StudyError) {
    try write { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO predictions VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          digest, prediction.learningRate, prediction.optimum.value, prediction.optimum.lower,
          prediction.optimum.upper, prediction.optimum.confidence, prediction.law,
        ])
    }
  }
}
