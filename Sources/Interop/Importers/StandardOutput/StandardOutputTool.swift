import Foundation

/// The trainers whose standard output is read, told apart by what only they print.
///
/// A file may begin with what modules, environments and launchers print, and may hold marks of several
/// tools, as when one script prepares data for another: it is of the tool whose mark comes first.
enum StandardOutputTool: CaseIterable {
  case megatron, torchtitan, nanoGPT, llmC, nanochat

  private var marks: [LinePattern] {
    switch self {
    case .megatron: Self.megatronMarks
    case .torchtitan: Self.torchtitanMarks
    case .nanoGPT: Self.nanoGPTMarks
    case .llmC: Self.llmCMarks
    case .nanochat: Self.nanochatMarks
    }
  }

  private static let megatronMarks = [
    "------------------------ arguments ------------------------", "| consumed samples:#",
    " > number of parameters on (tensor", " loss at iteration# | lm loss value:#",
  ].map(LinePattern.init)
  private static let torchtitanMarks = [
    "[titan] ", "- INFO - step:#  loss:#", "Training starts at step#, with local batch size#,",
    "Trainer is initialized with local batch size#,",
  ].map(LinePattern.init)
  private static let nanoGPTMarks = [
    "tokens per iteration will be:#", "iter#: loss#,", "step#: train loss#, val loss#",
  ].map(LinePattern.init)
  private static let llmCMarks = [
    "s:# tel:#", "s:# trl:#", "| learning rate (LR)    |#  ", "step#/# | loss# (",
    "step#/# | train loss# | norm#",
  ].map(LinePattern.init)
  private static let nanochatMarks = [
    "Tokens / micro-batch / rank:# x#", "Step# | Validation bpb:#", "step#/# (#%) | loss:#",
  ].map(LinePattern.init)

  /// Whether `file` is this tool's standard output.
  func wrote(_ file: LogFile) -> Bool {
    guard StandardOutputSample.mayBeText(file) else { return false }
    let isInHead = file.head.withUnsafeBytes { head in
      StandardOutputSample.isText(head) ? decides(head) : nil
    }
    if let isInHead { return isInHead }
    return StandardOutputSample.withBeginning(of: file) { decides($0) ?? false }
  }

  /// Whether this tool's mark comes first in `text`; `nil` where there is no mark of any.
  private func decides(_ text: UnsafeRawBufferPointer) -> Bool? {
    let codes = EscapeCodes()
    let plain = codes.removed(from: text)
    return withExtendedLifetime(codes) {
      guard let own = firstMark(in: plain) else {
        return Self.allCases.contains { $0.firstMark(in: plain) != nil } ? false : nil
      }
      return !Self.allCases.contains { other in
        other != self && other.firstMark(in: plain).map { $0 < own } ?? false
      }
    }
  }

  private func firstMark(in text: UnsafeRawBufferPointer) -> Int? {
    marks.compactMap { $0.place(in: text) }.min()
  }
}
