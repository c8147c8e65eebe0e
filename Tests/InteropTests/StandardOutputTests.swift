import Foundation
import Interop
import Runs
import Support
import Testing

@Suite struct StandardOutputTests {
  /// What only one tool prints.
  private static let samples: [(kind: String, text: String)] = [
    (
      "megatron",
      " iteration        1/     100 | consumed samples:            8 | lm loss: 1.0E+01 |\n"
    ),
    ("megatron", "------------------------ arguments ------------------------\n  lr ... 1\n"),
    ("torchtitan", "[rank0]:[titan] 2025 - root - INFO - Starting job: debug\n"),
    (
      "torchtitan",
      "2024 - root - INFO - \u{1b}[36mstep: 1  \u{1b}[32mloss: 8.1  memory: 1GiB(1%)\n"
    ),
    ("nanogpt", "tokens per iteration will be: 491,520\n"),
    ("nanogpt", "step 0: train loss 4.2874, val loss 4.2823\n"),
    ("llmc", "s:0 tel:10.9\ns:0 trl:11.0 lr:0.000003 norm:15.39\n"),
    ("llmc", "step    1/21479 | loss 11.007906 (+nanz)| norm 16.3235 (+nanz)\n"),
    ("nanochat", "step 00000/21400 (0.00%) | loss: 11.090355 | lrm: 1.00\n"),
    ("nanochat", "Step 00000 | Validation bpb: 3.312345\n"),
  ]

  @Test("a log is of the tool that wrote it, and of no other", arguments: 0..<10)
  func recognized(index: Int) throws {
    let (kind, text) = Self.samples[index]
    #expect(try ReadLog.kinds(of: text) == [kind])
    #expect(try ReadLog.kinds(of: text, named: "output") == [kind])
    #expect(try ReadLog.kinds(of: text, named: "notes.md") == [])
  }

  @Test("a log is recognized behind what a job prints before it", arguments: 0..<10)
  func behindNoise(index: Int) throws {
    let (kind, text) = Self.samples[index]
    let noise = String(repeating: "Loading module gcc/12 for the job\n", count: 5_000)
    for name in ["slurm-123.out", "train.log", "slurm-17_3"] {
      #expect(try ReadLog.kinds(of: noise + text, named: name) == [kind])
    }
    #expect(try ReadLog.kinds(of: noise + text, named: "anything.dat") == [])
  }

  @Test("of two tools' marks in one file, the first decides")
  func firstMark() throws {
    for (first, second) in zip(Self.samples, Self.samples.dropFirst(2)) {
      #expect(try ReadLog.kinds(of: first.text + second.text) == [first.kind])
    }
  }

  @Test("other text, and what is no text, is nobody's")
  func others() throws {
    #expect(try ReadLog.kinds(of: "step 1 of 3: install\nloss: 3\n") == [])
    #expect(try ReadLog.kinds(of: "") == [])
    #expect(try ReadLog.kinds(of: "\0" + Self.samples[0].text) == [])
  }

  @Test("what W&B keeps beside its own record is not read twice")
  func trackersCopy() throws {
    let folder = try TemporaryFolder()
    let run = "wandb/offline-run-20240102_030405-abc"
    let text = Self.samples[0].text
    let path = folder.file("\(run)/files/output.log")
    try FileManager.default.createDirectory(
      atPath: folder.file("\(run)/files"), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
    let file = LogFile(path: path, bytes: text.utf8.count, head: Array(text.utf8))
    #expect(MegatronImporter().recognizes(file))
    try Data().write(to: URL(filePath: folder.file("\(run)/run-abc.wandb")))
    #expect(!MegatronImporter().recognizes(file))
  }
}
