/// The dotted name of one parameter, such as `blocks.3.attention.query`.
package struct ParameterPath: Hashable, Codable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  package let description: String

  package init(_ description: String) { self.description = description }
  package init(stringLiteral value: String) { self.init(value) }
}
