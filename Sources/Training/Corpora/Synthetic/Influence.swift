/// A part of the context that bears on the next letter, and how much.
///
/// What is here tunes the language. A feature of the context that has the share s of the squared
/// weights is worth about s times the distance from the loss of a uniform guess to the entropy,
/// and is learnt when its contexts have been seen often enough. So contexts are many or few in
/// steps, from one to some 10⁵, and weigh less the more they are: as some are learnt the next come
/// into reach, and loss falls along tokens and params without the stages of a grammar.
struct Influence: Sendable {
  /// The letters and the topic that a kind of influence looks at.
  struct Kind: OptionSet, Hashable, Sendable {
    static let topic = Kind(rawValue: 1)
    static let last = Kind(rawValue: 2)
    /// The letter at a distance; its scores are the same at every distance, so that attention
    /// which is only roughly recent is already worth something.
    static let earlier = Kind(rawValue: 4)

    let rawValue: Int
  }

  let kind: Kind
  /// How far back the earlier letter is; the last is at 1.
  let distance: Int
  let weight: Int16

  /// The influences of a language.
  static let all: [Influence] = Kind.weights.flatMap { kind, weight in
    guard kind.contains(.earlier) else {
      return [Influence(kind: kind, distance: 1, weight: weight * fading[0])]
    }
    return zip(2..., fading).map {
      Influence(kind: kind, distance: $0, weight: weight * $1)
    }
  }

  /// How the weight of an earlier letter falls with distance, from 2 on.
  private static let fading: [Int16] = [8, 6, 5, 4, 3]
}

extension Influence.Kind {
  /// In the order of the number of contexts.
  static let weights: [(Influence.Kind, Int16)] = [
    ([], 16),
    (.topic, 8),
    (.last, 13),
    (.earlier, 9),
    ([.topic, .last], 20),
    ([.last, .earlier], 9),
    ([.topic, .last, .earlier], 9),
  ]
}
