import Foundation

/// One run of the `vernier` executable that was built beside the tests.
package struct VernierProcess: Sendable {
  package let status: Int32
  package let output: String
  package let errors: String

  /// Runs the executable to its end.
  ///
  /// - Parameters:
  ///   - arguments: Without the program's name.
  ///   - folder: The working folder.
  ///   - memoryLimit: The most address space it may have, in bytes.
  ///   - fileLimit: The most files it may have open.
  ///   - environment: Variables to set besides those of the tests.
  ///   - interruption: Called with its process id once it runs; may send it signals.
  /// - Throws: When the executable is missing or cannot be started.
  package init(
    _ arguments: [String], in folder: String, memoryLimit: Int? = nil, fileLimit: Int? = nil,
    environment: [String: String] = [:], interruption: (Int32) throws -> Void = { _ in }
  ) throws {
    let limit =
      (memoryLimit.map { "ulimit -v \($0 / 1024) && " } ?? "")
      + (fileLimit.map { "ulimit -n \($0) && " } ?? "")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", limit + "exec \"$0\" \"$@\"", try Self.executable()] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    // Files, not pipes: a full pipe that nobody reads would stop the process.
    let capture = try TemporaryFolder()
    for name in ["output", "errors"] { try capture.write("", to: name) }
    process.standardOutput = try FileHandle(
      forWritingTo: URL(fileURLWithPath: capture.file("output")))
    process.standardError = try FileHandle(
      forWritingTo: URL(fileURLWithPath: capture.file("errors")))
    process.environment = ProcessInfo.processInfo.environment
      .merging(environment) { _, new in new }
    try process.run()
    try interruption(process.processIdentifier)
    process.waitUntilExit()
    status = process.terminationStatus
    output = try capture.read("output")
    errors = try capture.read("errors")
  }

  /// The executable, which the build puts into the folder of the test runner.
  package static func executable() throws -> String {
    var folder = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appending(path: "vernier")
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isDirectory),
        !isDirectory.boolValue
      {
        return candidate.path
      }
    }
    throw ExecutableMissing()
  }

  private struct ExecutableMissing: Error, CustomStringConvertible {
    let description = "no executable vernier beside the tests; build it with swift build"
  }
}
