package import Runs

/// What can be wrong with the file of a model: the file, the key, the value, and the remedy.
package enum ModelFileError: Error, Hashable, CustomStringConvertible {
  case noFile(String)
  case isFolder(String)
  case unreadable(String)
  case tooLarge(String)
  case notJSON(String)
  case notAnObject(String)
  case description(DescriptionError)
  case missingKeys(String, modelType: String?, keys: [String])
  case value(String, key: String, value: String, remedy: String)
  case absurdSize(String, params: Double)

  package var description: String {
    switch self {
    case .noFile(let path):
      "\(path): no such file; give a model file or a Hugging Face config.json to --model"
    case .isFolder(let path):
      "\(path) is a folder; give the file itself, such as \(path)/config.json"
    case .unreadable(let path): "\(path) cannot be read; check its permissions"
    case .tooLarge(let path):
      "\(path) is too large to be the config of a model; give the config.json and not the weights"
    case .notJSON(let path):
      "\(path) is not whole JSON; give a model file or the config.json of a model, unchanged"
    case .notAnObject(let path):
      "\(path) holds no object with keys; give a model file or the config.json of a model"
    case .description(let error): error.description
    case .missingKeys(let path, let modelType, let keys):
      "\(path): no key \(keys.joined(separator: ", no key "))"
        + (modelType.map { " in this config of a \($0)" } ?? "")
        + "; add what is missing, write a model file, or give the counts with --params"
    case .value(let path, let key, let value, let remedy):
      "\(path): `\(key)` is \(value); \(remedy)"
    case .absurdSize(let path, let params):
      "\(path): its sizes come to \(Quantity.format(params)) params, more than any model has; check them"
    }
  }
}
