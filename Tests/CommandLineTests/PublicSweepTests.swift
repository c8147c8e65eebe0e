import Foundation
import Support
import Testing

/// The main job on sweeps that others measured; skipped where their tables are not at hand.
@Suite struct PublicSweepTests {
  private static let data = URL(fileURLWithPath: #filePath)
    .appending(path: "../../../../shared/data").standardizedFileURL.path

  /// A public table, how to read it, and a target of about ten times its largest compute.
  struct Sweep: CustomTestStringConvertible {
    var file: String
    var map: String
    var params: String
    var tokens: String
    var located: Int
    var cells: Int

    var path: String { PublicSweepTests.data + "/" + file }
    var testDescription: String { file }

    static let all = [
      Sweep(
        file: "steplaw/dense_lr_bs_loss.csv",
        map: "params=N,tokens=D,learning_rate=lr,loss=smooth loss,batch_tokens=bs*2048",
        params: "3.4B", tokens: "180B", located: 16, cells: 17),
      Sweep(
        file: "oellm/loss_post_annealing_50M_to_600M.csv",
        map:
          "params=N,tokens=D,learning_rate=lr,batch_tokens=gbsz*4096,loss_standard_error=loss_se",
        params: "1.86B", tokens: "950B", located: 30, cells: 36),
    ]

    static let areHere = all.allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
  }

  @Test(
    "a public sweep gives a law that predicts its largest runs",
    .enabled(if: Sweep.areHere, "the public tables are not beside the repository"),
    arguments: Sweep.all)
  func mainJob(sweep: Sweep) throws {
    let folder = try TemporaryFolder()
    let fit = try VernierProcess(
      ["fit", sweep.path, "--map", sweep.map, "--output", "law.json"], in: folder.path)
    #expect(fit.status == 0, "\(fit.errors)")
    let law = try #require(
      try JSONSerialization.jsonObject(with: Data(try folder.read("law.json").utf8))
        as? [String: Any])
    let cells = try #require(law["cells"] as? [[String: Any]])
    #expect(cells.count == sweep.cells)
    #expect(cells.filter { $0["status"] as? String == "located" }.count >= sweep.located)
    let holdOut = try #require(law["hold_out"] as? [String: Any])
    let held = try #require(holdOut["cells"] as? [[String: Any]])
    let penalties = held.compactMap { $0["penalty_percent"] as? Double }
    #expect(penalties.count == held.count && penalties.reduce(0, +) / Double(held.count) < 0.1)

    let answer = try VernierProcess(
      [
        "recommend", "--law", "law.json", "--params", sweep.params, "--tokens", sweep.tokens,
        "--format", "json",
      ], in: folder.path)
    let fields = try #require(
      try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
    let rate = try #require(fields["learning_rate"] as? Double)
    let lower = try #require(fields["lower"] as? Double)
    let upper = try #require(fields["upper"] as? Double)
    #expect((lower...upper).contains(rate))
    #expect((1e-4...5e-3).contains(rate))
  }
}
