/// What can be wrong with a corpus: the file, the value, and what to do.
package enum CorpusError: Error, Hashable {
  case missing(String)
  case unreadable(String, reason: String)
  case notAFile(String)
  case link(String)
  case emptyFile(String)
  case emptyFolder(String)
  case tooManyFiles(String, limit: Int)
  case binary(String, byte: Int)
  case tooShort(String, tokens: Int, sequenceLength: Int)
  case changed(String)
  case sharedFile(validation: String, training: String)
  case sharedContent(validation: String, training: String)
}

extension CorpusError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path):
      "\(path.isEmpty ? "the empty path" : path): no such file or folder; check the path"
    case .unreadable(let path, let reason):
      "\(path): cannot be read (\(reason)); check its permissions"
    case .notAFile(let path):
      "\(path) is neither a file nor a folder; write what it gives into a file first"
    case .link(let path):
      "\(path) is a symbolic link in a corpus folder, which would hide where the text is and "
        + "whether it is there twice; put the file itself there"
    case .emptyFile(let path): "\(path) is empty; give a file with text in it"
    case .emptyFolder(let path):
      "\(path) has no text: no file in it or in its folders has a byte, hidden ones apart; "
        + "check the path"
    case .tooManyFiles(let path, let limit):
      "\(path) has more than \(limit) files; join them into fewer, larger ones"
    case .binary(let path, let byte):
      "\(path) is no text: byte \(byte) is NUL; remove the file from the corpus, unpack it, or "
        + "save it as UTF-8"
    case .tooShort(let path, let tokens, let sequenceLength):
      "\(path) has \(tokens) tokens, but sequences of \(sequenceLength) need at least "
        + "\(sequenceLength + 1); give a longer text or a shorter sequence length"
    case .changed(let path):
      "\(path) was changed since this run opened it; leave a corpus alone while runs train on it, "
        + "and start the run again"
    case .sharedFile(let validation, let training):
      "\(validation) is the file that is trained on"
        + (validation == training ? "" : ", as \(training)")
        + "; validate on text that is held out"
    case .sharedContent(let validation, let training):
      "\(validation) has the same content as \(training), which is trained on; "
        + "validate on text that is held out"
    }
  }
}
