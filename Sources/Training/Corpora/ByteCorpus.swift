package import Runs

/// Text whose tokens are its bytes: one file, or the files of a folder one after the other.
///
/// The files are mapped, not read, so a corpus may be larger than memory. In a folder, and the
/// folders in it, every file counts but hidden ones, in the byte order of their paths in the folder;
/// nothing is put between them. A symbolic link in there is an error, never followed.
package struct ByteCorpus: Sendable {
  package let path: String
  /// The bytes of all files.
  package let count: Int
  private let isFolder: Bool
  /// Their paths in the folder, if there is one.
  private let names: [String]
  private let files: [ByteFile]
  /// Where each file begins, counted in bytes from the first.
  private let starts: [Int]

  package static let vocabulary = 256

  /// Opens every file of the corpus.
  ///
  /// - Throws: When a file cannot be opened or is no text, or there is no byte at all.
  package init(path: String) throws(CorpusError) {
    self.path = path
    isFolder = try CorpusFolder.isFolder(path)
    if isFolder {
      names = try CorpusFolder.fileNames(in: path, limit: Self.maximumFiles)
      files = try names.map { name throws(CorpusError) in
        try ByteFile(path: CorpusFolder.path(of: name, in: path), followsLink: false)
      }
    } else {
      names = []
      files = [try ByteFile(path: path, followsLink: true)]
    }
    var starts: [Int] = []
    var count = 0
    for file in files {
      starts.append(count)
      count += file.bytes.count
    }
    guard count > 0 else { throw isFolder ? .emptyFolder(path) : .emptyFile(path) }
    self.starts = starts
    self.count = count
  }

  /// Two such corpora stay below the mappings that Linux lets a process have (`vm.max_map_count`).
  package static let maximumFiles = 30_000

  /// The tokens at the places of `range`, from whichever files they are in.
  package func tokens(_ range: Range<Int>) -> [Int32] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "tokens \(range) of \(count)")
    return [Int32](unsafeUninitializedCapacity: range.count) { tokens, filled in
      var index = file(at: range.lowerBound)
      while filled < range.count {
        let offset = range.lowerBound + filled - starts[index]
        let piece = files[index].bytes.dropFirst(offset).prefix(range.count - filled)
        for (place, byte) in piece.enumerated() {
          tokens.initializeElement(at: filled + place, to: Int32(byte))
        }
        filled += piece.count
        index += 1
      }
    }
  }

  /// The index of the last file that begins at or before `place`.
  private func file(at place: Int) -> Int {
    var (known, beyond) = (0, starts.count)
    while beyond - known > 1 {
      let middle = (known + beyond) / 2
      if starts[middle] <= place { known = middle } else { beyond = middle }
    }
    return known
  }

  /// Equal for equal text in equal files, wherever they are; reads all of it.
  ///
  /// That of a file is the digest of its bytes, and that of a folder also depends on the names.
  ///
  /// - Throws: When a file was changed since it was opened.
  package func digest() throws(CorpusError) -> Digest {
    let digests = files.map(\.digest)
    try requireUnchanged()
    guard isFolder else { return digests[0] }
    var builder = Digest.Builder()
    for (index, name) in names.enumerated() {
      builder.append("\(name)\0\(files[index].bytes.count)\0\(digests[index])\n")
    }
    return builder.digest
  }

  /// Throws if a file of the corpus is no longer as it was when it was opened.
  ///
  /// Asked once a checkpoint, this tells a user why a run is to be started again, mostly before a
  /// shortened file ends the process.
  package func requireUnchanged() throws(CorpusError) {
    for file in files { try file.requireUnchanged() }
  }

  /// Throws if a file of this corpus, which is to validate, is also in the one that is trained on.
  package func requireHeldOut(from training: ByteCorpus) throws(CorpusError) {
    let trainingFiles = Dictionary(grouping: training.files, by: \.bytes.count)
    for file in files where !file.bytes.isEmpty {
      for other in trainingFiles[file.bytes.count] ?? [] {
        if file.isSameFile(as: other) {
          throw .sharedFile(validation: file.path, training: other.path)
        }
        if file.hasSameContent(as: other) {
          throw .sharedContent(validation: file.path, training: other.path)
        }
      }
    }
  }

  /// Throws unless there is a token to predict after every one of a sequence.
  func requireSequence(of length: Int) throws(CorpusError) {
    precondition(length > 0, "sequences of \(length) tokens")
    guard count > length else {
      throw .tooShort(path, tokens: count, sequenceLength: length)
    }
  }
}
