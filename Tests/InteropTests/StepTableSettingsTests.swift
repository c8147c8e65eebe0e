import Foundation
import Interop
import Support
import Testing

@Suite struct StepTableSettingsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ table: String, beside hparams: String? = nil) throws -> RunLog {
    let path = try folder.write(table, to: "metrics.csv")
    if let hparams { try folder.write(hparams, to: "hparams.yaml") }
    let importer = try #require(RunImporters.all.first { $0.kind == "steps" })
    let reader = try importer.reader(of: LogPlace(path: path, files: [path])) { _ in true }
    try reader.advance { _ in }
    return try #require(reader.logs.first)
  }

  @Test("columns that never change are settings, a rate that decays is none")
  func constantColumns() throws {
    let log = try read("step,loss,lr,batch_size\n1,5,0.1,64\n2,4,0.05,\n3,3,0.01,64\n")
    #expect(log.settings["batch_size"]?.value == .number(64))
    #expect(log.settings["lr"] == nil)
    #expect(log.series("lr")?.values == [0.1, 0.05, 0.01])
  }

  @Test("what hparams.yaml sets is not replaced by a column of its name")
  func hyperparameters() throws {
    let log = try read("step,loss,lr\n1,5,0.01\n", beside: "lr: 0.1\n")
    #expect(log.settings["lr"]?.value == .number(0.1))
  }
}
