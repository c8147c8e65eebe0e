import GRDB

extension StudyStore {
  /// The tables, step by step; a step that was released is never changed.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.create(table: "study") { table in
        table.primaryKey("only", .integer).check { $0 == 1 }
        table.column("description", .jsonText).notNull()
        table.column("corpus_digest", .text).notNull()
      }
      try database.create(table: "work") { table in
        table.primaryKey("only", .integer).check { $0 == 1 }
        table.column("tokens", .integer).notNull()
        table.column("seconds", .double).notNull()
      }
      try database.create(table: "runs") { table in
        table.primaryKey("id", .text)
        table.column("position", .integer)
        table.column("role", .text).notNull()
        table.column("trunk", .text).indexed()
        table.column("branch_step", .integer)
        table.column("description", .jsonText).notNull()
        table.column("params_total", .integer).notNull()
        table.column("params_non_embedding", .integer).notNull()
        table.column("operations_per_token", .double).notNull()
        table.column("learning_rate", .double).notNull()
        table.column("tokens", .integer).notNull()
        table.column("batch_tokens", .integer).notNull()
        table.column("seed", .integer).notNull()
        table.column("state", .text)
        table.column("step", .integer).notNull().defaults(to: 0)
        table.column("loss", .double)
        table.column("loss_standard_error", .double)
        table.column("record", .jsonText)
      }
      try database.create(table: "predictions") { table in
        table.primaryKey("runs_digest", .text)
        table.column("learning_rate", .double).notNull()
        table.column("optimum", .double).notNull()
        table.column("lower", .double).notNull()
        table.column("upper", .double).notNull()
        table.column("confidence", .double).notNull()
        table.column("law", .text).notNull()
      }
    }
    migrator.registerMigration("2") { database in
      try database.create(table: "imports") { table in
        table.primaryKey("id", .text)
        table.column("kind", .text).notNull()
        table.column("source", .text).notNull()
        table.column("status", .text).notNull()
        table.column("params", .double).notNull()
        table.column("tokens", .double).notNull()
        table.column("learning_rate", .double).notNull()
        table.column("loss", .double)
        table.column("record", .jsonText).notNull()
      }
    }
    return migrator
  }
}
