import Yams

extension StudyDescription {
  /// A complete study file that reads back as this study.
  package var yaml: String {
    get throws {
      let encoder = YAMLEncoder()
      encoder.options.sortKeys = false
      encoder.options.width = 100
      return try encoder.encode(self)
    }
  }

  /// The study with absolute paths, where relative ones begin at `folder`, that of its file.
  package func resolvingPaths(in folder: String) -> StudyDescription {
    var study = self
    study.corpus = corpus.resolvingPaths(in: folder)
    return study
  }
}
