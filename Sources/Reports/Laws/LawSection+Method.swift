import Runs
import ScalingLaws

extension Report {
  /// How the law was fitted.
  var method: HTML {
    """
    <h3>How it was fitted</h3>
    <p>All cells share one shape of basin: loss rises as one power of the rate below the optimum and \
    as another above it, so it may rise faster on one side, and each basin has its own floor and \
    depth. The noise of a slice, the runs of one cell at one batch size, may be the usual one or 3 or 10 \
    times that, so that a run which is far off makes its own slice less sure and leaves the others as \
    they are. The optimum of a cell comes from its own runs under that shape. \(edgeSentence)\(batchSentence)</p>
    <p>The law is then fitted in logarithms. Model sizes may stand off it and cells scatter around it; \
    how far is not chosen but averaged over, by the evidence for each and a prior. Horizons that \
    branch off one trunk have errors that go together, by \(Wording.decimal(law.trunkCorrelation)) from one branch \
    to the next and by a power of that over several, so that branches count for less than independent \
    runs: there \(law.source.trunks == 1 ? "is" : "are") \(Wording.count(law.source.trunks, "trunk")) here. \
    Exponents have weak priors.</p>
    <p>Several forms of law are mixed, each by its share before any run was seen times the density that it \
    gave to larger cells when it was fitted to smaller ones (<a href="#\(Self.formsID)">how the form was \
    chosen</a>).\(atBatchSentence) The intervals come from \(Wording.count(law.rate.draws.cellDeviations.count)) draws from the \
    posterior: each draws a form, then the spreads, the coefficients and the offsets of sizes together.</p>
    """
  }

  /// What slices whose best run is at the end of their rates add.
  private var edgeSentence: String {
    law.rateAtBatch == nil
      ? "One whose best run is at the edge of its rates is no measurement: it enters as one-sided "
        + "evidence, by what its runs add to what the law of the other cells expects there."
      : "A batch size whose best run is at the edge of its rates is no measurement: it enters the law at "
        + "a given batch size alone, as one-sided evidence, by what its runs add to what that law expects "
        + "there."
  }

  private var atBatchSentence: String {
    law.rateAtBatch == nil
      ? ""
      : " That goes for the best batch size; the law at a given one has one form, with all terms, and "
        + "that of the batch size is straight."
  }

  private var batchSentence: String {
    law.rateAtBatch == nil
      ? ""
      : " Where several batch sizes were swept, a cell's batch sizes count by how well they do, and the "
        + "fit first draws each one's optimum towards the law across batch sizes, the more the less "
        + "sure it is; figures show optima before that."
  }

  /// How many cells are not located, and what the law takes from them.
  var unlocatedUse: String? {
    let edges = law.cells.count { $0.status == .edge }
    let unused = law.cells.count - locatedCells.count - edges
    let atEdge =
      edges == 0
      ? nil
      : "in \(Wording.count(edges)) it is not bracketed, "
        + (law.rateAtBatch == nil
          ? "and the law takes only on which side it lies"
          : "and the law takes only what other batch sizes say")
    let without =
      unused == 0
      ? nil
      : "\(Wording.count(unused)) with too few or only diverged runs "
        + "\(unused == 1 ? "is" : "are") not used"
    let parts = [atEdge, without].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
