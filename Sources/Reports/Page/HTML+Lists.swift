extension HTML {
  typealias Fact = (name: String, value: String, detail: String)
  typealias Definition = (name: String, value: String)

  /// A few facts in big type, side by side.
  static func facts(_ facts: [Fact]) -> HTML {
    """
    <dl class="facts">
    \(facts.map {
      "<div><dt>\($0.name)</dt><dd><b>\($0.value)</b> <span>\($0.detail)</span></dd></div>\n" as HTML
    })</dl>
    """
  }

  /// Names with what they stand for, a line each.
  static func definitions(_ definitions: [Definition]) -> HTML {
    """
    <dl class="recipe">
    \(definitions.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>\n" as HTML })</dl>
    """
  }

  /// What speaks against the head, each with the code that programs know it by, if there is one.
  static func warnings(_ warnings: [(message: String, code: String?)]) -> HTML {
    """
    <ul class="warnings">
    \(warnings.map { warning -> HTML in
      let code: HTML = warning.code.map { " <code>\($0)</code>" } ?? ""
      return "<li><p>\(Wording.sentence(warning.message))</p>\(code)</li>\n"
    })</ul>
    """
  }
}
