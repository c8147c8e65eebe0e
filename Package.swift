// swift-tools-version: 6.2

import PackageDescription

/// Every target is held to the same language: no warning, no implicit import, no hidden existential.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "vernier",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "vernier", targets: ["CommandLine"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(
      name: "Parametrizations",
      dependencies: [.product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: settings),
    .target(
      name: "Runs",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "RealModule", package: "swift-numerics"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .systemLibrary(
      name: "CLAPACK", pkgConfig: "lapacke",
      providers: [.apt(["liblapacke-dev"]), .brew(["lapack"])]),
    .systemLibrary(
      name: "CNLopt", pkgConfig: "nlopt",
      providers: [.apt(["libnlopt-dev"]), .brew(["nlopt"])]),
    .target(
      name: "ScalingLaws",
      dependencies: [
        "Runs", "CLAPACK", "CNLopt",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "CKernels",
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "Tensors", dependencies: ["CKernels"], swiftSettings: settings),
    .target(
      name: "ProxyModels", dependencies: ["Parametrizations", "Runs", "Tensors"],
      swiftSettings: settings),
    .target(
      name: "Optimizers", dependencies: ["Parametrizations", "Runs", "Tensors"],
      swiftSettings: settings),
    .target(
      name: "Training",
      dependencies: ["Parametrizations", "Runs", "Tensors", "ProxyModels", "Optimizers"],
      swiftSettings: settings),
    .target(
      name: "Interop",
      dependencies: [
        "Runs", "ScalingLaws",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .target(
      name: "Studies",
      dependencies: [
        "Interop", "Optimizers", "Parametrizations", "ProxyModels", "Runs", "ScalingLaws",
        "Tensors", "Training",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: [
        "Runs", "ScalingLaws", "Optimizers", "Studies",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "CommandLine",
      dependencies: [
        "Runs", "ScalingLaws", "Parametrizations", "Tensors", "Optimizers", "Training", "Interop",
        "Studies", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(name: "Support", path: "Tests/Support", swiftSettings: settings),
    .testTarget(
      name: "TensorsTests", dependencies: ["CKernels", "Tensors", "Runs"], swiftSettings: settings),
    .testTarget(
      name: "ProxyModelsTests",
      dependencies: ["ProxyModels", "Parametrizations", "Runs", "Tensors"],
      exclude: ["Golden"], swiftSettings: settings),
    .testTarget(
      name: "ParametrizationsTests", dependencies: ["Parametrizations"], swiftSettings: settings),
    .testTarget(
      name: "OptimizersTests", dependencies: ["Optimizers", "Parametrizations", "Runs", "Tensors"],
      exclude: ["Golden", "Python"], swiftSettings: settings),
    .testTarget(
      name: "OracleTests",
      dependencies: [
        "Optimizers", "Parametrizations", "ProxyModels", "Runs", "Support", "Tensors", "Training",
      ],
      exclude: ["Python"], swiftSettings: settings),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "Optimizers", "Parametrizations", "ProxyModels", "Runs", "Support",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "RunsTests", dependencies: ["Runs", "Support"], swiftSettings: settings),
    .testTarget(
      name: "InteropTests",
      dependencies: [
        "Interop", "Runs", "ScalingLaws", "Support",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      exclude: ["Fixtures", "Python"], swiftSettings: settings),
    .testTarget(
      name: "ScalingLawsTests",
      dependencies: [
        "ScalingLaws", "Runs", "Support",
        .product(name: "Numerics", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "StudiesTests",
      dependencies: [
        "Studies", "Interop", "Optimizers", "Parametrizations", "Runs", "ScalingLaws", "Support",
        "Tensors", "Training",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CommandLineTests", dependencies: ["Support", "CommandLine"],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests", dependencies: ["Reports", "Runs", "ScalingLaws", "Studies"],
      swiftSettings: settings),
  ]
)
