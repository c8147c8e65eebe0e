/// Files of records that may still grow, and how far each has been read.
///
/// They are open only while they are read, since there may be more of them than a process may open.
package struct GrowingFiles {
  private static let bytesBetweenReports = 1 << 22

  private var files: [(path: String, offset: Int)]

  package init(_ paths: [String]) { files = paths.map { ($0, 0) } }

  /// Reads on in every file, in order.
  ///
  /// - Parameters:
  ///   - progress: Called now and then with the bytes read in this call.
  ///   - readRecord: Reads and consumes one record, or says that no whole one is there; what it has
  ///     not consumed is read again in the next call.
  /// - Throws: The first error of a file; the files after it are read all the same.
  package mutating func advance(
    progress: (Int) -> Void, readRecord: (FileStream, Int) throws(ImportError) -> Bool
  ) throws(ImportError) {
    var failure: ImportError?
    var finished = 0
    for index in files.indices {
      do {
        let stream = try FileStream(files[index].path, from: files[index].offset)
        let start = stream.offset
        var reported = start
        defer {
          files[index].offset = stream.offset
          finished += stream.offset - start
        }
        while try readRecord(stream, index) {
          guard stream.offset - reported > Self.bytesBetweenReports else { continue }
          reported = stream.offset
          progress(finished + reported - start)
        }
      } catch {
        failure = failure ?? error
      }
    }
    progress(finished)
    if let failure { throw failure }
  }
}
