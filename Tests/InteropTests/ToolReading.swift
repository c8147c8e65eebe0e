import Foundation
import Interop
import Support
import Testing

/// What the reader that a tool has for its own logs finds in them, as `Python/read-logs.py` prints it.
struct ToolReading {
  struct Run {
    /// By metric; a value that is no number is `nil`.
    var series: [String: [(step: Int, value: Double?)]] = [:]
    /// Nested keys joined with `.`, as importers join them.
    var settings: [String: LoggedValue] = [:]
  }

  private(set) var runs: [String: Run] = [:]

  /// - Parameters:
  ///   - kind: Which reader.
  ///   - path: Of the logs.
  /// - Throws: When the reader fails; cancels the test where the tool is not installed.
  init(_ kind: String, of path: String) throws {
    let lines = try ToolScripts.run("read-logs.py", [kind, path])
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      let read = try JSONDecoder().decode(Line.self, from: line)
      if let metric = read.metric {
        let values = (read.values ?? []).map(\.number)
        runs[read.run, default: Run()].series[metric] = Array(zip(read.steps ?? [], values))
      }
      read.settings?.flatten("") { runs[read.run, default: Run()].settings[$0] = $1 }
    }
  }

  private struct Line: Decodable {
    var run: String
    var metric: String?
    var steps: [Int]?
    var values: [Written]?
    var settings: Written?
  }
}

/// A value in JSON, decoded by Foundation and not by what is tested.
enum Written: Decodable {
  case single(LoggedValue)
  case list([Written])
  case object([String: Written])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .single(.null)
    } else if let flag = try? container.decode(Bool.self) {
      self = .single(.flag(flag))
    } else if let number = try? container.decode(Double.self) {
      self = .single(.number(number))
    } else if let text = try? container.decode(String.self) {
      self = .single(.text(text))
    } else if let elements = try? container.decode([Written].self) {
      self = .list(elements)
    } else {
      self = .object(try container.decode([String: Written].self))
    }
  }

  /// How the script writes what JSON cannot say.
  static let notFinite = ["nan": Double.nan, "inf": .infinity, "-inf": -.infinity]

  fileprivate var number: Double? {
    switch self {
    case .single(.number(let number)): number
    case .single(.text(let text)): Self.notFinite[text]
    default: nil
    }
  }

  fileprivate func flatten(_ path: String, _ take: (String, LoggedValue) -> Void) {
    func key(_ part: String) -> String { path.isEmpty ? part : "\(path).\(part)" }
    switch self {
    case .single(let value): take(path, value)
    case .list(let elements):
      for (index, element) in elements.enumerated() { element.flatten(key("\(index)"), take) }
    case .object(let members): for (name, value) in members { value.flatten(key(name), take) }
    }
  }
}

/// The scripts in `Python`, run by the Python that has the tools.
enum ToolScripts {
  static let python = ProcessInfo.processInfo.environment["VERNIER_TRACKERS"]
  /// The exit status of a script whose tool cannot be imported.
  private static let isMissing: Int32 = 3

  private struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// - Returns: What the script prints.
  @discardableResult
  static func run(_ script: String, _ arguments: [String]) throws -> Data {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Python/\(script)")
    // No compiled scripts beside the sources.
    process.arguments = ["-B", path.path] + arguments
    let output = Pipe()
    process.standardOutput = output
    let messages = URL(fileURLWithPath: try folder.write("", to: "messages"))
    process.standardError = try FileHandle(forWritingTo: messages)
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let last = try folder.read("messages").split(separator: "\n").last.map(String.init) ?? ""
    switch process.terminationStatus {
    case 0: return printed
    case isMissing:
      // The reason of a cancelled case is not shown.
      print(last)
      try Test.cancel("\(last)")
    default: throw Failure(description: "\(script) \(arguments.joined(separator: " ")): \(last)")
    }
  }
}
