import Runs
import Studies

extension RunDiagnosisReport {
  /// The diagnosis as one file that needs nothing else; without plotly.js it has tables only.
  package func page(plotly: String?) throws -> String {
    try Page(
      title: "Diagnosis of run \(run.id): \(headline)", head: head, headName: "To what is seen",
      remarks: [HTML.findings(diagnosis.findings), HTML.missing(diagnosis.missing)]
        .compactMap(\.self),
      figures: figures, sections: diagnosis.roles.isEmpty ? [] : [matrixSection], program: program
    ).text(plotly: plotly)
  }

  private var headline: String { Finding.headline(diagnosis.findings) }

  private var head: HTML {
    """
    <p class="kicker">Diagnosis of run \(run.id)</p>
    <h1>\(Quantity.format(run.params)) parameters on \(Quantity.format(run.tokens)) tokens at \
    \(Quantity.learningRate(run.learningRate)) (\(run.optimizer), \(run.schedule)): \
    <strong>\(headline)</strong></h1>
    \(HTML.facts([decayFact, timescaleFact, spikeFact, lookFact]))
    """
  }

  private var decayFact: HTML.Fact {
    guard let sum = diagnosis.plannedDecaySum else {
      return ("2ηλS", "not known", "the weight decay is not known")
    }
    guard sum > 0 else { return ("2ηλS", "0", "nothing shrinks the weights by ηλ") }
    let left = Wording.share(NormTheory.remaining(sum))
    return (
      "2ηλS", Wording.decimal(sum),
      "\(left) of the first norms’ transient is left at the end"
        + (run.stepsMade < run.steps
          ? "; so far it is \(Wording.decimal(diagnosis.decaySum ?? 0))" : "")
    )
  }

  private var timescaleFact: HTML.Fact {
    diagnosis.timescale.map {
      (
        "B / (ηλD)", Wording.decimal($0),
        "the steps that weights remember at the peak, over those of the run"
      )
    } ?? ("B / (ηλD)", "none", "no decay, or none that is known")
  }

  private var spikeFact: HTML.Fact {
    (
      "Loss spikes", "\(diagnosis.lossSpikes.count)",
      "over \(Wording.decimal(SpikeSearch.deviations)) robust deviations of the "
        + "\(SpikeSearch.window) steps before, and \(Wording.decimal(RunDiagnosis.leastLossRise)) nats"
    )
  }

  private var lookFact: HTML.Fact {
    ("Looks at the weights", "\(run.looks.count)", "over \(Wording.count(run.stepsMade, "step"))")
  }

  private var matrixSection: Page.Section {
    let table = DataTable(
      caption: "Every matrix",
      columns: [
        .init("path", "Matrix"), .init("role", "Role"), .init("two_eta_lambda_steps", "2ηλS"),
        .init("equilibrated_at", "Equilibrated at step"), .init("first_rms", "First RMS"),
        .init("last_rms", "Last RMS"), .init("theory_rms", "Theory"),
        .init("deviation", "Largest difference (%)"), .init("growth", "u from"),
      ],
      rows: diagnosis.roles.flatMap(\.matrices).map { matrix in
        [
          .text(matrix.path), .text(matrix.role), .decimal(matrix.plannedDecaySum),
          .quantity(matrix.equilibratedAt.map(Double.init)),
          .decimal(matrix.points.first?.measured.weightRMS),
          .decimal(matrix.points.last?.measured.weightRMS), .decimal(matrix.points.last?.theory),
          .decimal(matrix.deviation.map { 100 * $0 }, digits: 2),
          .text(matrix.keepsNorm ? "norm is kept" : matrix.growth.words),
        ]
      })
    return Page.Section(
      id: "matrices", title: "Matrices",
      body: table.disclosure(id: "matrices", isOpen: run.looks.isEmpty, summary: "Every matrix"))
  }
}

extension MatrixDynamics.Growth {
  var words: String {
    switch self {
    case .accumulated: "measured step and momentum"
    case .measuredAngle: "measured step and angle"
    }
  }
}
