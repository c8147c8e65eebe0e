package import Runs

/// Why a model cannot be trained by the built-in trainer.
package enum ProxyModelError: Error, Hashable {
  case family(ModelFamily)
  case experts(Int)
  case oddHeadWidth(Int)
}

extension ProxyModelError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .family(let family):
      "`family` \(family.rawValue) is not among those the built-in trainer trains, llama and qwen3; "
        + "choose one of them"
    case .experts(let experts):
      "`experts` is \(experts), and the built-in trainer trains dense models; leave `experts` out"
    case .oddHeadWidth(let width):
      "`head_width` \(width) is odd, and rotary positions turn channels in pairs; give an even one"
    }
  }
}
