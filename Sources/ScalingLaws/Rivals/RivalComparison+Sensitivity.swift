extension RivalComparison {
  /// What a learning rate that is chosen blindly among those tried costs on average.
  ///
  /// The mean over the rates of min(loss, loss at initialisation) less the least loss (Wortsman et al. 2023,
  /// arXiv 2309.14322, over three decades of rates). Two are comparable where their rates are evenly
  /// spaced and span the same ratio.
  package struct Sensitivity: Hashable, Codable, Sendable {
    /// In the unit of the loss.
    package var value: Double
    package var lowestRate: Double
    package var highestRate: Double

    /// `nil` comes of fewer than two rates, of none that trained, and of an unknown first loss where a run
    /// diverged.
    ///
    /// - Parameters:
    ///   - losses: By learning rate; `nil` where the run diverged.
    ///   - initial: The loss at initialisation, where known.
    package init?(_ losses: [(learningRate: Double, loss: Double?)], initial: Double?) {
      let capped = losses.compactMap { point in
        point.loss.map { min($0, initial ?? $0) } ?? initial
      }
      let rates = losses.map(\.learningRate)
      guard losses.count > 1, capped.count == losses.count,
        let least = losses.compactMap(\.loss).min(), let lowest = rates.min(),
        let highest = rates.max()
      else { return nil }
      value = capped.sorted().reduce(0, +) / Double(capped.count) - min(least, initial ?? least)
      lowestRate = lowest
      highestRate = highest
    }
  }
}
