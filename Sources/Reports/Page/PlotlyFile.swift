package import Foundation

/// Where plotly.js is, the library that draws the figures.
package enum PlotlyFile {
  /// The text of plotly.js.
  ///
  /// - Parameters:
  ///   - given: The file that the user named.
  ///   - executable: The running program; the install prefix and the check-out are found from it.
  ///   - folder: The current folder.
  /// - Returns: `nil` where no file was named and none is in the usual places.
  /// - Throws: `PlotlyFileError` for a named file that is not plotly.js.
  package static func text(given: String?, executable: URL?, folder: URL) throws -> String? {
    if let given {
      guard let data = FileManager.default.contents(atPath: given) else {
        throw PlotlyFileError.unreadable(given)
      }
      let text = String(decoding: data, as: UTF8.self)
      guard text.prefix(2000).contains("plotly.js") else { throw PlotlyFileError.notPlotly(given) }
      return text
    }
    for place in places(executable: executable, folder: folder) {
      if let data = FileManager.default.contents(atPath: place.path) {
        return String(decoding: data, as: UTF8.self)
      }
    }
    return nil
  }

  /// The usual places, best first.
  private static func places(executable: URL?, folder: URL) -> [URL] {
    var places: [URL] = []
    var parents: [URL] = []
    if let executable {
      var parent = executable.resolvingSymlinksInPath().deletingLastPathComponent()
      places.append(
        parent.deletingLastPathComponent().appending(path: "share/vernier/plotly.min.js"))
      while parent.path != "/", parents.count < 8 {
        parents.append(parent)
        parent = parent.deletingLastPathComponent()
      }
    }
    for parent in [folder] + parents {
      let library = parent.appending(path: ".venv/lib")
      let pythons = (try? FileManager.default.contentsOfDirectory(atPath: library.path)) ?? []
      places += pythons.filter { $0.hasPrefix("python3") }.sorted(by: >).map {
        library.appending(path: "\($0)/site-packages/plotly/package_data/plotly.min.js")
      }
    }
    return places
  }
}

/// What can be wrong with a plotly.js that the user named.
package enum PlotlyFileError: Error, Hashable, CustomStringConvertible {
  case unreadable(String)
  case notPlotly(String)

  package var description: String {
    switch self {
    case .unreadable(let path):
      "--plotly \(path) cannot be read; give the plotly.min.js of the plotly Python package"
    case .notPlotly(let path):
      "--plotly \(path) is not plotly.js; give the plotly.min.js of the plotly Python package"
    }
  }
}
