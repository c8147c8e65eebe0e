import ArgumentParser
import Foundation
import Interop
import Studies

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Import runs from other tools' logs into a study.",
    discussion: """
      PATH is a log or a folder, which is searched. What a log is, is told from its name and its first \
      bytes; --from says it instead. The kinds:

      \(RunImporters.all.map { "  \($0.kind): \($0.reads)" }.joined(separator: "\n"))

      The output says where every field came from, what is missing and how to give it. A run that was \
      imported before is replaced. Then: vernier fit DIR.
      """)

  @Argument(help: ArgumentHelp("Logs, or folders of logs.", valueName: "PATH"))
  var paths: [String]

  @Option(help: ArgumentHelp("The folder of the study, made if it is missing.", valueName: "DIR"))
  var study: String?

  @Flag(help: "Say what would be imported, and write nothing.")
  var dryRun = false

  @OptionGroup var options: ImportOptions

  @Flag(help: "Read on as the logs grow, until all runs have ended or you stop it.")
  var follow = false

  @Flag(help: "Import what comes before the damage of a damaged log.")
  var keepDamaged = false

  @Option(help: "What to print: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    guard format == .text || format == .json else {
      throw ValidationError("--format is text or json; vernier export writes csv.")
    }
    guard dryRun != (study != nil) else {
      throw ValidationError(
        dryRun
          ? "--dry-run writes nothing; leave --study out."
          : "--study DIR says where the runs go; --dry-run only looks at them.")
    }
    guard !follow || !dryRun else {
      throw ValidationError("--follow writes as it reads; leave --dry-run out.")
    }
    guard !follow || paths.count == 1 else {
      throw ValidationError("--follow takes one path; give the folder that holds all logs.")
    }
  }

  func run() throws {
    var session = try ImportSession(
      into: try study.map { try StudyFolder(writing: $0) }, kind: options.from,
      choices: try options.choices(),
      keepsDamaged: keepDamaged)
    if follow {
      let interruption = Interruption()
      try session.follow(paths[0]) { interruption.wasAsked }
      return
    }
    var result = ImportResult(study: study)
    for path in paths {
      do {
        try session.add(path, to: &result)
      } catch let error as ImportError where paths.count > 1 {
        result.damaged.append(DamagedLog(path: path, error: error, isKept: false))
      }
    }
    switch format {
    case .json: print(String(decoding: try JSONEncoder.results.encode(result), as: UTF8.self))
    default:
      print(result.text)
      result.printWarnings()
    }
    if !result.isWhole { throw ExitCode(result.runs.isEmpty ? 1 : 2) }
  }
}

extension StudyFolder {
  /// The folder at `path`, to be made.
  fileprivate init(writing path: String) throws {
    var isFolder: ObjCBool = false
    guard !path.isEmpty else { throw StudyError.notAFolder("''") }
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw StudyError.notAFolder(path)
    }
    self.init(URL(fileURLWithPath: path, isDirectory: true))
  }
}
