import Foundation

/// A disk of a few megabytes, which only root can make.
package final class SmallDisk {
  package let path: String
  private let folder: TemporaryFolder

  package init(megabytes: Int = 1) throws {
    folder = try TemporaryFolder()
    path = folder.path
    try Self.run("/bin/mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path)
  }

  deinit { try? Self.run("/bin/umount", path) }

  /// Whether a disk can be mounted: root in a container may not be allowed to.
  package static let isAvailable = (try? SmallDisk()) != nil

  private static func run(_ program: String, _ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw CocoaError(.featureUnsupported) }
  }
}
