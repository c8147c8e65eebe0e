extension LoggedValue {
  /// What a text stands for in which a Python program has written a value with `str`.
  package init(writtenByPython text: String) {
    switch text {
    case "True", "true": self = .flag(true)
    case "False", "false": self = .flag(false)
    case "None", "null": self = .null
    default:
      var digits = text
      let number = digits.withUTF8 { NumberText.number(UnsafeRawBufferPointer($0)) }
      self = number.map(LoggedValue.number) ?? .text(text)
    }
  }
}
