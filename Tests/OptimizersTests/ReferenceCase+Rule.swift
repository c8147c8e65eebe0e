import Optimizers
import Parametrizations

extension ReferenceCase {
  private var betas: (Double, Double) { (number("beta1"), number("beta2")) }

  private var orthogonalMomentum: OrthogonalMomentum {
    OrthogonalMomentum(
      kept: number("momentum"), isNesterov: flag("nesterov"),
      newtonSchulz: NewtonSchulz(steps: optional("newton_schulz_steps").map { Int($0) } ?? 5))
  }

  /// Our rule of the case's name with its settings; `nil` for what we do not have.
  func rule() -> (any Optimizer)? {
    let (beta1, beta2) = betas
    switch optimizer {
    case "adamw": return AdamW(beta1: beta1, beta2: beta2, isCoupled: isCoupled)
    case "adam-atan2":
      return AdamAtan2(beta1: beta1, beta2: beta2, scale: number("a"), slope: number("b"))
    case "sgd":
      return SGD(
        momentum: number("momentum"), dampening: number("dampening"), isNesterov: flag("nesterov"),
        isCoupled: isCoupled)
    case "lion": return Lion(beta1: beta1, beta2: beta2)
    case "adafactor":
      return Adafactor(
        beta2Decay: number("beta2_decay"),
        epsilon1: optional("epsilon1") ?? Double(Float.ulpOfOne), epsilon2: number("epsilon2"),
        clip: number("clip"), beta1: optional("beta1"), isScaled: flag("scaled"),
        form: settings["capped"] == nil ? .transformers : .pytorch)
    case "muon" where settings["norm"] != nil: return scion
    case "muon":
      return Muon.Scale(rawValue: text("scale")).map {
        Muon(momentum: orthogonalMomentum, scale: $0)
      }
    case "normuon":
      let scale: NorMuon.Scale? =
        text("scale") == "rms 0.2"
        ? .rootMeanSquare : Muon.Scale(rawValue: text("scale")).map { .asMuon($0) }
      return scale.map {
        NorMuon(
          momentum: orthogonalMomentum, beta2: number("beta2"), epsilon: number("epsilon"),
          scale: $0)
      }
    case "adamh": return AdamH(beta1: beta1, beta2: beta2)
    case "muonh": return MuonH(momentum: orthogonalMomentum)
    case "scion": return scion
    case "schedule-free-adamw":
      return ScheduleFreeAdamW(
        beta1: beta1, beta2: beta2, stepPower: number("r"), ratePower: number("weight_power"))
    case "d-adaptation":
      return DAdaptation(
        beta1: beta1, beta2: beta2, firstDistance: number("d0"),
        growth: optional("growth_rate") ?? .infinity, isBiasCorrected: flag("bias_corrected"),
        isCoupled: isCoupled)
    case "prodigy":
      return Prodigy(
        beta1: beta1, beta2: beta2, beta3: optional("beta3"), firstDistance: number("d0"),
        distanceScale: number("d_coefficient"), growth: optional("growth_rate") ?? .infinity,
        isBiasCorrected: flag("bias_corrected"), guardsWarmup: flag("safeguard_warmup"),
        isCoupled: isCoupled)
    case "adam-mini" where settings["heads"] != nil: return AdamMini(beta1: beta1, beta2: beta2)
    case "adam-mini":
      let blocks = members("blocks").mapValues { Int($0.numbers.first ?? 1) }
      return AdamMini(beta1: beta1, beta2: beta2) { spec in
        let name = ReferenceProblem.name(of: spec)
        return blocks[name] ?? 1
      }
    case "sgd-sai": return SGDSaI(momentum: number("momentum"))
    case "momo":
      return MoMo(
        beta1: number("beta"), beta2: nil, lowerBound: number("lower_bound"),
        estimatesLowerBound: flag("estimates_lower_bound"), isBiasCorrected: flag("bias_corrected"))
    // Decay before the step is theirs alone, and no part of the method.
    case "momo-adam" where text("decay") == "decoupled": return nil
    case "momo-adam":
      return MoMo(
        beta1: beta1, beta2: beta2, lowerBound: number("lower_bound"),
        estimatesLowerBound: flag("estimates_lower_bound"))
    case "dion": return Dion(momentum: number("momentum"), rankFraction: number("rank") / 4)
    default: return nil
    }
  }

  private var scion: Scion {
    let (norm, radius, options) = (text("norm"), number("radius"), members("options"))
    @Sendable func isSet(_ key: String) -> Bool {
      if case .flag(let flag)? = options[key] { flag } else { false }
    }
    return Scion(momentum: number("momentum"), isConstrained: flag("constrained")) { role in
      let found: Scion.Norm =
        switch norm {
        case "auto": role == .norm ? .vector : .spectral
        case "spectral": isSet("max_scale") ? .spectralAtLeastOne : .spectral
        case "sign": options["normalize"] == nil ? .sign : .plainSign
        case "column": isSet("transpose") ? .lookup : .column
        default: .row
        }
      return Scion.Ball(found, radius: radius)
    }
  }
}

/// The tensors of the reference problem as parameters of a model.
enum ReferenceProblem {
  static func spec(
    _ name: String, _ shape: [Int], as role: ParameterRole = .hidden, heads: Int? = nil
  ) -> ParameterSpec {
    guard shape.count == 2 else {
      return ParameterSpec(role: .norm, shape: ParameterShape(fanOut: shape[0], fanIn: 1))
    }
    return ParameterSpec(
      role: role,
      shape: role == .embedding
        ? ParameterShape(fanOut: shape[1], fanIn: shape[0])
        : ParameterShape(fanOut: shape[0], fanIn: shape[1]), heads: heads)
  }

  static func name(of spec: ParameterSpec) -> String {
    if spec.role == .norm { return "vector" }
    return spec.shape.fanOut < spec.shape.fanIn ? "wide" : "tall"
  }
}
