import ArgumentParser

@main
struct Vernier: ParsableCommand {
  private static let version = "0.1.0"

  /// What pages and files name as the program that made them.
  static let nameAndVersion = "vernier \(version)"

  static let configuration = CommandConfiguration(
    commandName: "vernier",
    abstract:
      "Read the small scale, set the large one: the learning rate for a run you cannot sweep.",
    discussion: """
      Fit a law to cheap runs, then ask it for the run you care about:

        vernier fit runs.csv --output law.json
        vernier recommend --law law.json --params 7B --tokens 1T
        vernier report --law law.json --params 7B --tokens 1T --output report.html
      """,
    version: version,
    subcommands: [
      Quickstart.self, Sweep.self, Train.self, Import.self, Export.self, Fit.self, Recommend.self,
      Plan.self, Batch.self,
      Curves.self, RangeTest.self, Diagnose.self, Report.self, ListOptimizers.self,
    ])
}
