package import ScalingLaws
import Runs

/// The loss curve of one run in a CSV file: a row a logged step, with its learning rate and loss.
package enum CurveTable {
  private static let fields = ["step", "learning_rate", "loss"]
  /// Other names that a column goes by where no mapping says otherwise.
  private static let alternatives = ["learning_rate": ["lr"]]
  private static let needs =
    "a header with step, learning_rate (or lr) and loss, and a row a logged step"
  private static let mostRows = 1_000_000

  /// Which column holds what, as `step=iteration,loss=train_loss`.
  package static func map(parsing text: String) throws(TableError) -> ColumnMap {
    try ColumnMap(parsing: text, known: fields)
  }

  /// - Parameters:
  ///   - path: The file.
  ///   - map: Its columns.
  ///   - needsLoss: Whether a row without a loss is an error; else it is a step that is planned.
  /// - Returns: The steps in the order of the rows.
  /// - Throws: A `TableError` for the first thing that is wrong.
  package static func read(
    _ path: String, map: ColumnMap = ColumnMap(), needsLoss: Bool
  ) throws(TableError) -> [LossCurve.Point] {
    var reader = try CSVReader(path: path)
    guard try reader.advance() else { throw .empty(path, needs: needs) }
    let columns = try Columns(header: try reader.texts(), path: path, map: map, needsLoss)
    var points: [LossCurve.Point] = []
    while try reader.advance() {
      guard points.count < mostRows else { throw .tooManyRows(path, limit: mostRows) }
      points.append(try columns.point(try reader.texts(), line: reader.line))
    }
    guard !points.isEmpty else { throw .empty(path, needs: needs) }
    return points
  }

  /// Where the fields stand.
  private struct Columns {
    let path: String
    let header: [String]
    let needsLoss: Bool
    private let step: Place
    private let learningRate: Place
    private let loss: Place?

    private struct Place {
      var index: Int
      var factor: Double?
    }

    init(
      header: [String], path: String, map: ColumnMap, _ needsLoss: Bool
    ) throws(TableError) {
      self.path = path
      self.header = header
      self.needsLoss = needsLoss
      let places = try RowLayout.places(of: header, path: path)
      func place(_ field: String) throws(TableError) -> Place? {
        let asked = map.column(for: field)
        let names = [asked.name] + (map.columns[field] == nil ? alternatives[field] ?? [] : [])
        if let index = names.lazy.compactMap({ places[$0] }).first {
          return Place(index: index, factor: asked.factor)
        }
        guard map.columns[field] == nil else {
          throw .missingColumn(path, field: field, column: asked.name, found: header)
        }
        return nil
      }
      let found = [try place("step"), try place("learning_rate"), try place("loss")]
      let missing = zip(fields, found).filter { $0.1 == nil && (needsLoss || $0.0 != "loss") }
        .map(\.0)
      guard missing.isEmpty, let step = found[0], let learningRate = found[1] else {
        throw .missingFields(path, fields: missing, found: header)
      }
      self.step = step
      self.learningRate = learningRate
      loss = found[2]
    }

    func point(_ texts: [String], line: Int) throws(TableError) -> LossCurve.Point {
      guard texts.count == header.count else {
        throw .fieldCount(path, line: line, found: texts.count, expected: header.count)
      }
      func number(_ place: Place, _ remedy: String, _ allows: (Double) -> Bool) throws(TableError)
        -> Double
      {
        let text = texts[place.index]
        guard let value = Quantity.parse(text).map({ $0 * (place.factor ?? 1) }), allows(value)
        else {
          throw .value(
            path, line: line, column: header[place.index], value: text, remedy: remedy)
        }
        return value
      }
      let step = try number(step, "write the step as a whole number") {
        $0 >= 0 && $0 < 1e15 && $0.rounded() == $0
      }
      let rate = try number(learningRate, "write the learning rate of the step, 0 or more") {
        $0 >= 0
      }
      var measured: Double?
      if let loss, needsLoss || !texts[loss.index].isEmpty {
        measured = try number(
          loss,
          "a law is fitted to finite losses above 0; cut a curve that diverged before it did, and give "
            + "a planned one with --predict"
        ) { $0 > 0 }
      }
      return LossCurve.Point(step: Int(step), learningRate: rate, loss: measured)
    }
  }
}
