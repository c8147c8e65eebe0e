import Foundation
import Runs
import Testing

@Suite struct TrainingEventTests {
  private func text(_ event: TrainingEvent) throws -> String {
    String(decoding: try event.line(), as: UTF8.self)
  }

  private func parse(_ text: String) throws -> TrainingEvent? {
    try TrainingEvent.parse(Data(text.utf8))
  }

  private static func event(_ content: TrainingEvent.Content) -> TrainingEvent {
    TrainingEvent(step: 12, tokens: 98304, content)
  }

  /// Each event with its line, which other programs read.
  private static let lines: [(TrainingEvent, String)] = [
    (
      event(
        .train(
          TrainingEvent.Train(loss: 2.5, learningRate: 0.003, gradientNorm: 0.1, epoch: 0.25))),
      #"{"epoch":0.25,"gradient_norm":0.1,"kind":"train","learning_rate":0.003,"loss":2.5,"step":12,"tokens":98304}"#
    ),
    (
      event(.train(TrainingEvent.Train(loss: .nan, learningRate: 0, gradientNorm: .infinity))),
      #"{"kind":"train","learning_rate":0,"step":12,"tokens":98304}"#
    ),
    (
      event(
        .validation(TrainingEvent.Validation(loss: 1.75, standardError: 0.01, sequences: 1024))),
      #"{"kind":"validation","loss":1.75,"sequences":1024,"standard_error":0.01,"step":12,"tokens":98304}"#
    ),
    (
      event(
        .validation(TrainingEvent.Validation(loss: .infinity, standardError: .nan, sequences: 1))),
      #"{"kind":"validation","sequences":1,"step":12,"tokens":98304}"#
    ),
    (
      event(
        .telemetry(
          Telemetry(
            matrices: [
              Telemetry.Matrix(
                path: "blocks.0.feedForward.up", role: "hidden", rows: 8, columns: 4,
                learningRate: 0.01, weightDecay: 0.1, weightNorm: 2, weightRMS: 0.25,
                updateRMS: 0.003, directionRMS: .nan, displacement: 0.02, rateOverNorm: 0.005,
                cosine: nil, topSingularValue: 1.5, gradientNorm: 0.7, gradientNoiseScale: 4096)
            ], attention: [Telemetry.Attention(logitMaximum: 3.5, entropy: 1.25)],
            outputLogitRMS: 0.5, outputLogitMaximum: .infinity))),
      #"{"attention":[{"entropy":1.25,"logit_maximum":3.5}],"kind":"telemetry","matrices":[{"columns":4,"#
        + #""displacement":0.02,"gradient_noise_scale":4096,"gradient_norm":0.7,"learning_rate":0.01,"#
        + #""path":"blocks.0.feedForward.up","rate_over_norm":0.005,"role":"hidden","rows":8,"#
        + #""top_singular_value":1.5,"update_rms":0.003,"weight_decay":0.1,"weight_norm":2,"#
        + #""weight_rms":0.25}],"output_logit_rms":0.5,"step":12,"tokens":98304}"#
    ),
    (event(.checkpoint), #"{"kind":"checkpoint","step":12,"tokens":98304}"#),
    (
      event(.end(TrainingEvent.End(status: .finished, loss: 1.5, lossStandardError: 0.02))),
      #"{"kind":"end","loss":1.5,"loss_standard_error":0.02,"status":"finished","step":12,"tokens":98304}"#
    ),
    (
      event(
        .end(TrainingEvent.End(status: .diverged, divergedAt: 11, reason: "loss/gradient is nan"))),
      #"{"diverged_at":11,"kind":"end","reason":"loss/gradient is nan","status":"diverged","step":12,"tokens":98304}"#
    ),
    (
      event(.end(TrainingEvent.End(status: .diverged, loss: .nan, lossStandardError: .infinity))),
      #"{"kind":"end","status":"diverged","step":12,"tokens":98304}"#
    ),
  ]

  @Test("an event is one line of JSON, its keys in order", arguments: lines)
  func line(event: TrainingEvent, line: String) throws {
    #expect(try text(event) == line)
  }

  @Test("a line reads back as the event that wrote it", arguments: lines)
  func roundTrip(event: TrainingEvent, line: String) throws {
    #expect(try parse(line) == event)
  }

  @Test(
    "numbers read back to the bit",
    arguments: [
      0.1 + 0.2, .ulpOfOne, 1.0 / 3, 5.544_177_444_479_562, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude,
    ])
  func digits(number: Double) throws {
    let event = Self.event(
      .train(TrainingEvent.Train(loss: number, learningRate: number, gradientNorm: number)))
    #expect(try TrainingEvent.parse(try event.line()) == event)
  }

  @Test(
    "an unknown kind is no event, whatever else its line has",
    arguments: [
      #"{"kind":"weather","step":1,"tokens":2}"#, #"{"kind":"weather"}"#,
      #"{"kind":"Train","step":"x"}"#,
    ])
  func unknownKind(line: String) throws {
    #expect(try parse(line) == nil)
  }

  @Test("unknown keys are passed over")
  func unknownKeys() throws {
    let line = #"{"kind":"checkpoint","step":12,"tokens":98304,"host":"a","more":{"x":[1]}}"#
    #expect(try parse(line) == Self.event(.checkpoint))
  }

  @Test("null is as good as nothing")
  func null() throws {
    let line =
      #"{"kind":"validation","loss":null,"sequences":1,"standard_error":null,"step":12,"tokens":98304}"#
    let empty = TrainingEvent.Validation(loss: nil, standardError: nil, sequences: 1)
    #expect(try parse(line) == Self.event(.validation(empty)))
  }

  @Test(
    "what is no event is an error",
    arguments: [
      "", "{}", "7", #"{"kind":"train","step":1,"tokens":2}"#, #"{"kind":"checkpoint","step":1}"#,
      #"{"kind":"end","step":1,"tokens":2,"status":"lost"}"#,
      #"{"kind":"checkpoint","step":1.5,"tokens":2}"#, #"{"kind":7,"step":1,"tokens":2}"#,
      #"{"kind":"checkpoint","step":1,"tokens":2}{}"#,
    ])
  func noEvent(line: String) {
    #expect(throws: (any Error).self) { try parse(line) }
  }
}
