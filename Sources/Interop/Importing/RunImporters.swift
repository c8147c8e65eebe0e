/// Every importer, in the order in which they are asked whether a file is theirs.
///
/// What owns a folder comes before what may lie in it.
package enum RunImporters {
  package static let all: [any RunImporter] =
    [
      WandBImporter(), HuggingFaceImporter(), MLflowImporter(),
      TensorBoardImporter(), MegatronImporter(), TorchtitanImporter(), NanoGPTImporter(),
      LLMCImporter(), NanochatImporter(),
    ] + TablePreset.all.map(RunTableImporter.init) + [RunTableImporter(), StepTableImporter()]
}
